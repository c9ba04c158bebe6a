"""The area: the polygons a person draws or picks, in any CRS, and the grid that is laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.where.grid import Grid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS
    from shapely import Geometry

EUROPE = "EPSG:3035"
DEFAULT_RESOLUTION = 50.0
SMALL_AREA_CELLS = 100
"""An area of more cells than this, however thin, is taken to hold at least one cell centre."""
MOST_NAMED = 10_000
"""Areas that may be told apart by a field: each has its own rows in the tables."""
EDGE_PARTS = 100
"""Edges are split so finely before a reprojection, since a straight edge is straight in its own CRS only."""


@dataclass(frozen=True)
class Area:
    """Valid polygons in the grid's CRS; `shape` is their union, `hectares` their area on the ellipsoid."""

    polygons: GeoDataFrame
    shape: Geometry
    crs: str
    hectares: float

    def grid(self, resolution: float | None) -> Grid:
        """Return the aligned grid that covers the area (metres; 50 m where nothing else is asked)."""
        resolution = DEFAULT_RESOLUTION if resolution is None else resolution
        if not resolution > 0:
            raise EngineError("area_resolution", resolution=resolution)
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

        Polygons of one value belong together; those without one are left out with a warning, and so is said where
        areas overlap: a cell then belongs to each of them.

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
        return Area(polygons, polygons.geometry.make_valid().union_all(), self.crs, _hectares(polygons))

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

    Without `grid_crs`, that is EPSG:3035 inside its area of use and the local UTM zone elsewhere. Invalid
    polygons are repaired with a warning.

    Raises:
        EngineError: the file cannot be read, has no CRS or no polygon, or `grid_crs` is not in metres.
    """
    polygons = _polygons(_read(source), source, warner)
    crs = _grid_crs(polygons, grid_crs)
    hectares = _hectares(polygons)
    edge = max(np.ptp(polygons.total_bounds[[0, 2]]), np.ptp(polygons.total_bounds[[1, 3]])) / EDGE_PARTS
    projected = polygons.set_geometry(polygons.geometry.segmentize(edge) if edge > 0 else polygons.geometry)
    projected = projected.to_crs(crs)
    shape = projected.geometry.make_valid().union_all()
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        raise EngineError("area_not_in_crs", area=source, crs=grid_crs or crs.to_string())
    return Area(projected, shape, crs.to_string(), hectares)


def _read(source: str) -> GeoDataFrame:
    import geopandas

    file, _, layer = source.partition("|layername=")
    if not Path(file).exists():
        raise EngineError("area_missing", area=file)
    try:
        frame = geopandas.read_file(file, layer=layer or None)
    except Exception as error:
        raise EngineError("area_unreadable", area=source, reason=str(error).splitlines()[0]) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise EngineError("area_no_polygon", area=source)
    if frame.crs is None:
        raise EngineError("area_no_crs", area=source)
    return frame


def _polygons(frame: GeoDataFrame, source: str, warner: Warner) -> GeoDataFrame:
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    invalid = ~frame.geometry.is_valid
    if invalid.any():
        warner.warning("area_repaired", area=source, count=int(invalid.sum()))
        frame = frame.set_geometry(frame.geometry.make_valid())
    parts = frame.explode(index_parts=False)
    parts = parts[parts.geometry.geom_type == "Polygon"]
    if parts.empty:
        raise EngineError("area_no_polygon", area=source)
    geometry = parts.geometry.groupby(level=0).agg(lambda pieces: pieces.union_all())
    return frame.loc[geometry.index].set_geometry(geometry.set_crs(frame.crs))


def _grid_crs(polygons: GeoDataFrame, wanted: str | None) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    left, bottom, right, top = _lonlat_bounds(polygons)
    if right - left > 180:
        raise EngineError("area_antimeridian")
    if wanted is None:
        europe = CRS(EUROPE)
        use = europe.area_of_use
        if use and use.west <= left and right <= use.east and use.south <= bottom and top <= use.north:
            return europe
        utm: CRS = polygons.estimate_utm_crs()
        return utm
    try:
        crs = CRS.from_user_input(wanted)
    except CRSError as error:
        raise EngineError("area_grid_crs_unknown", crs=wanted) from error
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise EngineError("area_grid_crs_not_metric", crs=wanted)
    return crs


def _lonlat_bounds(polygons: GeoDataFrame) -> tuple[float, float, float, float]:
    left, bottom, right, top = polygons.to_crs("EPSG:4326").total_bounds
    if not np.isfinite([left, bottom, right, top]).all():
        raise EngineError("area_not_in_crs", area="", crs="EPSG:4326")
    return float(left), float(bottom), float(right), float(top)


def _hectares(polygons: GeoDataFrame) -> float:
    from pyproj import Geod
    from shapely.geometry.polygon import orient

    shape = polygons.to_crs("EPSG:4326").geometry.make_valid().union_all()
    geod = Geod(ellps="WGS84")
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    return sum(abs(geod.geometry_area_perimeter(orient(part))[0]) for part in parts) / 1e4


def _box(grid: Grid) -> Geometry:
    from shapely import box

    return box(*grid.bounds)
