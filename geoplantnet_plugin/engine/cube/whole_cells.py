"""Whole cells: their average, or their most frequent class, from a regular set of points in each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geoplantnet_plugin.engine.cube.sampling import (
    POSITION_DECIMALS,
    Floats,
    Positions,
    Resampling,
    Values,
    Window,
    pixel_of,
)

METHODS = ("average", "mode")
MIN_SAMPLES, MAX_SAMPLES = 4, 64
"""Samples along the side of a cell that is averaged: at least one a pixel; beyond the maximum, a regular
choice of the pixels."""
MOST_SEEN = 1 << 20
"""Samples that are held to count their classes."""


def over_cells(method: Resampling, values: Values, window: Window, at: Positions, ratio: float) -> Values:
    """Return the values (bands, n) of n cells, `ratio` pixels wide, from the pixels (bands, height, width) of `window`.

    NaN is missing.
    """
    flat = np.ascontiguousarray(values.reshape(len(values), -1).T)  # a pixel's bands side by side
    side = _samples_a_side(ratio)
    if method == "average":
        return _average(flat, window, _Samples(at, side)).T
    at_once = max(1, MOST_SEEN // (side**2 * flat.shape[1]))
    return np.concatenate([_mode(flat, window, _Samples(at.part(slice(first, first + at_once)), side))
                           for first in range(0, len(at), at_once)]).T


def over_large_cell(method: Resampling, fetch: Callable[[Floats], Values], at: Positions, ratio: float) -> Values:
    """Return the values (bands, 1) of a cell with more pixels than are to be in memory, the same as `over_cells`.

    `fetch` gives the values (bands, n) of the pixels at positions (2, n).
    """
    side = _samples_a_side(ratio)
    positions: list[Floats] = []
    _Samples(at, side).each(positions.append)
    picked = fetch(np.concatenate(positions, axis=1))
    corners = np.array([[0, 0], [side, 0], [0, side], [side, side]], np.float64)[:, :, None]
    return over_cells(method, picked.reshape(-1, side, side), Window(0, 0, side, side),
                      Positions(corners.mean(axis=0), corners), side)


def _samples_a_side(ratio: float) -> int:
    """Return a multiple of the pixels a cell is wide, so that aligned pixels weigh the same."""
    pixels = max(math.ceil(ratio - 0.02), 1)
    return min(pixels * math.ceil(MIN_SAMPLES / pixels), MAX_SAMPLES)


@dataclass(frozen=True)
class _Samples:
    """A regular set of points in each cell, `side` × `side`."""

    at: Positions
    side: int

    def each(self, visit: Callable[[Floats], None]) -> None:
        """Call `visit` with the positions (2, n) of one sample of every cell, row by row."""
        steps = (np.arange(self.side) + 0.5) / self.side
        if self.at.corners is None:
            raise ValueError("a method that samples the whole cell needs its corners")
        upper_left, upper_right, lower_left, lower_right = self.at.corners
        for down in steps:
            left = upper_left + (lower_left - upper_left) * down
            right = upper_right + (lower_right - upper_right) * down
            for along in steps:
                visit(np.round(left + (right - left) * along, POSITION_DECIMALS))


def _at_samples(flat: Values, window: Window, position: Floats) -> Values:
    """Return the values (n, bands) under one sample of every cell; NaN outside the window, that is, the raster."""
    value = np.take(flat, pixel_of(position, window), axis=0)
    col, row = position[0] - window.col, position[1] - window.row
    beyond = (col < 0) | (row < 0) | (col >= window.width) | (row >= window.height)
    if beyond.any():
        value[beyond] = np.nan
    return value


def _average(flat: Values, window: Window, samples: _Samples) -> Values:
    total = np.zeros((len(samples.at), flat.shape[1]))
    lacking = np.zeros(total.shape, np.int32)

    def add(position: Floats) -> None:
        value = _at_samples(flat, window, position)
        gaps = np.isnan(value)
        if gaps.any():
            value[gaps] = 0
            np.add(lacking, gaps, out=lacking)
        np.add(total, value, out=total)

    samples.each(add)
    count = samples.side**2 - lacking
    enough = 2 * count >= samples.side**2
    return np.where(enough, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _mode(flat: Values, window: Window, samples: _Samples) -> Values:
    """The most frequent class of each cell; of equally frequent ones the smallest."""
    seen: list[Values] = []
    samples.each(lambda position: seen.append(_at_samples(flat, window, position)))
    ordered = np.sort(np.stack(seen), axis=0)  # NaN last
    run = np.ones(ordered.shape[1:], np.int32)
    longest, best = np.zeros_like(run), np.full(run.shape, np.nan, np.float32)
    for step, value in enumerate(ordered):
        if step:
            run = np.where(value == ordered[step - 1], run + 1, 1)
        better = (run > longest) & ~np.isnan(value)
        longest, best = np.where(better, run, longest), np.where(better, value, best)
    enough = 2 * (~np.isnan(ordered)).sum(axis=0) >= samples.side**2
    return np.where(enough, best, np.float32(np.nan))
