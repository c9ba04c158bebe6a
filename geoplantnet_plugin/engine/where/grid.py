"""The grid: CRS + resolution + alignment, and the blocks it is worked through in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from affine import Affine
from numpy.typing import NDArray

BLOCK_CELLS = 256
"""Side of a block in cells: one internal tile of the rasters, so that a block is written once."""


@dataclass(frozen=True)
class Block:
    """A window of the grid that is in memory at once: `height` × `width` cells from (`row`, `col`)."""

    index: int
    row: int
    col: int
    height: int
    width: int


class Part(Protocol):
    """Some rows and columns of a raster, such as a block."""

    @property
    def row(self) -> int: ...
    @property
    def col(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...


def raster_window(part: Part) -> Any:
    """Return a part of a raster as rasterio names it."""
    from rasterio.windows import Window

    return Window(part.col, part.row, part.width, part.height)


@dataclass(frozen=True)
class Grid:
    """A north-up raster frame in a projected CRS in metres.

    `left` and `top` are multiples of `resolution` (EEA reference grid in EPSG:3035); a cell is addressed by
    its row and column from the upper left corner and stands for its centre.
    """

    crs: str
    resolution: float
    left: float
    top: float
    height: int
    width: int

    @classmethod
    def covering(cls, crs: str, resolution: float, bounds: tuple[float, float, float, float]) -> Grid:
        """Return the smallest aligned grid that holds `bounds` (left, bottom, right, top; metres)."""
        left, bottom, right, top = bounds
        col0, col1 = math.floor(left / resolution), math.ceil(right / resolution)
        row0, row1 = math.ceil(top / resolution), math.floor(bottom / resolution)
        return cls(crs, resolution, col0 * resolution, row0 * resolution,
                   max(row0 - row1, 1), max(col1 - col0, 1))

    @property
    def transform(self) -> Affine:
        """The affine map from (column, row) to CRS coordinates."""
        return Affine(self.resolution, 0.0, self.left, 0.0, -self.resolution, self.top)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in metres."""
        return (self.left, self.top - self.height * self.resolution,
                self.left + self.width * self.resolution, self.top)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks row by row."""
        index = 0
        for row in range(0, self.height, BLOCK_CELLS):
            for col in range(0, self.width, BLOCK_CELLS):
                yield Block(index, row, col, min(BLOCK_CELLS, self.height - row),
                            min(BLOCK_CELLS, self.width - col))
                index += 1

    def block_grid(self, block: Block) -> Grid:
        """Return the grid of one block."""
        return Grid(self.crs, self.resolution, self.left + block.col * self.resolution,
                    self.top - block.row * self.resolution, block.height, block.width)

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the x of the columns (width,) and the y of the rows (height,) of the cell centres."""
        x = self.left + (np.arange(self.width, dtype=np.float64) + 0.5) * self.resolution
        y = self.top - (np.arange(self.height, dtype=np.float64) + 0.5) * self.resolution
        return x, y
