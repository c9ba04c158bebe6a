"""What an assessment says of one cell: its taxa with scores, its indicators."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
)

from .build import indicator_layer
from .manifest import Assessment

RANKS = 1024
"""A cell's taxa have the feature ids cell × RANKS + rank in ``cell_taxa``: found without an index on cells."""


@dataclass(frozen=True)
class Cell:
    """One cell: `taxa` present in it with their scores, best first; `indicators` as title and text."""

    centre: QgsPointXY
    taxa: tuple[tuple[str, float], ...]
    indicators: tuple[tuple[str, str], ...]


def cell_at(assessment: Assessment, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> Cell | None:
    """Return the cell at `point` in `crs`, None outside the grid or where the point cannot be projected."""
    grid = assessment.grid
    try:
        there = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem(assessment.crs),
                                       QgsProject.instance()).transform(point)
    except QgsCsException:
        return None
    col = int((there.x() - grid.left) // assessment.resolution)
    row = int((grid.top - there.y()) // assessment.resolution)
    if not (0 <= row < grid.height and 0 <= col < grid.width):
        return None
    centre = QgsPointXY(grid.left + (col + 0.5) * assessment.resolution, grid.top - (row + 0.5) * assessment.resolution)
    return Cell(centre, _taxa(assessment, row * grid.width + col), _indicators(assessment, centre))


def _taxa(assessment: Assessment, cell: int) -> tuple[tuple[str, float], ...]:
    uri = f"{assessment.geopackage.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        return tuple(connection.execute(
            "SELECT name, score FROM cell_taxa_named WHERE fid >= ? AND fid < ? ORDER BY fid",
            (cell * RANKS, (cell + 1) * RANKS)))


def _indicators(assessment: Assessment, centre: QgsPointXY) -> tuple[tuple[str, str], ...]:
    layers = [(indicator, indicator_layer(assessment, indicator)) for indicator in assessment.indicators
              if indicator.file.is_file()]
    return tuple((layer.name(), _text(layer, {entry.value: entry.label for entry in indicator.categories}, centre))
                 for indicator, layer in layers)


def _text(layer: QgsRasterLayer, labels: dict[int, str], centre: QgsPointXY) -> str:
    value, found = layer.dataProvider().sample(centre, 1)
    if not found or value != value:
        return "–"
    return labels.get(int(value), f"{value:g}") if labels else f"{value:.3g}"
