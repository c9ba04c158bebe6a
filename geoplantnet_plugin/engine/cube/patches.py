"""Patches: bands × height × width around each cell's centre, cut in the grid's CRS.

Where the cells lie on the patches' pixel grid and patches overlap, a block is resampled once into a mosaic at
the patches' pixel size and each patch is a window of it; elsewhere every patch is sampled for itself. The
values are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.bands import BandReader
from geoplantnet_plugin.engine.cube.encodings import encoding
from geoplantnet_plugin.engine.cube.found import Found
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.plan import Binding
from geoplantnet_plugin.engine.cube.sampling import Values
from geoplantnet_plugin.engine.grid import Block, Grid
from geoplantnet_plugin.engine.models.card import ModelInput

Read = Callable[[Locator], Values]
MAX_PLACES = 2_000_000
"""Pixels that are sampled at once where every patch is sampled for itself."""


class PatchReader:
    """Cuts the patches of one input of a model."""

    def __init__(self, grid: Grid, entry: ModelInput, bindings: Sequence[Binding], bands: BandReader) -> None:
        if entry.size is None or entry.pixel is None:
            raise ValueError("a patch has a size and a pixel")
        encode = encoding(entry.encoding)
        self._grid = grid
        self._height, self._width = entry.size
        self._step = entry.pixel / grid.resolution
        self._missing = entry.missing

        def read(locator: Locator) -> Values:
            return encode(bands.read(bindings, locator))

        self._read = read
        self._mosaic = self._mosaic_of(entry.pixel)

    def _mosaic_of(self, pixel: float) -> _Mosaic | None:
        stride = round(self._grid.resolution / pixel)
        if not 1 <= stride <= min(self._height, self._width) or abs(stride * self._step - 1) > 1e-9:
            return None
        half = self._grid.resolution / 2
        fine = Grid(self._grid.crs, pixel, self._grid.left + half - self._width * pixel / 2,
                    self._grid.top - half + self._height * pixel / 2, 0, 0)
        return _Mosaic(fine, stride, self._read)

    def find(self, block: Block, cells: NDArray[np.int32]) -> Found:
        """Return what is known of the patches (bands, height, width) of cells of a block."""
        col, row = block.col + cells % block.width, block.row + cells // block.width
        if self._mosaic is None:
            return Found.of(self._each(col, row), self._missing)
        return self._mosaic.find(block, col, row, (self._height, self._width), self._missing)

    def _each(self, col: NDArray[np.int32], row: NDArray[np.int32]) -> Values:
        right = (np.arange(self._width) - (self._width - 1) / 2) * self._step
        down = (np.arange(self._height) - (self._height - 1) / 2) * self._step
        at_once = max(MAX_PLACES // (self._height * self._width), 1)
        parts = []
        for start in range(0, len(col), at_once):
            part = slice(start, start + at_once)
            cols = (col[part] + 0.5)[:, None, None] + right[None, None, :] + np.zeros((1, self._height, 1))
            rows = (row[part] + 0.5)[:, None, None] + down[None, :, None] + np.zeros((1, 1, self._width))
            values = self._read(Locator(self._grid, cols.ravel(), rows.ravel(), self._step))
            parts.append(values.reshape(len(values), *cols.shape).transpose(1, 0, 2, 3))
        return np.concatenate(parts)


@dataclass
class _Mosaic:
    """The bands around a block on the patches' pixel grid; the rows that the next strip shares are kept.

    `fine` is that grid, on which the patch of cell (row, col) begins at pixel (row × stride, col × stride).
    """

    fine: Grid
    stride: int
    read: Read
    columns: tuple[int, int] = (0, 0)
    first: int = 0
    values: Values | None = None

    def find(self, block: Block, col: NDArray[np.int32], row: NDArray[np.int32], size: tuple[int, int],
             missing: float | None) -> Found:
        """Return what is known of the patches of `size` of cells of a block."""
        columns = (block.col * self.stride, (block.col + block.width - 1) * self.stride + size[1])
        top, bottom = int(row.min()) * self.stride, int(row.max()) * self.stride + size[0]
        values = self._rows(columns, top, bottom)
        rows, cols = row * self.stride - top, col * self.stride - columns[0]
        lacking = np.isnan(values)
        gaps = _window_sums(lacking.sum(axis=0), rows, cols, size)
        if missing is not None and gaps.any():
            values = np.where(lacking, np.float32(missing), values)

        def take(keep: NDArray[np.bool_]) -> Values:
            corners = list(zip(rows[keep].tolist(), cols[keep].tolist(), strict=True))
            patches = np.empty((len(corners), len(values), *size), np.float32)
            for patch, (upper, left) in zip(patches, corners, strict=True):
                patch[:] = values[:, upper:upper + size[0], left:left + size[1]]
            return patches

        return Found(gaps, len(values) * size[0] * size[1], take)

    def _rows(self, columns: tuple[int, int], top: int, bottom: int) -> Values:
        """Return the pixels of rows `top` to `bottom`, reading those that are not there yet."""
        kept = self.values
        if kept is None or columns != self.columns or not self.first <= top <= self.first + kept.shape[1]:
            kept, self.first = self._resample(columns, top, bottom), top
        kept = kept[:, top - self.first:]
        if kept.shape[1] < bottom - top:
            kept = np.concatenate([kept, self._resample(columns, top + kept.shape[1], bottom)], axis=1)
        self.columns, self.first, self.values = columns, top, kept
        return kept[:, :bottom - top]

    def _resample(self, columns: tuple[int, int], top: int, bottom: int) -> Values:
        rows, cols = np.mgrid[top:bottom, columns[0]:columns[1]] + 0.5
        values = self.read(Locator(self.fine, cols.ravel(), rows.ravel(), 1.0))
        return values.reshape(len(values), *rows.shape)


def _window_sums(values: NDArray[np.int_], rows: NDArray[np.int32], cols: NDArray[np.int32],
                 size: tuple[int, int]) -> NDArray[np.int64]:
    """Return the sums over windows of `size` from their upper left corners."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1), np.int64)
    total[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    below, right = rows + size[0], cols + size[1]
    sums: NDArray[np.int64] = total[below, right] - total[rows, right] - total[below, cols] + total[rows, cols]
    return sums
