"""Patches: bands × height × width around each cell's centre, cut in the grid's CRS.

Where the pixels of all patches lie on one lattice and patches overlap, a block is sampled once on the lattice
and each patch is a window of it; elsewhere every patch is sampled for itself. The values are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.bands import BandReader
from geoplantnet_plugin.engine.cube.block import Patches
from geoplantnet_plugin.engine.cube.encodings import encoding
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.input_values import InputValues
from geoplantnet_plugin.engine.cube.plan import Binding
from geoplantnet_plugin.engine.cube.sampling import Values
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.where.grid import Block, Grid

Read = Callable[[Locator], Values]
MAX_PLACES = 2_000_000
"""Pixels that are sampled at once where every patch is sampled for itself."""
MAX_FRACTION = 64
"""Cells and pixels are taken to share a lattice when their ratio is a fraction of whole numbers up to this."""


@dataclass(frozen=True)
class Lattice:
    """The common lattice of the pixels of all patches.

    `grid` has its spacing; lattice place (0, 0) is the first pixel of the patch of cell (0, 0). The patch of cell
    (row, col) takes every `dilation`-th place from (row × `stride`, col × `stride`); a place is a square of
    `dilation` spacings, that is, one pixel wide.
    """

    grid: Grid
    stride: int
    dilation: int
    size: tuple[int, int]

    @property
    def reach(self) -> tuple[int, int]:
        """Height and width of a patch in places."""
        height, width = self.size
        return (height - 1) * self.dilation + 1, (width - 1) * self.dilation + 1

    def locator(self, top: int, bottom: int, left: int, right: int) -> Locator:
        """Return the locator of the places of some rows and columns, row by row."""
        rows, cols = np.mgrid[top:bottom, left:right] + 0.5
        return Locator(self.grid, cols.ravel(), rows.ravel(), float(self.dilation))


def lattice_of(grid: Grid, entry: ModelInput) -> Lattice | None:
    """Return the lattice of a patch input; None where there is none or where it is denser than the patches."""
    if entry.size is None or entry.pixel is None:
        raise ValueError("a patch has a size and a pixel")
    (height, width), pixel = entry.size, entry.pixel
    ratio = Fraction(grid.resolution / pixel).limit_denominator(MAX_FRACTION)
    stride, dilation = ratio.numerator, ratio.denominator
    if not stride or abs(stride * pixel - dilation * grid.resolution) > 1e-9 or stride**2 > height * width:
        return None
    spacing = pixel / dilation
    left = grid.left + (grid.resolution - (width - 1) * pixel - spacing) / 2
    top = grid.top - (grid.resolution - (height - 1) * pixel - spacing) / 2
    rows, cols = (grid.height - 1) * stride + 1, (grid.width - 1) * stride + 1
    return Lattice(Grid(grid.crs, spacing, left, top, rows + (height - 1) * dilation,
                        cols + (width - 1) * dilation), stride, dilation, entry.size)


class PatchReader:
    """Cuts the patches of one input of a model."""

    def __init__(self, grid: Grid, entry: ModelInput, bindings: Sequence[Binding], bands: BandReader) -> None:
        encode = encoding(entry.encoding)
        self._grid = grid
        self._entry = entry
        self._count = len(bindings)

        def read(locator: Locator) -> Values:
            return encode(bands.read(bindings, locator))

        self._read = read
        lattice = lattice_of(grid, entry)
        self._mosaic = _Mosaic(lattice, read) if lattice else None

    def find(self, block: Block, cells: NDArray[np.int32]) -> InputValues:
        """Return what is known of the patches (bands, height, width) of cells of a block."""
        if not len(cells):
            return InputValues.of(np.zeros((0, self._count, *(self._entry.size or ())), np.float32), None)
        col, row = block.col + cells % block.width, block.row + cells // block.width
        if self._mosaic is None:
            return InputValues.of(self._each(col, row), self._entry.missing)
        return self._mosaic.find(block, col, row, self._entry.missing)

    def _each(self, col: NDArray[np.int32], row: NDArray[np.int32]) -> Values:
        height, width = self._entry.size or (1, 1)
        side = (self._entry.pixel or self._grid.resolution) / self._grid.resolution
        right, down = (np.arange(width) - (width - 1) / 2) * side, (np.arange(height) - (height - 1) / 2) * side
        at_once = max(MAX_PLACES // (height * width), 1)
        parts = []
        for start in range(0, len(col), at_once):
            part = slice(start, start + at_once)
            cols = (col[part] + 0.5)[:, None, None] + right[None, None, :] + np.zeros((1, height, 1))
            rows = (row[part] + 0.5)[:, None, None] + down[None, :, None] + np.zeros((1, 1, width))
            values = self._read(Locator(self._grid, cols.ravel(), rows.ravel(), side))
            parts.append(values.reshape(len(values), *cols.shape).transpose(1, 0, 2, 3))
        return np.concatenate(parts)


class _Mosaic:
    """The bands around a block on the lattice; the rows that the next strip shares are kept."""

    def __init__(self, lattice: Lattice, read: Read) -> None:
        self._lattice = lattice
        self._read = read
        self._columns = (0, 0)
        self._first = 0
        self._values: Values | None = None

    def find(self, block: Block, col: NDArray[np.int32], row: NDArray[np.int32], missing: float | None) -> InputValues:
        """Return what is known of the patches of cells of a block."""
        lattice, (height, width) = self._lattice, self._lattice.reach
        columns = (block.col * lattice.stride, (block.col + block.width - 1) * lattice.stride + width)
        top, bottom = int(row.min()) * lattice.stride, int(row.max()) * lattice.stride + height
        values = self._rows(columns, top, bottom)
        rows, cols = row.astype(np.int64) * lattice.stride - top, col.astype(np.int64) * lattice.stride - columns[0]
        lacking = np.isnan(values)
        gaps = self._gaps(lacking, rows, cols)
        if lacking.any():  # without a `missing` value the cells with gaps are left out
            values = np.where(lacking, np.float32(missing or 0), values)

        def take(keep: NDArray[np.bool_]) -> Patches:
            return Patches(values, rows[keep], cols[keep], lattice.size, lattice.dilation)

        return InputValues(gaps, lattice.size[0] * lattice.size[1], take)

    def _gaps(self, lacking: NDArray[np.bool_], rows: NDArray[np.int64],
              cols: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many values each patch lacks of each band (patches, bands)."""
        gaps = np.zeros((len(rows), len(lacking)), np.int64)
        for band in np.flatnonzero(lacking.any(axis=(1, 2))):
            sums = lacking[band].astype(np.int64)
            for reach in self._lattice.reach:  # down the rows, then, turned, along the columns
                places = len(sums) - reach + 1
                sums = np.sum([sums[step:step + places] for step in range(0, reach, self._lattice.dilation)], axis=0).T
            gaps[:, band] = sums[rows, cols]
        return gaps

    def _rows(self, columns: tuple[int, int], top: int, bottom: int) -> Values:
        """Return the places of rows `top` to `bottom`, reading those that are not there yet."""
        kept = self._values
        if kept is None or columns != self._columns or not self._first <= top <= self._first + kept.shape[1]:
            kept, self._first = self._sample(columns, top, bottom), top
        kept = kept[:, top - self._first:]
        if kept.shape[1] < bottom - top:
            kept = np.concatenate([kept, self._sample(columns, top + kept.shape[1], bottom)], axis=1)
        self._columns, self._first, self._values = columns, top, kept
        return kept[:, :bottom - top]

    def _sample(self, columns: tuple[int, int], top: int, bottom: int) -> Values:
        values = self._read(self._lattice.locator(top, bottom, *columns))
        return values.reshape(len(values), bottom - top, columns[1] - columns[0])
