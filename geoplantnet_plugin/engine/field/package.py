"""Packing: from an assessment to the folder that a tablet takes along; the QGIS side adds basemap and project."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from geoplantnet_plugin.common.assessment import REPORT_PDF, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import (
    MOST_LAYERS,
    OTHER_LAYERS,
    PACKAGE,
    RASTERS,
    REPORT,
    TRACK,
    FieldGrid,
    FieldPackage,
    ascii_name,
)
from geoplantnet_plugin.common.jobs import PackRequest, ReportRequest
from geoplantnet_plugin.common.survey import GEOPACKAGE, PHOTOS
from geoplantnet_plugin.common.tables import cell_taxa
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report.make import make_report
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.holding import new_folder
from geoplantnet_plugin.engine.field.plan import make_plan
from geoplantnet_plugin.engine.field.rasters import write_rasters
from geoplantnet_plugin.engine.field.support import plot_area, support_of
from geoplantnet_plugin.engine.field.tables import expected_counts, write_tables
from geoplantnet_plugin.engine.field.weights import target_taxa

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MEGABYTE = 1_000_000
REPORT_BYTES = MEGABYTE
"""What a report that is not made yet is taken to weigh."""
TABLE_SHARE = 0.6
"""The survey's GeoPackage weighs at most so much of the assessment's: lists by cell are text."""


def identity(document: Mapping[str, Any]) -> str:
    """Return what tells an assessment from all others."""
    return f"{document.get('job', {}).get('digest', '')} {document['created']}"


def pack(request: PackRequest, reporter: Reporter) -> FieldPackage:
    """Write the package, without basemap and project, whole or not at all.

    Raises:
        EngineError: the assessment is unfinished, a species pool or without species, the plan is impossible, the
            folder exists, or the package is larger than the budget or the free space.
    """
    folder = open_folder(request.folder)
    if folder.document["coverage"] is None:
        raise EngineError("assessment_only_ranks" if folder.document.get("ranks") else "field_pool", folder=folder.path)
    country = folder.document.get("job", {}).get("country")
    targets = target_taxa(folder, country if isinstance(country, str) else None)
    species = _chosen(folder, request, targets)
    _refuse_too_large(folder, request, species, reporter)
    expected = expected_counts(folder, reporter)
    plan = make_plan(folder, request, targets, expected, reporter)
    plan["targets"] = _targets_at(folder, plan["cell"].tolist(), targets)
    about = _about(folder, request, len(plan))
    if request.out.exists():
        raise EngineError("field_exists", out=request.out)
    with new_folder(request.out) as out:
        rasters = write_rasters(out, folder, species, request.language, reporter)
        about = replace(about, rasters=rasters)
        write_tables(out / GEOPACKAGE, folder, plan, about.text(), targets, request.language, reporter)
        write_track(out / TRACK, plan)
        shutil.copyfile(_report(folder, request, reporter), out / REPORT)
        (out / PHOTOS).mkdir()
        about = replace(about, sizes=_sizes(out))
        if about.size > about.budget:
            raise EngineError("field_over_budget", size=about.size / MEGABYTE, budget=request.budget)
        (out / PACKAGE).write_text(about.text(), encoding="utf-8")
    return about


def _chosen(folder: AssessmentFolder, request: PackRequest, targets: Mapping[str, object]) -> list[str]:
    """Return the ids of the taxa whose maps go along: those asked for, or the listed and then the widespread ones."""
    rows = [row.taxon for row in folder.coverage]
    if not rows:
        raise EngineError("field_no_species", folder=folder.path)
    names = {name.lower(): taxon.id for taxon in rows for name in (taxon.accepted_name, taxon.id)}
    unknown = [name for name in request.species if name.lower() not in names]
    if unknown:
        raise EngineError("field_species_unknown", unknown=unknown)
    indicators = len(folder.document["indicators"])
    room = MOST_LAYERS - OTHER_LAYERS - indicators
    wanted = [names[name.lower()] for name in request.species]
    ranked = sorted(rows, key=lambda taxon: taxon.id not in targets)
    wanted = wanted or [taxon.id for taxon in ranked[:min(request.species_maps, room)]]
    if len(wanted) > room:
        raise EngineError("field_too_many_layers", species=len(wanted), room=room, most=MOST_LAYERS)
    return wanted


def _refuse_too_large(folder: AssessmentFolder, request: PackRequest, species: list[str], reporter: Reporter) -> None:
    """Tell the estimated size before anything is written."""
    entry = folder.document["species"]
    maps = (folder.path / entry["file"]).stat().st_size * len(species) / len(entry["bands"])
    layers = sum(path.stat().st_size for indicator in folder.document["indicators"]
                 if (path := folder.raster(indicator["id"])) is not None)
    size = maps + layers + TABLE_SHARE * (folder.path / TABLES).stat().st_size + REPORT_BYTES
    budget = request.budget * MEGABYTE
    reporter.message("field_size", size=round(size / MEGABYTE, 1), budget=request.budget)
    free = shutil.disk_usage(_existing(request.out)).free
    if free < size:
        raise EngineError("disk_full", out=request.out.parent)
    if size > budget:
        raise EngineError("field_over_budget", size=round(size / MEGABYTE, 1), budget=request.budget)


def _existing(path: Path) -> Path:
    return next(parent for parent in path.absolute().parents if parent.exists())


def _about(folder: AssessmentFolder, request: PackRequest, points: int) -> FieldPackage:
    document, grid = folder.document, folder.grid
    source = document["score_source"]
    return FieldPackage(
        id=str(uuid4()), name=ascii_name(request.out.name), language=request.language, title=str(document["title"]),
        simulated=bool(document["simulated"]), created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        assessment=identity(document),
        grid=FieldGrid(grid.crs, grid.left, grid.top, grid.resolution, grid.height, grid.width), rasters=(),
        plot_area=plot_area(support_of(document)),
        rule=folder.rule(request.language), attribution=str(source["attribution"]),
        licence=str(source["licence"]), points=points, budget=int(request.budget * MEGABYTE))


def _targets_at(folder: AssessmentFolder, cells: list[int], targets: Mapping[str, object]) -> list[str]:
    """Return the names of the target taxa that are predicted in each cell."""
    names = {number: taxon.accepted_name for number, taxon in enumerate(folder.taxa) if taxon.id in targets}
    with folder.tables() as connection:
        return ["; ".join(names[taxon] for _, taxon, _ in cell_taxa(connection, cell, cell + 1) if taxon in names)
                for cell in cells]


def write_track(path: Path, plan: GeoDataFrame) -> None:
    """Write the points in walking order as waypoints (GPX, WGS 84)."""
    points = plan.sort_values("walk").to_crs("EPSG:4326")
    waypoints = points[["geometry"]].assign(name=points["point_id"], desc=points["targets"])
    waypoints.to_file(path, driver="GPX", layer="waypoints", engine="pyogrio")


def _report(folder: AssessmentFolder, request: PackRequest, reporter: Reporter) -> Path:
    """Return the assessment's report, made now where there is none."""
    path = folder.path / REPORT_PDF
    return path if path.is_file() else make_report(ReportRequest(folder.path, request.language), reporter)[1]


def _sizes(out: Path) -> dict[str, int]:
    """Return the bytes of each file, and of all rasters together."""
    sizes = {path.name: path.stat().st_size for path in sorted(out.iterdir()) if path.is_file()}
    return {**sizes, RASTERS: sum(path.stat().st_size for path in (out / RASTERS).iterdir())}
