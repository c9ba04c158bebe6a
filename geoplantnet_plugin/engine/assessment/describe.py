"""What the manifest says of a plan and of what came of it."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from geoplantnet_plugin.common.assessment import (
    COVERAGE,
    RANKS_LIST,
    RANKS_TABLE,
    SPECIES,
    SURVEY_LIST,
    SURVEY_TABLE,
    TABLES,
    UNFINISHED,
)
from geoplantnet_plugin.common.jobs import AssessJob, as_document
from geoplantnet_plugin.common.messages import Message, messages_of
from geoplantnet_plugin.engine.assessment.folder import own_files
from geoplantnet_plugin.engine.assessment.manifest import (
    AbsentIndicator,
    ClassEntry,
    CoverageEntry,
    GridEntry,
    IndicatorEntry,
    Manifest,
    RanksEntry,
    SetRuleEntry,
    SpeciesBand,
    SpeciesEntry,
    SurveyEntry,
)
from geoplantnet_plugin.engine.assessment.outputs import Summary, indicator_file
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.rasters import encoding_of
from geoplantnet_plugin.engine.cube.sources import SIMULATED_TAG
from geoplantnet_plugin.engine.indicators import Context, Indicator, absent
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL
from geoplantnet_plugin.engine.models.package import checksum
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.survey.listing import FLOOR, GROUPS, Entry
from geoplantnet_plugin.engine.survey.plan import SurveyPlan

LIBRARIES = ("numpy", "onnxruntime", "rasterio", "shapely", "pyproj", "geopandas")


def first_manifest(job: AssessJob, plan: Plan, done: int) -> Manifest:
    """Return the manifest of an assessment that has begun, `done` of its blocks being scored."""
    origin = plan.source.origin
    return Manifest(
        title=f"{job.name or job.out.name} ({origin.title})",
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        state=UNFINISHED, simulated=plan.source.simulated,
        area={"hectares": round(plan.area.hectares, 2), "cells": plan.cells, "file": TABLES, "layer": "area"},
        grid=_grid_entry(plan),
        score_source=replace(origin, scale=Scale.RELATIVE.value) if plan.ranked else origin,
        set_rule=_rule_entry(plan),
        predictors=plan.source.predictors, model=dict(plan.source.statements.about),
        blocks={"total": len(plan.blocks), "done": done},
        job={"digest": plan.digest, **as_document(job)}, software={**software(), **plan.source.software})


def species_entry(plan: Plan, bands: list[SpeciesBand]) -> SpeciesEntry:
    """Describe ``species.tif``."""
    encoding = encoding_of(plan.context.scale)
    return SpeciesEntry(SPECIES, plan.context.scale.value, encoding.scale, encoding.below, encoding.nodata,
                        plan.keep, bands)


def coverage_entry(plan: Plan, summary: Summary, edge_share: float) -> CoverageEntry:
    """Describe the coverage table and the cells behind it, of which `edge_share` lie at the edge of the domain."""
    return CoverageEntry(COVERAGE, summary.cells, plan.cells, 1 - summary.cells / plan.cells,
                         summary.outside / summary.cells, summary.mean_richness, edge_share, summary.richness)


def survey_entry(plan: Plan, survey: SurveyPlan, entries: Sequence[Entry]) -> SurveyEntry:
    """Describe the survey list."""
    counts = Counter(entry.group for entry in entries if not entry.species.weak)
    asked = survey.asked
    return SurveyEntry(SURVEY_LIST, SURVEY_TABLE, plan.pool, plan.grid.resolution,
                       {group: counts[group] for group in GROUPS}, FLOOR, survey.squares.codes, survey.squares.outside,
                       asked.habitats, asked.altitude, bool(asked.months))


def ranks_entry(plan: Plan, survey: SurveyPlan, taxa: int) -> RanksEntry:
    """Describe the ranks of cells."""
    return RanksEntry(RANKS_LIST, RANKS_TABLE, plan.side, taxa, survey.squares.codes)


def indicator_entry(indicator: Indicator, context: Context) -> IndicatorEntry:
    """Describe one indicator layer."""
    title, definition, unit = indicator.title(), indicator.definition(), indicator.unit()
    return IndicatorEntry(
        indicator.id, str(title), str(definition), indicator.reference, str(unit), indicator.kind,
        indicator_file(indicator), indicator.bounds(context), indicator.known(context),
        [ClassEntry.of(entry.value, entry.code, entry.label(), entry.colour) for entry in indicator.classes],
        messages_of(title=title, definition=definition, unit=unit))


def absent_entries(plan: Plan) -> list[AbsentIndicator]:
    """Say which indicators could not be computed, and why."""
    return [AbsentIndicator(indicator.id, str(indicator.title()), str(reason),
                            messages_of(title=indicator.title(), reason=reason))
            for indicator, reason in absent(plan.indicators, plan.context)]


def uncertainty_entries(indicator: Indicator, context: Context) -> list[IndicatorEntry]:
    """Describe the layers that say how sure an indicator is."""
    return [_uncertainty_entry(indicator, layer, context) for layer in indicator.uncertainty_layers(context)]


def _uncertainty_entry(indicator: Indicator, layer: str, context: Context) -> IndicatorEntry:
    percent = {"percent": round(100 * LEVEL)}
    title = Message(f"uncertainty_{layer}", {"title": indicator.title(), **percent})
    definition = Message(f"uncertainty_{layer}_definition", percent)
    unit = "" if layer == "probability" else indicator.unit()
    return IndicatorEntry(
        f"{indicator.id}_{layer}", str(title), str(definition), "docs/indicators.md", str(unit), "continuous",
        indicator_file(indicator, layer), (0.0, 1.0) if layer == "probability" else indicator.bounds(context),
        indicator.known(context), [], messages_of(title=title, definition=definition, unit=unit))


def software() -> dict[str, str]:
    """Return the versions that made an assessment."""
    return {"python": platform.python_version(), "geoplantnet": _version("geoplantnet-engine"),
            **{name: _version(name) for name in LIBRARIES}}


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the assessment's files, by relative path."""
    return {path.relative_to(folder).as_posix(): checksum(path) for path in own_files(folder)}


def tags_of(plan: Plan, simulated: bool) -> dict[str, str]:
    """Return the tags that every raster of the assessment carries."""
    origin = plan.source.origin
    tags = {"score_source": f"{origin.title} {origin.version}", "licence": origin.licence,
            "attribution": origin.attribution,
            "effective_resolution_m": f"{plan.effective_resolution:g}"}
    return {**tags, SIMULATED_TAG: "yes"} if simulated else tags


def _rule_entry(plan: Plan) -> SetRuleEntry:
    """Describe the set rule; neither a pool of species nor ranks are a set that is taken as present."""
    if plan.pool or plan.ranked:
        none = Message("rule_none" if plan.pool else "rule_ranks")
        return SetRuleEntry("none", {}, str(none), messages_of(text=none))
    sentence = plan.rule.sentence()
    return SetRuleEntry(plan.rule.id, plan.rule.params, str(sentence), messages_of(text=sentence))


def _grid_entry(plan: Plan) -> GridEntry:
    grid = plan.grid
    return GridEntry(grid.crs, grid.resolution, grid.left, grid.top, grid.height, grid.width,
                     round(plan.effective_resolution, 1))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
