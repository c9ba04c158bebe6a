"""What the values of an indicator come to over the area: mean, range, and how many cells have which value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal

from .problem import LayerProblem

BINS = 24
ROWS = 256
"""Rows of a raster that are read at once."""


@dataclass(frozen=True)
class Statistics:
    """Of the cells with a value: how many, their mean and range; `counts` of cells in bins between `edges`."""

    cells: int
    mean: float
    low: float
    high: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]


def statistics(path: Path, bins: int = BINS) -> Statistics | None:
    """Return the statistics of a raster's first band, None where no cell has a value.

    Raises:
        LayerProblem: the raster cannot be read.
    """
    values = _values(path)
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    counts, edges = np.histogram(values, *_bins(values, low, high, bins))
    return Statistics(len(values), float(values.mean(dtype=np.float64)), low, high, tuple(map(float, edges)),
                      tuple(map(int, counts)))


def _bins(values: np.ndarray, low: float, high: float, bins: int) -> tuple[int, tuple[float, float]]:
    """Return how many bins of which range: one for each number where they are few whole ones."""
    if high - low < bins and np.array_equal(values, np.rint(values)):
        return int(high - low) + 1, (low - 0.5, high + 0.5)
    return bins, (low, high) if high > low else (low - 0.5, low + 0.5)


def class_shares(path: Path) -> dict[int, float]:
    """Return the share in % of the cells with a value that each class of a raster's first band has.

    Raises:
        LayerProblem: the raster cannot be read.
    """
    values, counts = np.unique(_values(path), return_counts=True)
    return {int(value): 100 * int(count) / int(counts.sum()) for value, count in zip(values, counts)}


def _values(path: Path) -> np.ndarray:
    dataset = gdal.OpenEx(str(path), gdal.OF_RASTER, allowed_drivers=["GTiff"])
    if dataset is None:
        raise LayerProblem(str(path))
    band = dataset.GetRasterBand(1)
    return np.concatenate([_known(band, row, min(ROWS, band.YSize - row)) for row in range(0, band.YSize, ROWS)])


def _known(band: gdal.Band, row: int, rows: int) -> np.ndarray:
    values = band.ReadAsArray(0, row, band.XSize, rows)
    nodata = band.GetNoDataValue()
    known = ~np.isnan(values) if nodata is None or np.isnan(nodata) else (values != nodata)
    return values[known]
