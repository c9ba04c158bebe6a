"""What the manifest says of a plan and of what came of it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from geoplantnet_plugin.engine.assessment.manifest import (
    MANIFEST,
    Band,
    CoverageEntry,
    GridEntry,
    IndicatorEntry,
    Manifest,
    ScoreSourceEntry,
    SetRuleEntry,
    SpeciesEntry,
)
from geoplantnet_plugin.engine.assessment.outputs import COVERAGE, GPKG, SPECIES, Summary, indicator_file
from geoplantnet_plugin.engine.assessment.planning import Plan
from geoplantnet_plugin.engine.assessment.rasters import encoding_of
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.job import AssessJob
from geoplantnet_plugin.engine.models.package import sha256

LIBRARIES = ("numpy", "onnxruntime", "rasterio", "shapely", "pyproj", "geopandas")
SIMULATED_TAG = "SIMULATED"
"""A raster with this tag set to ``yes`` is made up, and so is every assessment made of it."""


def first_manifest(job: AssessJob, plan: Plan, done: int) -> Manifest:
    """Return the manifest of an assessment that has begun, `done` of its blocks being scored."""
    card = plan.package.card
    return Manifest(
        title=f"{job.out.name} ({card.title})", created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        state="unfinished", simulated=card.simulated or is_simulated(plan.cube),
        area={"hectares": round(plan.area.hectares, 2), "cells": plan.cells, "file": GPKG, "layer": "area"},
        grid=_grid_entry(plan),
        score_source=ScoreSourceEntry(
            "model", card.name, card.title, card.version, plan.package.digest, card.scale.value, card.licence,
            card.attribution, len(plan.context.taxa)),
        set_rule=SetRuleEntry(plan.rule.id, plan.rule.params, plan.rule.sentence()),
        predictors=[_predictor_entry(binding) for binding in plan.cube.bindings],
        blocks={"total": len(plan.blocks), "done": done},
        job={"digest": plan.digest, "area": job.area, "model": job.model, "predictors": list(job.predictors),
             "set_rule": job.set_rule, "resolution": job.resolution},
        software=software())


def species_entry(plan: Plan, bands: list[Band]) -> SpeciesEntry:
    """Describe ``species.tif``."""
    encoding = encoding_of(plan.context.scale)
    return SpeciesEntry(SPECIES, plan.context.scale.value, encoding.scale, encoding.below, encoding.nodata,
                        plan.keep, bands)


def coverage_entry(plan: Plan, summary: Summary) -> CoverageEntry:
    """Describe the coverage table and the cells behind it."""
    return CoverageEntry(COVERAGE, summary.cells, plan.cells, 1 - summary.cells / plan.cells,
                         summary.outside / summary.cells, summary.mean_richness)


def indicator_entry(indicator: Indicator, context: Context) -> IndicatorEntry:
    """Describe one indicator layer."""
    classes = [{"value": entry.value, "code": entry.code, "label": entry.label(), "colour": entry.colour}
               for entry in indicator.classes]
    return IndicatorEntry(
        indicator.id, indicator.title(), indicator.definition(), indicator.reference, indicator.unit(),
        indicator.kind, indicator_file(indicator), indicator.bounds(context), indicator.known(context), classes)


def is_simulated(cube: CubePlan) -> bool:
    """Whether any raster behind the cube says that it is simulated."""
    import rasterio

    for path in {binding.band.path for binding in cube.bindings}:
        with rasterio.open(path) as dataset:
            if dataset.tags().get(SIMULATED_TAG, "").lower() == "yes":
                return True
    return False


def software() -> dict[str, str]:
    """Return the versions that made an assessment."""
    return {"python": platform.python_version(), "geoplantnet": _version("geoplantnet-engine"),
            **{name: _version(name) for name in LIBRARIES}}


def checksums(folder: Path, files: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of the assessment's files, by relative path."""
    return {file: sha256(folder / file) for file in files}


def files_of(folder: Path) -> list[str]:
    """Return the relative paths of all finished files but the manifest."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                  if path.is_file() and not path.name.startswith(".") and path.suffix != ".npz"
                  and path.name != MANIFEST)


def tags_of(plan: Plan, simulated: bool) -> dict[str, str]:
    """Return the tags that every raster of the assessment carries."""
    card = plan.package.card
    tags = {"model": f"{card.name} {card.version}", "licence": card.licence,
            "effective_resolution_m": f"{plan.effective_resolution:g}"}
    return {**tags, SIMULATED_TAG: "yes"} if simulated else tags


def _grid_entry(plan: Plan) -> GridEntry:
    grid = plan.grid
    return GridEntry(grid.crs, grid.resolution, grid.left, grid.top, grid.height, grid.width,
                     round(plan.effective_resolution, 1))


def _predictor_entry(binding: Binding) -> dict[str, Any]:
    return {"name": binding.label, "source": binding.band.path, "band": binding.band.index, "crs": binding.crs,
            "resolution": round(binding.resolution, 2), "resampling": str(binding.resampling), "unit": binding.unit,
            "coverage": round(binding.coverage, 2)}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
