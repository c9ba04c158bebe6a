"""The verdicts of an assessment: Species, Habitat, Conservation, Ecosystem, Threat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.manifest import Manifest
from geoplantnet_plugin.engine.assessment.verdicts.entries import FigureEntry, Sentence, VerdictEntry, sentence
from geoplantnet_plugin.engine.assessment.verdicts.figures import (
    FINE,
    first_of,
    layer_figure,
    names,
    source_of,
)
from geoplantnet_plugin.engine.assessment.verdicts.lists import lists_verdict
from geoplantnet_plugin.engine.assessment.verdicts.pool import pool_verdicts
from geoplantnet_plugin.engine.assessment.verdicts.ranks import ranks_verdicts
from geoplantnet_plugin.engine.coverage.table import CoverageRow, by_share
from geoplantnet_plugin.engine.indicators.base import COUNTED
from geoplantnet_plugin.engine.indicators.habitat import UNCLASSIFIED
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from geoplantnet_plugin.engine.taxa.territory import checked_country

ECOSYSTEM = ("richness", "shannon", "simpson", "tree_richness", "woody")
HALF = 50.0
MOST_TYPES = 5


def verdicts_of(folder: AssessmentFolder, country: str | None) -> list[VerdictEntry]:
    """Return the five verdicts for a site in `country`, which decides what lists are in force (None: not known)."""
    if folder.document.get("ranks"):
        return ranks_verdicts(folder)
    if folder.document["coverage"] is None:
        return pool_verdicts(folder)
    return [_species(folder), _habitat(folder), lists_verdict(folder, country, False), _ecosystem(folder),
            lists_verdict(folder, country, True)]


def with_verdicts(manifest: Manifest, path: Path, taxa: TaxaTable, rows: Sequence[CoverageRow]) -> Manifest:
    """Return the manifest of an assessment whose files are all in `path`, with what they come to."""
    folder = AssessmentFolder(path, asdict(manifest), taxa, tuple(rows))
    return replace(manifest, verdicts=verdicts_of(folder, checked_country(manifest.job.get("country"))))


def _species(folder: AssessmentFolder) -> VerdictEntry:
    rows, known = by_share(folder.coverage), len(folder.taxa)
    wide = [row.taxon for row in rows if row.main >= HALF]
    survey, coverage = folder.document.get("survey"), folder.document["coverage"]
    told = [sentence("survey_verdict" if survey else "species_verdict", present=len(rows), known=known)]
    figures = [FigureEntry.of(Message("report_figure_present", {"known": known}), len(rows), "", *source_of(folder))]
    richness, mean = coverage.get("richness") or {}, float(coverage["mean_richness"])
    if not survey and richness.get("expected") is not None:
        told.append(sentence("richness_expected", expected=_estimate(richness), mean=mean))
        figures.append(FigureEntry.of(
            Message("report_figure_richness"), richness["expected"], "", *source_of(folder),
            (richness.get("low"), richness.get("high")), 1))
    elif not survey:
        told.append(sentence("richness_sets", mean=mean))
    told.append(sentence(("species_" if folder.expected else "sets_") + ("wide" if wide else "no_wide"),
                         count=len(wide), names=names(wide)))
    return VerdictEntry("species", True, [*told, *([sentence("survey_absent")] if survey else [])], figures)


def _estimate(richness: Mapping[str, Any]) -> Message | float:
    """Return an estimate with its interval, where one is stated."""
    value, low, high = (richness.get(key) for key in ("expected", "low", "high"))
    return float(value or 0.0) if low is None or high is None else Message(
        "report_estimate", {"value": value, "low": low, "high": high})


def _habitat(folder: AssessmentFolder) -> VerdictEntry:
    if "habitat" not in folder.layers:
        return VerdictEntry("habitat", False, [sentence("habitat_verdict")], remedy=[sentence("habitat_remedy")])
    shares = folder.shares("habitat")
    labels = {int(entry["value"]): str(entry["label"]) for entry in folder.layers["habitat"]["classes"]}
    types = sorted(((value, share) for value, share in shares.items() if value != UNCLASSIFIED and share > 0),
                   key=lambda item: -item[1])
    if not types:
        return VerdictEntry("habitat", True, [sentence("habitat_unclassified")])
    named = [Message("report_habitat_share", {"name": labels.get(value, str(value)), "share": share})
             for value, share in types]
    figures = [FigureEntry.of(Message("report_figure_habitat", {"name": labels.get(value, str(value))}), share, "%",
                              *source_of(folder), decimals=1) for value, share in types[:MOST_TYPES]]
    return VerdictEntry("habitat", True, [sentence("habitat_found", names=first_of(named, MOST_TYPES),
                                                   unclassified=shares.get(UNCLASSIFIED, 0.0))], figures)


def _told(folder: AssessmentFolder, id: str, mean: float) -> list[Sentence]:
    """Return what the sets come to by an indicator, of how many taxa it knows anything, and what is expected."""
    known = int(folder.layers[id]["known"])
    told = [sentence(f"ecosystem_{id}", mean=mean, known=known, taxa=len(folder.taxa))]
    middle, low, high = (folder.statistics(f"{id}_{layer}") for layer in COUNTED)
    if middle and low and high:
        scale = 100 if id == "woody" else 1
        form = "percent" if id == "woody" else "fine" if id in FINE else "coarse"
        told.append(sentence(f"ecosystem_expected_{form}", expected=scale * middle.mean, low=scale * low.mean,
                             high=scale * high.mean))
    return told


def _ecosystem(folder: AssessmentFolder) -> VerdictEntry:
    told, figures = [], []
    for id in ECOSYSTEM:
        sets, figure = folder.statistics(id), layer_figure(folder, id)
        if sets and figure:
            told += _told(folder, id, 100 * sets.mean if id == "woody" else sets.mean)
            figures.append(figure)
    if not told:
        return VerdictEntry("ecosystem", False, [sentence("ecosystem_none")], remedy=[sentence("ecosystem_remedy")])
    return VerdictEntry("ecosystem", True, told, figures)
