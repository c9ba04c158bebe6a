"""Sampling: how the value of a cell is taken from the pixels of a raster in another CRS and resolution.

Everything is computed from a cell's absolute pixel position, in a fixed order, so that a cell's value is the
same to the bit whatever block or strip it is read in. Positions are in pixels from the raster's first
corner (the centre of the first pixel is 0.5, 0.5), rounded to a millionth: a cell that lies on a pixel of
the same size gets exactly that pixel.

At nodata: a missing pixel never enters a value. *Bilinear* and *nearest*: a cell has a value where the pixel
under its centre has one; the weights of missing neighbours go to the others (as `gdalwarp` does). *Average*
and *mode* (`whole_cells`): a cell has a value where at least half of its samples have one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Resampling = Literal["bilinear", "average", "nearest", "mode"]
Floats = NDArray[np.float64]
Values = NDArray[np.float32]

COARSENING = 1.5
"""A cell wider than this many pixels is averaged: below, every pixel still has its part in some cell."""
POSITION_DECIMALS = 6


@dataclass(frozen=True)
class Window:
    """A part of a raster, in pixels."""

    row: int
    col: int
    height: int
    width: int

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.height * self.width


def windows(height: int, width: int, side: int) -> Iterator[Window]:
    """Yield the windows of at most `side` pixels a side that make up a raster, row by row."""
    for row in range(0, height, side):
        for col in range(0, width, side):
            yield Window(row, col, min(side, height - row), min(side, width - col))


@dataclass(frozen=True)
class Positions:
    """Where n cells fall in a raster: pixel positions of the `centre` (2, n) and the `corners` (4, 2, n).

    The pair is column, row; corners go upper left, upper right, lower left, lower right and are there for
    methods that sample the whole cell only. All centres lie inside the raster.
    """

    centre: Floats
    corners: Floats | None = None

    def __len__(self) -> int:
        return int(self.centre.shape[1])

    def part(self, cells: slice) -> Positions:
        """Return some of the cells."""
        return Positions(self.centre[:, cells], None if self.corners is None else self.corners[:, :, cells])

    def halves(self) -> tuple[Positions, Positions]:
        """Return the first half of the cells, and the others."""
        half = len(self) // 2
        return self.part(slice(None, half)), self.part(slice(half, None))

    def window(self, shape: tuple[int, int]) -> Window:
        """Return the pixels that the cells need from a raster of `shape` (height, width)."""
        points = self.centre[None] if self.corners is None else self.corners
        low = np.floor(points.min(axis=(0, 2))) - 1
        high = np.ceil(points.max(axis=(0, 2))) + 1
        col0, row0 = (max(int(value), 0) for value in low)
        col1, row1 = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
        return Window(row0, col0, row1 - row0, col1 - col0)


def choose_resampling(categorical: bool, ratio: float) -> Resampling:
    """Return how to resample when a cell is `ratio` pixels wide."""
    if categorical:
        return "mode" if ratio > COARSENING else "nearest"
    return "average" if ratio > COARSENING else "bilinear"


def at_centres(method: Resampling, values: Values, window: Window, shape: tuple[int, int], at: Positions) -> Values:
    """Return the values (bands, n) of n cells from the pixels `values` (bands, height, width) of `window`.

    NaN is missing. `shape` is the whole raster's.
    """
    flat = np.ascontiguousarray(values.reshape(len(values), -1).T)  # a pixel's bands side by side
    if method == "nearest":
        return np.take(flat, pixel_of(at.centre, window), axis=0).T
    return _bilinear(flat, window, shape, at.centre).T


def pixel_of(position: Floats, window: Window) -> NDArray[np.int64]:
    """Return the flat position in the window of the pixel that holds each position."""
    col = np.floor(position[0]).astype(np.int64) - window.col
    row = np.floor(position[1]).astype(np.int64) - window.row
    flat: NDArray[np.int64] = np.clip(row, 0, window.height - 1) * window.width
    flat += np.clip(col, 0, window.width - 1)
    return flat


def _bilinear(flat: Values, window: Window, shape: tuple[int, int], centre: Floats) -> Values:
    cols, col_weight = _pair(centre[0], shape[1], window.col)
    rows, row_weight = _pair(centre[1], shape[0], window.row)
    total = np.zeros((centre.shape[1], flat.shape[1]), np.float32)
    weights = np.zeros_like(total)
    gaps = bool(np.isnan(flat).any())
    for j in (0, 1):
        for i in (0, 1):
            weight = (row_weight[j] * col_weight[i]).astype(np.float32)[:, None]
            value = np.take(flat, rows[j] * window.width + cols[i], axis=0)
            if gaps:
                there = ~np.isnan(value)
                total += np.where(there, value, 0) * weight
                weights += there * weight
            else:
                value *= weight
                total += value
    if not gaps:
        return total
    missing = np.isnan(np.take(flat, pixel_of(centre, window), axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(missing, np.float32(np.nan), total / weights)


def _pair(position: Floats, size: int, first: int) -> tuple[list[NDArray[np.int64]], list[Floats]]:
    """Return the two pixels around each position along an axis (in the window) and their weights."""
    low = np.floor(position - 0.5)
    weight = position - 0.5 - low
    index = low.astype(np.int64)
    pair = [np.clip(index + step, 0, size - 1) - first for step in (0, 1)]
    return pair, [1 - weight, weight]
