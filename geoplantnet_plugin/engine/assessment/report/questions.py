"""The five questions: Species, Habitat, Conservation, Ecosystem, Threat."""

from __future__ import annotations

from collections import Counter

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.report import survey
from geoplantnet_plugin.engine.assessment.report.coverage import (
    ECOSYSTEM,
    areas_table,
    by_share,
    coverage_table,
    richness_text,
)
from geoplantnet_plugin.engine.assessment.report.listed import lists_section
from geoplantnet_plugin.engine.assessment.report.model import Section, Table
from geoplantnet_plugin.engine.assessment.report.section import MOST_ROWS, Draw, expected, section, sure
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.taxa import statuses

HALF = 50.0


def sections(folder: AssessmentFolder, country: str | None, text: Texts, draw: Draw) -> list[Section]:
    """Return the five sections."""
    return [_species(folder, text, draw), _habitat(folder, text, draw),
            lists_section(folder, country, text, draw, False), _ecosystem(folder, text, draw),
            lists_section(folder, country, text, draw, True)]


def _species(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    rows, known = by_share(folder.coverage), len(folder.taxa)
    wide = [row.taxon for row in rows if row.main >= HALF]
    coverage = folder.document["coverage"]
    verdict = [text("survey_verdict", present=len(rows), known=known)] if folder.document.get("survey") else [
        text("species_verdict", present=len(rows), known=known),
        richness_text(coverage.get("richness") or {}, float(coverage["mean_richness"]), text)]
    verdict.append(text("species_wide", count=len(wide), names=text.names(wide)) if wide else text("species_no_wide"))
    known_of = [text("species_known", known=known)]
    if folder.document.get("survey"):
        verdict.append(text("survey_absent"))
        known_of += survey.notes(folder, text)
    shown = _headline(folder)
    return section(text, "species", verdict, known_of,
                    [entry for entry in (coverage_table(folder, rows[:MOST_ROWS], text), areas_table(folder, text))
                     if entry.rows], draw(shown),
                    folder.title(shown, text.language) if shown in folder.layers else "",
                    sure(folder, text, shown))


def _headline(folder: AssessmentFolder) -> str:
    """Return the indicator whose map stands for the species: of records-based models their first, never richness."""
    indicators = folder.document["indicators"]
    return str(indicators[0]["id"]) if folder.document.get("survey") and indicators else "richness"


def _habitat(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    predicted = Counter(form for row in folder.coverage for form in statuses.growth_forms(row.taxon))
    known = Counter(form for taxon in folder.taxa for form in statuses.growth_forms(taxon))
    unknown = sum(not taxon.life_form for taxon in folder.taxa)
    table = Table(text("table_life_forms"), [text(f"column_{name}") for name in ("life_form", "predicted", "model")],
                  [[text(f"form_{form.replace(' ', '_').replace('-', '_')}"), str(predicted[form]), str(count)]
                   for form, count in known.most_common()], (40, 20, 20), frozenset((1, 2)))
    shares = folder.shares("habitat") if "habitat" in folder.layers else {}
    types = _habitat_types(folder, shares, text)
    verdict = _habitat_verdict(types, shares, text) if shares else text("habitat_verdict")
    return section(text, "habitat", [verdict],
                    [text("habitat_known", known=len(folder.taxa) - unknown, total=len(folder.taxa))],
                    [entry for entry in (types, table) if entry.rows], draw("habitat") if shares else None,
                    folder.title("habitat", text.language) if shares else "",
                    [text("habitat_table_sure") if shares else text("habitat_sure")])


def _habitat_types(folder: AssessmentFolder, shares: dict[int, float], text: Texts) -> Table:
    """Return the habitat types by the share of cells they have; empty where the assessment names none."""
    labels = {value: label for value, label, _ in folder.classes("habitat", text.language)} if shares else {}
    return Table(text("table_habitats"), [text("column_habitat"), text("column_cells_share")],
                 [[labels.get(value, str(value)), text.number(share)]
                  for value, share in sorted(shares.items(), key=lambda item: -item[1])], (60, 20), frozenset((1,)))


def _habitat_verdict(types: Table, shares: dict[int, float], text: Texts) -> str:
    named = [row for row in types.rows if row[0] != render("class_unclassified", {}, text.language)]
    if not named:
        return text("habitat_unclassified")
    return text("habitat_found", names="; ".join(f"{name} ({share} %)" for name, share in named[:5]),
                unclassified=shares.get(0, 0.0))


def _ecosystem(folder: AssessmentFolder, text: Texts, draw: Draw) -> Section:
    rows, verdict = [], []
    for id in ECOSYSTEM:
        found = folder.statistics(id)
        if found is None:
            continue
        decimals = 2 if id in ("shannon", "simpson", "woody") else 1
        rows.append([folder.title(id, text.language), folder.unit(id, text.language),
                     expected(folder, id, text, decimals),
                     *(text.number(value, decimals) for value in (found.mean, found.low, found.high))])
        verdict.append(text(f"ecosystem_{id}", mean=text.number(100 * found.mean if id == "woody" else found.mean,
                                                                0 if id == "woody" else decimals)))
    percent = round(100 * LEVEL)
    table = Table(text("table_ecosystem", percent=percent),
                  [text(f"column_{name}", percent=percent)
                   for name in ("indicator", "unit", "cell_expected", "rule_mean", "lowest", "highest")],
                  rows, (30, 20, 24, 12, 12, 12), frozenset((2, 3, 4, 5)))
    forms = sum(bool(taxon.life_form) for taxon in folder.taxa)
    known = [text("habitat_known", known=forms, total=len(folder.taxa))]
    if folder.document.get("survey"):
        known.append(text("pool_richness"))
    return section(text, "ecosystem", [" ".join(verdict)] if verdict else [text("ecosystem_none")], known,
                    [table] if rows else [],
                    draw("shannon"), folder.title("shannon", text.language) if "shannon" in folder.layers else "",
                    sure(folder, text, "shannon"))
