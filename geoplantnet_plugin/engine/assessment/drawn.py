"""Named parts of an assessed area, drawn when it was finished: kept beside it, and read as assessments of their own.

A part's cells are the area's cells that have scores and whose centre lies in it. Its coverage comes from the stored
assemblages, so it is that of the set rule; an expected share of a part is not stated, because its interval is not known
from what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import COVERAGE_BY_PART, DRAWN_PARTS, DRAWN_TABLE
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import MOST_NAME, harmless
from geoplantnet_plugin.common.tables import cell_codes
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assessment.cell_sets import numbers
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder, Statistics
from geoplantnet_plugin.engine.assessment.opening import layer_raster, layer_table
from geoplantnet_plugin.engine.assessment.tables import GPKG_VERSION
from geoplantnet_plugin.engine.base.events import SILENT, Warner
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.coverage.table import Coverage, CoverageRow, write_coverage_by_area_csv
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.where import place
from geoplantnet_plugin.engine.where.area import Area, read_area

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

MOST_PARTS = 50


@dataclass(frozen=True)
class DrawnPart:
    """A part by its name: `folder` speaks of its `cells` alone (coverage and statistics)."""

    name: str
    folder: AssessmentFolder
    area: Area
    cells: int

    @property
    def rows(self) -> Sequence[CoverageRow]:
        """The taxa that the set rule takes as present in a cell of the part, by coverage."""
        return self.folder.coverage

    def means(self) -> dict[str, Statistics]:
        """Return what the part's cells come to in every continuous indicator that has a value there."""
        found = {str(entry["id"]): self.folder.statistics(str(entry["id"]))
                 for entry in self.folder.document["indicators"] if entry.get("kind") != "class"}
        return {id: statistics for id, statistics in found.items() if statistics}


def drawn_parts(folder: AssessmentFolder) -> list[DrawnPart]:
    """Return the parts that are kept with an assessment, in the order in which they were named.

    Raises:
        EngineError: their file is none, or holds more than is kept.
    """
    frame = _frame(folder)
    if len(frame) > MOST_PARTS:
        raise EngineError("parts_many", count=len(frame), most=MOST_PARTS)
    return [part_of(folder, harmless(str(name), MOST_NAME), shape)
            for name, shape in zip(frame["name"], frame.geometry, strict=True)]


def keep_part(folder: AssessmentFolder, polygons: str, name: str, warner: Warner = SILENT) -> DrawnPart:
    """Keep the polygons of a file as the part `name`, in the place of one of that name; return it.

    Raises:
        EngineError: the file holds no polygon, the part no cell with scores; it has no name, or there are too many.
    """
    name = " ".join(name.split())[:MOST_NAME]
    if not name:
        raise EngineError("parts_no_name")
    part = part_of(folder, name, read_area(polygons, folder.grid.crs, warner).shape)
    frame = _frame(folder)
    names = [*frame["name"], name] if name not in set(frame["name"]) else list(frame["name"])
    if len(names) > MOST_PARTS:
        raise EngineError("parts_many", count=len(names), most=MOST_PARTS)
    shapes = {**dict(zip(frame["name"], frame.geometry, strict=True)), name: part.area.shape}
    _write(folder, [(entry, shapes[entry]) for entry in names])
    return part


def remove_parts_named(folder: AssessmentFolder, names: Sequence[str]) -> None:
    """Keep the parts of these names no more."""
    frame = _frame(folder)
    _write(folder, [(name, shape) for name, shape in zip(frame["name"], frame.geometry, strict=True)
                    if name not in names])


def part_of(folder: AssessmentFolder, name: str, shape: BaseGeometry) -> DrawnPart:
    """Return the part of an assessment that lies in `shape`, in the grid's CRS.

    Raises:
        EngineError: it holds no cell with scores.
    """
    from geopandas import GeoSeries

    polygons = GeoSeries([shape], crs=folder.grid.crs)
    area = Area(polygons.to_frame("geometry"), shape, folder.grid.crs, place.hectares(place.densified(polygons), name))
    cells = np.flatnonzero(area.inside(folder.grid) & _scored(folder))
    if not len(cells):
        raise EngineError("parts_no_cell", name=name)
    coverage = Coverage(folder.taxa)
    for assemblage in _assemblages(folder, cells):
        coverage.add(assemblage)
    return DrawnPart(name, replace(folder, coverage=tuple(coverage.rows()), within=area), area, len(cells))


def _scored(folder: AssessmentFolder) -> NDArray[np.bool_]:
    """Return which cells (height, width) of the assessment have scores."""
    with layer_raster(folder.species.path) as dataset:
        scored: NDArray[np.bool_] = dataset.read(1) != folder.species.nodata
    return scored


def _assemblages(folder: AssessmentFolder, cells: NDArray[np.int64]) -> Iterator[Assemblage]:
    """Yield the stored assemblages of `cells` (n,), flat and rising, one for every run of neighbours in a row."""
    starts = np.flatnonzero(np.diff(cells, prepend=-2) != 1)
    ends = np.append(starts[1:], len(cells)) - 1
    step = folder.species.step
    with folder.tables() as connection:
        for first, last in zip(cells[starts].tolist(), cells[ends].tolist(), strict=True):
            taxa, scores, lowest = cell_codes(connection, first, last + 1)
            ids = numbers(taxa.decode("utf-32-le")).astype(np.int32)
            values = ((numbers(scores.decode("utf-32-le")) + lowest) * step).astype(np.float32)
            start = np.zeros(last - first + 2, np.int64)
            start[1:] = len(ids)  # coverage asks how many cells hold a taxon, and a cell holds it once
            yield Assemblage(start, ids, values)


def _frame(folder: AssessmentFolder) -> GeoDataFrame:
    """Return the kept parts: name and shape in the grid's CRS."""
    from geopandas import GeoDataFrame

    path = folder.path / DRAWN_PARTS
    if not path.is_file():
        return GeoDataFrame({"name": []}, geometry=[], crs=folder.grid.crs)
    return layer_table(path, DRAWN_TABLE)[["name", "geometry"]].to_crs(folder.grid.crs)


def _write(folder: AssessmentFolder, shapes: Sequence[tuple[str, BaseGeometry]]) -> None:
    """Write shapes and figures of the parts, and the coverage of each."""
    from geopandas import GeoDataFrame

    path, table = folder.path / DRAWN_PARTS, folder.path / COVERAGE_BY_PART
    if not shapes:
        path.unlink(missing_ok=True)
        table.unlink(missing_ok=True)
        return
    parts = [part_of(folder, name, shape) for name, shape in shapes]
    frame = GeoDataFrame([figures(part) for part in parts], geometry=[part.area.shape for part in parts],
                         crs=folder.grid.crs)
    with writing(path) as temporary:
        frame.to_file(temporary, layer=DRAWN_TABLE, driver="GPKG", engine="pyogrio", promote_to_multi=True,
                      VERSION=GPKG_VERSION)
    write_coverage_by_area_csv(table, {part.name: part.rows for part in parts},
                               Scale(folder.document["score_source"]["scale"]), folder.taxa.lists)


def figures(part: DrawnPart) -> dict[str, Any]:
    """Return a part's row of the table: name, hectares, cells, taxa, and the mean of every continuous indicator."""
    means = {f"mean_{id}": round(found.mean, 4) for id, found in part.means().items()}
    return {"name": part.name, "hectares": round(part.area.hectares, 2), "cells": part.cells, "taxa": len(part.rows),
            **means}
