"""The box of pixels that a raster fills, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from affine import Affine

from geoplantnet_plugin.engine.cube.geometry import Bounds
from geoplantnet_plugin.engine.cube.sampling import Window, windows
from geoplantnet_plugin.engine.where.grid import Grid

SIDE = 1024
"""Side of the blocks that are worked on one after the other, in pixels."""
SOURCE_SIDE = 2048
"""Blocks of pixels coarser than the source's are smaller, so that they need no more source pixels a side than this."""
LATTICE = 1e-3
"""What two lattices may differ by, in pixels, to be one."""


def shifted(transform: Affine, col: int, row: int) -> Affine:
    """Return the affine map of a north-up raster counted from another pixel."""
    return Affine(transform.a, 0.0, transform.c + col * transform.a, 0.0, transform.e, transform.f + row * transform.e)


@dataclass(frozen=True)
class GeoBox:
    """The pixels of a raster: CRS, affine map from (column, row), size."""

    crs: str
    transform: Affine
    height: int
    width: int

    @classmethod
    def of_grid(cls, grid: Grid) -> GeoBox:
        """Return the box of a grid's cells."""
        return cls(grid.crs, grid.transform, grid.height, grid.width)

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right, top; the map is north-up."""
        left, top = self.transform.c, self.transform.f
        return left, top + self.height * self.transform.e, left + self.width * self.transform.a, top

    def part(self, window: Window) -> GeoBox:
        """Return the box of some of the pixels."""
        return GeoBox(self.crs, shifted(self.transform, window.col, window.row), window.height, window.width)

    def blocks(self, ratio: float) -> Iterator[Window]:
        """Return windows of at most `SIDE` pixels a side, row by row; a pixel is `ratio` source pixels wide."""
        return windows(self.height, self.width, max(1, min(SIDE, int(SOURCE_SIDE / ratio))))

    def pixels_of(self, transform: Affine) -> tuple[int, int] | None:
        """Return row and column of this box's first pixel in a raster of the same CRS; None on another lattice."""
        steps = (self.transform.a - transform.a, self.transform.e - transform.e)
        if any(abs(step) * max(self.width, self.height) > LATTICE * abs(transform.a) for step in steps):
            return None
        col, row = (self.transform.c - transform.c) / transform.a, (self.transform.f - transform.f) / transform.e
        if max(abs(col - round(col)), abs(row - round(row))) > LATTICE:
            return None
        return round(row), round(col)
