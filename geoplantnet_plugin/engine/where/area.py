"""The area: the polygons a person draws or picks, in any CRS, and the grid that is laid over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.where import place
from geoplantnet_plugin.engine.where.grid import Grid
from geoplantnet_plugin.engine.where.layers import read_polygons

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from shapely import Geometry

DEFAULT_RESOLUTION = 50.0
LEAST_METRES, MOST_METRES = 0.1, 1e6
MOST_CELLS = 10**10
"""Of the rectangle around an area: a square of 1,000 km has as many at 10 m."""
SMALL_AREA_CELLS = 100
"""An area of more cells than this, however thin, is taken to hold at least one cell centre."""
MOST_NAMED = 10_000
"""Areas that may be told apart by a field: each has its own rows in the tables."""


@dataclass(frozen=True)
class Area:
    """Valid polygons in the grid's CRS; `shape` is their union, `hectares` their area on the ellipsoid."""

    polygons: GeoDataFrame
    shape: Geometry
    crs: str
    hectares: float

    def grid(self, resolution: float | None) -> Grid:
        """Return the aligned grid that covers the area (metres; 50 m where nothing else is asked).

        Raises:
            EngineError: ``area_resolution``, ``area_cells``.
        """
        resolution = DEFAULT_RESOLUTION if resolution is None else resolution
        if not LEAST_METRES <= resolution <= MOST_METRES:
            raise EngineError("area_resolution", resolution=resolution, least=LEAST_METRES, most=MOST_METRES)
        left, bottom, right, top = self.shape.bounds
        cells = (right - left) * (top - bottom) / resolution**2
        if cells > MOST_CELLS:
            raise EngineError("area_cells", resolution=resolution, cells=float(f"{cells:.1g}"), most=float(MOST_CELLS),
                              least=math.ceil(resolution * (cells / MOST_CELLS) ** 0.5))
        return Grid.covering(self.crs, resolution, self.shape.bounds)

    def inside(self, grid: Grid) -> NDArray[np.bool_]:
        """Return which cells of `grid` (height, width) have their centre in the area.

        An area that holds no cell centre at all gets the cell that contains a point of it.
        """
        from rasterio.features import rasterize

        mask = np.zeros((grid.height, grid.width), np.uint8)
        part = self.shape.intersection(_box(grid))
        if not part.is_empty:
            rasterize([part], out=mask, transform=grid.transform, default_value=1)
        if self._is_below_a_cell(grid):
            self._mark_its_cell(grid, mask)
        return mask.astype(bool)

    def named(self, field: str, warner: Warner) -> dict[str, Area]:
        """Return the areas that the values of `field` name, in the order in which they first come.

        Polygons of one value belong together; those without one are left out. A warning says so,
        and another one where areas overlap: a cell then belongs to each of them.

        Raises:
            EngineError: there is no such field, no value or too many.
        """
        columns = [column for column in self.polygons.columns if column != self.polygons.geometry.name]
        if field not in columns:
            raise EngineError("area_no_field", field=field, fields=columns or "–")
        values = self.polygons[field].map(_text)
        if (blank := int((values == "").sum())):
            warner.warning("area_unnamed", count=blank, field=field)
        names = [name for name in dict.fromkeys(values) if name]
        if not 1 <= len(names) <= MOST_NAMED:
            raise EngineError("area_names", field=field, count=len(names), most=MOST_NAMED)
        areas = {name: self._part(self.polygons[values == name]) for name in names}
        shared = sum(area.shape.area for area in areas.values()) - _union_area(areas)
        if shared > 1:
            warner.warning("areas_overlap", hectares=round(shared / 1e4, 2))
        return areas

    def _part(self, polygons: GeoDataFrame) -> Area:
        return Area(polygons, polygons.geometry.make_valid().union_all(), self.crs,
                    place.hectares(polygons.geometry, ""))

    def _is_below_a_cell(self, grid: Grid) -> bool:
        """Whether the area holds no cell centre; only a small area can, so only then is it looked up."""
        from rasterio.features import rasterize

        if self.hectares * 1e4 > SMALL_AREA_CELLS * grid.resolution**2:
            return False
        whole = Grid.covering(grid.crs, grid.resolution, self.shape.bounds)
        mask = rasterize([self.shape], (whole.height, whole.width), transform=whole.transform, dtype="uint8")
        return not mask.any()

    def _mark_its_cell(self, grid: Grid, mask: NDArray[np.uint8]) -> None:
        point = self.shape.representative_point()
        col = int((point.x - grid.left) // grid.resolution)
        row = int((grid.top - point.y) // grid.resolution)
        if 0 <= row < grid.height and 0 <= col < grid.width:
            mask[row, col] = 1


def _text(value: object) -> str:
    """Return a field's value as a name; blank where there is none."""
    if value is None or value != value:
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def _union_area(areas: dict[str, Area]) -> float:
    from shapely import union_all

    return float(union_all([area.shape for area in areas.values()]).area)


def read_area(source: str, grid_crs: str | None, warner: Warner) -> Area:
    """Read the polygons of ``FILE`` or ``FILE|layername=NAME`` and bring them into the grid's CRS.

    Without `grid_crs`, that is EPSG:3035 inside its area of use, polar stereographic near the poles and the local UTM
    zone elsewhere. Invalid polygons are repaired with a warning.

    Raises:
        EngineError: the file cannot be read, has no CRS or no polygon, its coordinates are no places on earth, or
            `grid_crs` is not in metres.
    """
    polygons, shapes, bounds = read_placed(source, warner)
    crs = place.grid_crs(bounds, grid_crs)
    projected = shapes.to_crs(crs)
    shape = projected.make_valid().union_all()
    if shape.is_empty or not np.isfinite(shape.bounds).all() or place.is_torn(shapes, projected, source):
        raise EngineError("area_not_in_crs", area=source, crs=crs.to_string())
    return Area(polygons.set_geometry(projected), shape, crs.to_string(), place.hectares(shapes, source))


def read_placed(source: str, warner: Warner) -> tuple[GeoDataFrame, GeoSeries, place.Degrees]:
    """Return the polygons of a source in its own CRS, their shapes with split edges, and their bounds in degrees.

    Raises:
        EngineError: the file cannot be read, has no CRS or no polygon, or its coordinates are no places on earth.
    """
    polygons = read_polygons(source, warner)
    place.refuse_false_units(polygons.geometry, source)
    shapes = place.densified(polygons.geometry)
    return polygons, shapes, place.bounds_in_degrees(shapes, source)


def _box(grid: Grid) -> Geometry:
    from shapely import box

    return box(*grid.bounds)
