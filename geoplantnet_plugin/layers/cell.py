"""What an assessment says of one cell: its taxa with scores, its indicators, its predictors, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsPointXY,
)

from ..common.assessment import BELOW_FLOOR_TAG, DOMAIN, OUTSIDE
from ..common.tables import open_tables, taxa_of_cell
from ..i18n import tr
from .manifest import Assessment, Indicator, PredictorSource
from .problem import LayerProblem
from .rasters import open_raster, value_at
from .tiles import tile_at

RANKED_BANDS = 1000
"""With more taxa, only those present are listed: reading one cell of so many bands takes seconds."""

OTHERS = 20
"""How many taxa that are not present are listed, best first."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """One cell. `taxa` are present in it, `others` score highest of those that are not; both best first.

    The rest are pairs of title and text. `outside` says whether it lies outside the model's domain, None where that
    is not known.
    """

    centre: QgsPointXY
    taxa: tuple[tuple[str, float], ...]
    others: tuple[tuple[str, float], ...]
    indicators: Pairs
    uncertainty: Pairs
    quality: Pairs
    predictors: Pairs
    outside: bool | None


def cell_at(assessment: Assessment, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> Cell | None:
    """Return the cell at `point` in `crs`, None outside the grid or where the point cannot be projected.

    Raises:
        LayerProblem: the tile that holds it cannot be read.
    """
    grid = assessment.grid
    there = _in_crs(point, crs, QgsCoordinateReferenceSystem(assessment.crs))
    if there is None:
        return None
    row, col = assessment.row_col(there.x(), there.y())
    if not (0 <= row < grid.height and 0 <= col < grid.width):
        return None
    if assessment.tiles:
        tile = tile_at(assessment, there)
        return cell_at(tile, point, crs) if tile else None
    centre = QgsPointXY(grid.left + (col + 0.5) * assessment.resolution, grid.top - (row + 0.5) * assessment.resolution)
    taxa = _taxa(assessment, row * grid.width + col)
    domain = next((_value(layer, row, col) for layer in assessment.quality if layer.id == DOMAIN), None)
    return Cell(centre, taxa, _others(assessment, row, col, {name for name, _ in taxa}),
                _texts(assessment.indicators, row, col), _texts(assessment.uncertainty, row, col),
                _texts(assessment.quality, row, col), _predictors(assessment, centre),
                None if domain is None else domain == OUTSIDE)


def _in_crs(point: QgsPointXY, crs: QgsCoordinateReferenceSystem,
            other: QgsCoordinateReferenceSystem) -> QgsPointXY | None:
    try:
        return QgsCoordinateTransform(crs, other, QgsCoordinateTransformContext()).transform(point)
    except QgsCsException:
        return None


def _taxa(assessment: Assessment, cell: int) -> tuple[tuple[str, float], ...]:
    with open_tables(assessment.geopackage) as connection:
        return tuple(taxa_of_cell(connection, cell))


def _others(assessment: Assessment, row: int, col: int, present: set[str]) -> tuple[tuple[str, float], ...]:
    if assessment.species_file is None or len(assessment.species) > RANKED_BANDS:
        return ()
    dataset = open_raster(assessment.species_file)
    stored = dataset.ReadAsArray(col, row, 1, 1).reshape(-1).astype(float)
    first = dataset.GetRasterBand(1)
    lowest = float(dataset.GetMetadataItem(BELOW_FLOOR_TAG) or "nan")
    scores = np.where((stored == first.GetNoDataValue()) | (stored == lowest), np.nan, stored * (first.GetScale() or 1))
    rest = [(species.name, float(scores[species.band - 1])) for species in assessment.species
            if species.name not in present and not np.isnan(scores[species.band - 1])]
    return tuple(sorted(rest, key=lambda entry: -entry[1])[:OTHERS])


def _texts(indicators: Sequence[Indicator], row: int, col: int) -> Pairs:
    return tuple((indicator.title_with_unit, _text(indicator, _value(indicator, row, col)))
                 for indicator in indicators if indicator.file.is_file())


def _value(indicator: Indicator, row: int, col: int) -> float | None:
    return value_at(open_raster(indicator.file), 1, row, col) if indicator.file.is_file() else None


def _text(indicator: Indicator, value: float | None) -> str:
    if value is None:
        return "–"
    labels = {entry.value: entry.label for entry in indicator.categories}
    return labels.get(int(value), f"{value:g}") if labels else f"{value:.3g}"


def _predictors(assessment: Assessment, centre: QgsPointXY) -> Pairs:
    crs = QgsCoordinateReferenceSystem(assessment.crs)
    return tuple((f"{entry.name} ({entry.unit})" if entry.unit else entry.name, _predictor(entry, centre, crs))
                 for entry in assessment.predictors)


def _predictor(entry: PredictorSource, centre: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> str:
    """Return the value of the source's pixel at the cell's centre, or why there is none."""
    try:
        dataset = open_raster(entry.source)
    except LayerProblem:
        return tr("source not found: {source}").format(source=entry.source)
    own = QgsCoordinateReferenceSystem(entry.crs) if entry.crs else QgsCoordinateReferenceSystem.fromWkt(
        dataset.GetProjection())
    there = _in_crs(centre, crs, own) if own.isValid() else None
    inverse = gdal.InvGeoTransform(dataset.GetGeoTransform())
    if there is None or inverse is None or entry.band > dataset.RasterCount:
        return "–"
    col, row = gdal.ApplyGeoTransform(inverse, there.x(), there.y())
    value = value_at(dataset, entry.band, int(row // 1), int(col // 1))
    return "–" if value is None else f"{value:.5g}"
