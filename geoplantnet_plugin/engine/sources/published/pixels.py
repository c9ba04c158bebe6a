"""From the cells of the equal-area grid to the pixels of a published map.

Resampling is *nearest*: a cell takes the pixel that holds its centre. Maps of a publisher lie on the same pixels,
so all taxa of a cell come from one pixel, that is from one prediction of the model, and their order is the
model's; no score is mixed with empty pixels. It also means that the positions are computed once a map frame, not
once a map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geoplantnet_plugin.engine.sources.published.tiff import Directory, Georeference
from geoplantnet_plugin.engine.where.grid import Grid

RESAMPLING = "nearest"


@dataclass(frozen=True)
class Cells:
    """The centres of n cells in the CRS of the maps: `x` and `y` (n,)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of(cls, grid: Grid, inside: NDArray[np.bool_], crs: str) -> Cells:
        """Return the cells of `grid` where `inside` (height, width) is true, row by row."""
        from pyproj import Transformer

        columns, rows = grid.centres()
        row, col = np.nonzero(inside)
        x, y = Transformer.from_crs(grid.crs, crs, always_xy=True).transform(columns[col], rows[row])
        return cls(x, y)


@dataclass(frozen=True)
class Pixels:
    """Where cells fall in the maps of one frame.

    `covered` (n,) marks the cells inside the extent. `rows` and `cols` are the window (first, last + 1) of pixels
    that holds them all; `row` and `col` are the positions of the covered cells in it; `tiles` are the tiles it
    takes. None of these means anything when no cell is covered.
    """

    covered: NDArray[np.bool_]
    rows: tuple[int, int]
    cols: tuple[int, int]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    tiles: tuple[int, ...]

    @classmethod
    def of(cls, cells: Cells, directory: Directory, frame: Georeference) -> Pixels:
        """Locate `cells` in the maps that share `directory`'s size and `frame`."""
        inverse = ~Affine(*frame.transform)
        finite = np.isfinite(cells.x) & np.isfinite(cells.y)
        x, y = np.where(finite, cells.x, 0.0), np.where(finite, cells.y, 0.0)
        col = np.floor(inverse.a * x + inverse.b * y + inverse.c).astype(np.int64)
        row = np.floor(inverse.d * x + inverse.e * y + inverse.f).astype(np.int64)
        covered = finite & (col >= 0) & (col < directory.width) & (row >= 0) & (row < directory.height)
        row, col = row[covered], col[covered]
        if not len(row):
            return cls(covered, (0, 0), (0, 0), row, col, ())
        tiles = np.unique(row // directory.tile_height * directory.tiles_across + col // directory.tile_width)
        rows, cols = (int(row.min()), int(row.max()) + 1), (int(col.min()), int(col.max()) + 1)
        return cls(covered, rows, cols, row - rows[0], col - cols[0], tuple(int(tile) for tile in tiles))


def ground_metres(crs: str, pixel: float, longitude: float, latitude: float) -> float:
    """Return the true side of a pixel of `pixel` metres of `crs` at a place, on the WGS 84 ellipsoid.

    In Web Mercator it shrinks with the cosine of the latitude, nearly: 50 m are about 35 m at 46° N.
    """
    from pyproj import Geod, Transformer

    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = there.transform(longitude, latitude)
    lon, lat = there.transform([x, x + pixel, x], [y, y, y + pixel], direction="INVERSE")
    _, _, sides = Geod(ellps="WGS84").inv([lon[0]] * 2, [lat[0]] * 2, lon[1:], lat[1:])
    return float(np.sqrt(sides[0] * sides[1]))
