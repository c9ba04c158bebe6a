"""Geometry: where cells of the grid fall in a raster, and how large its pixels are on the ground."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.sampling import POSITION_DECIMALS, Floats, Positions
from geoplantnet_plugin.engine.where.grid import Block, Grid

if TYPE_CHECKING:
    from pyproj import Transformer

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""

CORNERS = ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5))
"""Offsets of a place's corners in its sides, in the order of `Positions.corners`."""


TILE = 16.0
"""Cells along the side of a tile: coordinates are computed exactly at its corners."""
TOLERANCE = 0.01
"""What interpolation within a tile may be wrong by, in cells; else every cell is computed exactly."""


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> Transformer | None:
    """Return the transformation between two CRSs (x, y order), None where they are the same."""
    from pyproj import CRS, Transformer

    from_crs, to_crs = CRS.from_user_input(source), CRS.from_user_input(target)
    if from_crs.equals(to_crs, ignore_axis_order=True):
        return None
    return Transformer.from_crs(from_crs, to_crs, always_xy=True)


def project(source: str, target: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Bring coordinates from one CRS into another; infinite where that is impossible."""
    change = transformer(source, target)
    return (x, y) if change is None else change.transform(x, y)


def project_bounds(source: str, target: str, bounds: Bounds) -> Bounds:
    """Return the bounds in another CRS, edges densified; infinite where that is impossible."""
    change = transformer(source, target)
    return bounds if change is None else change.transform_bounds(*bounds)


@lru_cache(maxsize=64)
def _is_geographic(crs: str) -> bool:
    from pyproj import CRS

    return bool(CRS.from_user_input(crs).is_geographic)


def pixels(crs: str, transform: Affine, x: Floats, y: Floats) -> Floats:
    """Return the pixel positions (2, …) of coordinates of the raster's own CRS."""
    if _is_geographic(crs) and not (transform.b or transform.d):  # from 0° to 360°, or across the antimeridian
        left = transform.c if transform.a > 0 else transform.c - 360.0
        x = np.where(x < left, x + 360.0, np.where(x >= left + 360.0, x - 360.0, x))
    if transform.b or transform.d:
        turned = ~transform
        col, row = turned.a * x + turned.b * y + turned.c, turned.d * x + turned.e * y + turned.f
    else:
        col, row = (x - transform.c) / transform.a, (y - transform.f) / transform.e
    return np.stack([col, row]).round(POSITION_DECIMALS)


class Locator:
    """Finds places of a grid in rasters: each CRS is computed once.

    A place is a square of `side` cells around (`col`, `row`) (n,), counted in cells from the grid's corner.
    """

    def __init__(self, grid: Grid, col: Floats, row: Floats, side: float) -> None:
        self._grid = grid
        self._col = col
        self._row = row
        self._side = side
        self._coordinates: dict[tuple[str, float, float], tuple[Floats, Floats]] = {}

    @classmethod
    def of_cells(cls, grid: Grid, block: Block, cells: NDArray[np.int32]) -> Locator:
        """Return the locator of cells of a block (flat positions)."""
        row, col = np.divmod(cells.astype(np.float64), block.width)
        return cls(grid, block.col + col + 0.5, block.row + row + 0.5, 1.0)

    def __len__(self) -> int:
        return len(self._col)

    def locate(self, crs: str, transform: Affine, shape: tuple[int, int],
               corners: bool) -> tuple[NDArray[np.bool_], Positions]:
        """Return which places have their centre in the raster, and the positions of those."""
        centre = self._pixels(crs, transform, 0.0, 0.0)
        with np.errstate(invalid="ignore"):
            inside = (centre >= 0) & (centre < np.array([[shape[1]], [shape[0]]]))
        within: NDArray[np.bool_] = np.logical_and(inside[0], inside[1])
        if not corners:
            return within, Positions(centre[:, within])
        around = np.stack([self._pixels(crs, transform, *corner) for corner in CORNERS])
        within &= np.isfinite(around).all(axis=(0, 1))
        return within, Positions(centre[:, within], around[:, :, within])

    def _pixels(self, crs: str, transform: Affine, right: float, down: float) -> Floats:
        key = (crs, right, down)
        if key not in self._coordinates:
            self._coordinates[key] = self._project(crs, right, down)
        return pixels(crs, transform, *self._coordinates[key])

    def _project(self, crs: str, right: float, down: float) -> tuple[Floats, Floats]:
        """Coordinates of a point of each place, interpolated within tiles where that is exact enough.

        Tiles are counted from the grid's corner and not the block's, so that a place has one position.
        """
        if not len(self._col):
            return self._col, self._row
        at_col, at_row = self._col + right * self._side, self._row + down * self._side
        tile_col, tile_row = at_col // TILE, at_row // TILE
        first_col, first_row = tile_col.min(), tile_row.min()
        nodes = self._nodes(crs, first_col, first_row, tile_col.max(), tile_row.max())
        col, row = (tile_col - first_col).astype(int), (tile_row - first_row).astype(int)
        u, v = at_col / TILE - tile_col, at_row / TILE - tile_row
        x, y = (_between(axis, row, col, u, v) for axis in nodes)
        exact = self._uneven(crs, first_col, first_row, nodes)[row, col]
        if exact.any():
            x[exact], y[exact] = self._exact(crs, at_col[exact], at_row[exact])
        return x, y

    def _nodes(self, crs: str, first_col: float, first_row: float, last_col: float,
               last_row: float) -> tuple[Floats, Floats]:
        col, row = np.meshgrid(np.arange(first_col, last_col + 2) * TILE,
                               np.arange(first_row, last_row + 2) * TILE)
        return self._exact(crs, col, row)

    def _uneven(self, crs: str, first_col: float, first_row: float,
                nodes: tuple[Floats, Floats]) -> NDArray[np.bool_]:
        """Return the tiles in which interpolation is wrong by more than `TOLERANCE` cells at the middle."""
        rows, cols = np.indices((nodes[0].shape[0] - 1, nodes[0].shape[1] - 1))
        middle = self._exact(crs, (first_col + cols + 0.5) * TILE, (first_row + rows + 0.5) * TILE)
        half = np.full(rows.shape, 0.5)
        with np.errstate(invalid="ignore"):
            error = np.hypot(*(_between(axis, rows, cols, half, half) - at
                               for axis, at in zip(nodes, middle, strict=True)))
            diagonal = np.hypot(*(axis[1:, 1:] - axis[:-1, :-1] for axis in nodes))
            uneven: NDArray[np.bool_] = ~(error * TILE <= TOLERANCE * diagonal)
        return uneven

    def _exact(self, crs: str, col: Floats, row: Floats) -> tuple[Floats, Floats]:
        return project(self._grid.crs, crs, self._grid.left + col * self._grid.resolution,
                       self._grid.top - row * self._grid.resolution)


def _between(nodes: Floats, row: NDArray[np.int_], col: NDArray[np.int_], u: Floats, v: Floats) -> Floats:
    """Return bilinear values within the tiles (`row`, `col`) of a lattice; `u` goes right, `v` down."""
    upper = nodes[row, col] * (1 - u) + nodes[row, col + 1] * u
    lower = nodes[row + 1, col] * (1 - u) + nodes[row + 1, col + 1] * u
    return upper * (1 - v) + lower * v


def pixel_metres(crs: str, transform: Affine, x: float, y: float) -> tuple[float, float]:
    """Return the width and height on the ellipsoid of a pixel at a place of the raster's CRS."""
    from pyproj import Geod

    lon, lat = project(crs, "EPSG:4326", np.array([x, x + transform.a, x + transform.b]),
                       np.array([y, y + transform.d, y + transform.e]))
    geod = Geod(ellps="WGS84")
    return (float(geod.inv(lon[0], lat[0], lon[1], lat[1])[2]),
            float(geod.inv(lon[0], lat[0], lon[2], lat[2])[2]))
