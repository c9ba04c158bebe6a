"""Where on earth polygons lie: degrees, hectares, and the CRS in metres that suits them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from pyproj import CRS, Transformer
    from shapely import Geometry

EUROPE = "EPSG:3035"
POLAR = {1: "EPSG:5041", -1: "EPSG:5042"}
"""Universal polar stereographic, north and south: beyond the last latitudes of UTM."""
LAST_UTM = {1: 84.0, -1: -80.0}
EDGE_PARTS = 100
"""Edges are split so finely before a reprojection, since a straight edge is straight in its own CRS only."""
TORN = 100.0
"""An edge that is so many times longer in a CRS than on the ground, crosses the seam of that CRS."""
EXACT_DEGREES = 1e-9


@dataclass(frozen=True)
class Degrees:
    """Bounds in degrees: `left` from -180 to 180, `right` beyond 180 where they cross the antimeridian."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude from -180 to 180, and latitude."""
        lon = (self.left + self.right) / 2
        return lon - 360 * (lon >= 180), (self.bottom + self.top) / 2


def to_degrees(crs: CRS, source: str) -> Transformer:
    """Return the transformation of a CRS into longitude and latitude.

    Raises:
        EngineError: the CRS has no place on earth, as local ones of sites and plans have none.
    """
    from pyproj.exceptions import ProjError

    try:
        return _transformation(crs)
    except ProjError as error:
        raise EngineError("area_crs_local", area=source, crs=crs.name) from error


@lru_cache(maxsize=32)
def _transformation(crs: CRS) -> Transformer:
    """Return the transformation, which takes PROJ longer to find than to do, and which any thread may use."""
    from pyproj import Transformer

    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def refuse_false_units(shapes: GeoSeries, source: str) -> None:
    """Raise `EngineError` where the coordinates are metres in a CRS of degrees, degrees in one of metres, or count from
    the centre of the earth.
    """
    if shapes.crs.is_geocentric:
        raise EngineError("area_crs_geocentric", area=source, crs=shapes.crs.name)
    left, bottom, right, top = map(float, shapes.total_bounds)
    if shapes.crs.is_geographic:
        degree = np.degrees(shapes.crs.axis_info[0].unit_conversion_factor)
        if max(abs(bottom), abs(top)) * degree > 90 + EXACT_DEGREES or max(abs(left), abs(right)) * degree > 360:
            raise EngineError("area_no_degrees", area=source, x=left, y=bottom, crs=shapes.crs.name)
    elif max(abs(left), abs(right)) <= 360 and max(abs(bottom), abs(top)) <= 90 and shapes.area.sum() < 1:
        raise EngineError("area_no_metres", area=source, x=left, y=bottom, crs=shapes.crs.name)


def densified(shapes: GeoSeries) -> GeoSeries:
    """Return shapes whose edges are split, such that they stay where they are in another CRS."""
    bounds = shapes.explode(index_parts=False).bounds
    edge = float(np.maximum(bounds.maxx - bounds.minx, bounds.maxy - bounds.miny).max()) / EDGE_PARTS
    return shapes.segmentize(edge) if edge > 0 else shapes


def bounds_in_degrees(shapes: GeoSeries, source: str) -> Degrees:
    """Return the bounds of densified shapes in degrees: the shortest span of longitudes that holds them.

    Raises:
        EngineError: they cannot be expressed in degrees, or go the long way round from one side of the antimeridian to
            the other.
    """
    from shapely import get_coordinates

    lon, lat = _lonlat(get_coordinates(shapes.array), shapes.crs, source)
    if shapes.crs.is_geographic and np.ptp(lon) > 180 and _goes_round(shapes):
        raise EngineError("area_antimeridian", area=source)
    turned = np.unique(lon % 360)
    gaps = np.diff(turned, append=turned[0] + 360)
    widest = int(gaps.argmax())
    left = turned[(widest + 1) % len(turned)]
    left -= 360 * (left >= 180)
    bottom, top = (pole if _holds_pole(shapes, pole, source) else edge
                   for pole, edge in ((-90.0, lat.min()), (90.0, lat.max())))
    return Degrees(float(left), float(bottom), float(left + 360 - gaps[widest]), float(top))


def _goes_round(shapes: GeoSeries) -> bool:
    """Whether a polygon in degrees is wider than half the earth without being a cap around a pole."""
    bounds = shapes.explode(index_parts=False).bounds
    cap = (bounds.miny <= -90 + EXACT_DEGREES) | (bounds.maxy >= 90 - EXACT_DEGREES)
    return bool(((bounds.maxx - bounds.minx > 180) & ~cap).any())


def _holds_pole(shapes: GeoSeries, latitude: float, source: str) -> bool:
    from shapely import Point

    x, y = to_degrees(shapes.crs, source).transform(0.0, latitude, direction="INVERSE")
    if shapes.crs.is_geographic or not np.isfinite([x, y]).all():
        return False
    return bool(shapes.intersects(Point(x, y)).any())


def hectares(shapes: GeoSeries, source: str) -> float:
    """Return the area of the union of densified shapes on the ellipsoid WGS 84."""
    from pyproj import Geod

    geod = Geod(ellps="WGS84")

    def size(ring: Geometry) -> float:
        return abs(float(geod.polygon_area_perimeter(*_lonlat(np.asarray(ring.coords), shapes.crs, source))[0]))

    whole = shapes.make_valid().union_all()
    parts = [part for part in getattr(whole, "geoms", [whole]) if part.geom_type == "Polygon"]
    return sum(size(part.exterior) - sum(map(size, part.interiors)) for part in parts) / 1e4


def grid_crs(bounds: Degrees, wanted: str | None) -> CRS:
    """Return the CRS of the grid: the one wanted, else EPSG:3035 in its area of use, else UTM or polar stereographic.

    Raises:
        EngineError: the CRS wanted is not known or not in metres, or none suits.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if wanted is None:
        return CRS(_usual_crs(bounds))
    try:
        crs = CRS.from_user_input(wanted)
    except CRSError as error:
        raise EngineError("area_grid_crs_unknown", crs=wanted) from error
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise EngineError("area_grid_crs_not_metric", crs=wanted)
    return crs


def _usual_crs(bounds: Degrees) -> str:
    from pyproj import CRS

    use = CRS(EUROPE).area_of_use
    if use and use.west <= bounds.left and bounds.right <= use.east and use.south <= bounds.bottom \
            and bounds.top <= use.north:
        return EUROPE
    lon, lat = bounds.centre
    north = 1 if lat >= 0 else -1
    if abs(lat) > abs(LAST_UTM[north]) or 90 in (-bounds.bottom, bounds.top):
        return POLAR[north]
    if bounds.right - bounds.left > 180:
        raise EngineError("area_wide")
    zone = min(60, int((lon + 180) // 6) + 1)
    return f"EPSG:{(32600 if north > 0 else 32700) + zone}"


def is_torn(shapes: GeoSeries, projected: GeoSeries, source: str) -> bool:
    """Whether densified shapes cross the seam of the CRS that they were projected into: an edge is far too long."""
    from pyproj import Geod
    from shapely import get_coordinates

    lon, lat = _lonlat(get_coordinates(shapes.array), shapes.crs, source)
    ground = Geod(ellps="WGS84").line_lengths(lon, lat)
    x, y = get_coordinates(projected.array).T
    return bool((np.hypot(np.diff(x), np.diff(y)) > TORN * (ground + 1)).any())


def _lonlat(xy: NDArray[np.float64], crs: CRS, source: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon, lat = to_degrees(crs, source).transform(xy[:, 0], xy[:, 1])
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise EngineError("area_not_on_earth", area=source, x=float(xy[0, 0]), y=float(xy[0, 1]), crs=crs.name)
    return lon, lat
