"""Coverage of a part of an assessed area, from the assessment's own files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
)

from ..common.tables import BEYOND, SURROGATES, cell_codes, open_tables, taxon_ids
from ..geometry import lasting
from ..i18n import tr
from .coverage import CoverageRow
from .manifest import Assessment, GridFrame
from .problem import LayerProblem
from .rasters import open_raster
from .tiles import parts_of

EDGE_PARTS = 100
"""Edges are split so finely before a reprojection, as the engine does."""

CHECKED_EVERY = 100_000
"""SQLite's steps between two looks at whether a person has cancelled."""


@dataclass(frozen=True)
class SubArea:
    """Coverage of a part of an area: `rows` refer to its `cells`, the cells with scores whose centre lies in it."""

    name: str
    cells: int
    rows: tuple[CoverageRow, ...]


def subarea_coverage(assessment: Assessment, name: str, geometries: Sequence[QgsGeometry],
                     crs: QgsCoordinateReferenceSystem, rows: Sequence[CoverageRow],
                     stopped: Callable[[], bool] = lambda: False) -> SubArea:
    """Return the coverage of the polygons `geometries` (in `crs`); `rows` are those of the whole area.

    Raises:
        LayerProblem: no cell of the assessment lies in the polygons, or a file cannot be read.
    """
    shape, total, taxa = _polygon(geometries, crs, assessment), 0, dict[str, _Sum]()
    for part in parts_of(assessment, shape.boundingBox()):
        cells = _scored_cells(part, shape)
        if len(cells):
            total += len(cells)
            _add(taxa, part, cells, stopped)
    if not total:
        raise LayerProblem(tr("“{name}” holds no assessed cell. Choose polygons inside the assessed area.").format(
            name=name))
    found = {row.id: row for row in rows}
    covered = [replace(_facts(found[id]), coverage=100.0 * sum_.cells / total, mean_score=sum_.scores / sum_.cells,
                       max_score=sum_.highest) for id, sum_ in taxa.items()]
    return SubArea(name, total, tuple(sorted(covered, key=lambda row: (-row.coverage, row.name))))


def _facts(row: CoverageRow) -> CoverageRow:
    """Leave out what a row says of the whole area."""
    return replace(row, expected=None, low=None, high=None)


def _polygon(geometries: Sequence[QgsGeometry], crs: QgsCoordinateReferenceSystem,
             assessment: Assessment) -> QgsGeometry:
    """Return the union of the polygons in the grid's coordinate system."""
    transform = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem(assessment.crs),
                                       QgsCoordinateTransformContext())
    shape = QgsGeometry.unaryUnion([geometry.makeValid() for geometry in geometries])
    box = shape.boundingBox()
    edge = max(box.width(), box.height()) / EDGE_PARTS
    shape = shape.densifyByDistance(edge) if edge > 0 else shape
    try:
        shape.transform(transform)
    except QgsCsException as error:
        raise LayerProblem(tr("The polygons cannot be brought into the coordinate system of the assessment: {reason}")
                           .format(reason=str(error))) from error
    return shape.makeValid()


def _scored_cells(assessment: Assessment, shape: QgsGeometry) -> np.ndarray:
    """Return the flat positions of the cells that have scores and lie in `shape`; see `engine/area.py`."""
    grid = assessment.grid
    inside = _burn(shape, grid, assessment)
    if not inside.any():
        _mark_the_cell_of(shape, inside, assessment)
    if not inside.any():
        return np.empty(0, np.int64)
    dataset = open_raster(assessment.species_file)
    band = dataset.GetRasterBand(1)
    rows, cols = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    top, left = int(rows[0]), int(cols[0])
    window = inside[top:rows[-1] + 1, left:cols[-1] + 1]
    scored = band.ReadAsArray(left, top, window.shape[1], window.shape[0]) != band.GetNoDataValue()
    in_rows, in_cols = np.nonzero(window & scored)
    return (in_rows.astype(np.int64) + top) * grid.width + in_cols + left


def _burn(shape: QgsGeometry, frame: GridFrame, assessment: Assessment) -> np.ndarray:
    """Return which cells of `frame` have their centre in `shape` (height, width)."""
    step = assessment.resolution
    reference = osr.SpatialReference(lasting(QgsCoordinateReferenceSystem(assessment.crs)).toWkt())
    raster = gdal.GetDriverByName("MEM").Create("", frame.width, frame.height, 1, gdal.GDT_Byte)
    raster.SetGeoTransform((frame.left, step, 0, frame.top, 0, -step))
    raster.SetSpatialRef(reference)
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = source.CreateLayer("", reference, ogr.wkbUnknown)
    for part in shape.asGeometryCollection():
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkb(bytes(part.asWkb())))
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
    return raster.ReadAsArray().astype(bool)


def _mark_the_cell_of(shape: QgsGeometry, inside: np.ndarray, assessment: Assessment) -> None:
    """Mark the cell of a shape that holds no cell centre anywhere, not even outside the grid."""
    grid, step, box = assessment.grid, assessment.resolution, shape.boundingBox()
    if shape.isEmpty() or shape.area() > 100 * step**2:
        return
    left, top = np.floor(box.xMinimum() / step) * step, np.ceil(box.yMaximum() / step) * step
    height, width = (int(np.ceil(side / step)) + 2 for side in (box.height(), box.width()))
    if _burn(shape, GridFrame(left, top, height, width), assessment).any():
        return
    point = shape.pointOnSurface().asPoint()
    row, col = assessment.row_col(point.x(), point.y())
    if 0 <= row < grid.height and 0 <= col < grid.width:
        inside[row, col] = True


def _numbers(codes: bytes) -> np.ndarray:
    """Return the numbers (int64) that code points stand for."""
    points = np.frombuffer(codes, "<u4").astype(np.int64)
    return points - 1 - BEYOND * (points >= SURROGATES)


@dataclass
class _Sum:
    """What is added up of one taxon."""

    cells: int = 0
    scores: float = 0.0
    highest: float = -np.inf


def _add(taxa: dict[str, _Sum], assessment: Assessment, cells: np.ndarray, stopped: Callable[[], bool]) -> None:
    """Add to `taxa`, by id, what the `cells` (flat positions) of an assessment hold."""
    ids, count, total, highest, step = _sums(assessment, cells, stopped)
    for taxon in np.flatnonzero(count).tolist():
        sum_ = taxa.setdefault(ids[taxon], _Sum())
        sum_.cells += int(count[taxon])
        sum_.scores += float(total[taxon]) * step
        sum_.highest = max(sum_.highest, float(highest[taxon]) * step)


def _sums(assessment: Assessment, cells: np.ndarray, stopped: Callable[[], bool]) -> tuple[
        dict[int, str], np.ndarray, np.ndarray, np.ndarray, float]:
    """Return taxon ids by number, and by number the cells with the taxon, their summed and highest stored scores.

    The last item is the score of one stored step.
    """
    starts = np.flatnonzero(np.diff(cells, prepend=-2) != 1)
    ends = np.append(starts[1:], len(cells)) - 1
    with open_tables(assessment.geopackage) as connection:
        connection.set_progress_handler(lambda: int(stopped()), CHECKED_EVERY)
        ids = taxon_ids(connection)
        numbers = max(ids) + 1
        count, total, highest = np.zeros(numbers, np.int64), np.zeros(numbers), np.full(numbers, -np.inf)
        for first, last in zip(cells[starts].tolist(), cells[ends].tolist()):
            *codes, lowest = cell_codes(connection, first, last + 1)
            taxa, scores = (_numbers(part) for part in codes)
            if len(taxa):
                scores += lowest
                count += np.bincount(taxa, minlength=numbers)
                total += np.bincount(taxa, scores, minlength=numbers)
                np.maximum.at(highest, taxa, scores)
    dataset = open_raster(assessment.species_file)  # kept while its band is asked
    return ids, count, total, highest, dataset.GetRasterBand(1).GetScale() or 1.0
