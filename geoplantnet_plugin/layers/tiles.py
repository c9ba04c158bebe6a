"""The assessments that hold the cells of a map of many tiles."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import QgsPointXY, QgsRectangle

from .manifest import Assessment, GridFrame, NotAnAssessment, Tile, read_assessment
from .problem import LayerProblem


def tile_at(assessment: Assessment, point: QgsPointXY) -> Assessment | None:
    """Return the tile that holds a point in the grid's CRS, None where there is none.

    Raises:
        LayerProblem: the tile cannot be read.
    """
    found = (tile for tile in assessment.tiles if _box(tile.grid, assessment.resolution).contains(point))
    tile = next(found, None)
    return _read(tile) if tile else None


def parts_of(assessment: Assessment, box: QgsRectangle) -> Iterator[Assessment]:
    """Yield the tiles that meet a box in the grid's CRS; of an assessment with cells of its own, itself.

    Raises:
        LayerProblem: a tile cannot be read.
    """
    if not assessment.tiles:
        yield assessment
    for tile in assessment.tiles:
        if _box(tile.grid, assessment.resolution).intersects(box):
            yield _read(tile)


def _read(tile: Tile) -> Assessment:
    try:
        return read_assessment(tile.folder)
    except NotAnAssessment as error:
        raise LayerProblem(str(error)) from error


def _box(grid: GridFrame, step: float) -> QgsRectangle:
    return QgsRectangle(grid.left, grid.top - grid.height * step, grid.left + grid.width * step, grid.top)
