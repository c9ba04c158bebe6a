"""The area of a request: GeoJSON in any CRS, checked before anything is computed with it."""

from __future__ import annotations

import json
import math
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException
from shapely.geometry import shape

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks

from .problems import Problem
from .settings import Limits

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CRS = re.compile(r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/|)(OGC|EPSG)[:/](?:[\d.]*[:/])?(\w+)")
SPARSE = 200
"""How many cells the frame of an area may have for each cell it may hold itself."""


DEPTHS = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}
"""How deep positions are nested in the coordinates of GeoJSON's geometries."""
MOST_NESTED = 10
"""Collections within one another."""


@dataclass(frozen=True)
class RequestArea:
    """A checked area: the `document` to hand to the engine, the `area` itself and its number of `cells`."""

    document: dict[str, Any]
    area: Area
    cells: int

    def name(self, asked: datetime) -> str:
        """Return what an assessment of it is called, since nobody has given it a name: where, how large and when."""
        point = self.area.polygons.to_crs("EPSG:4326").geometry.make_valid().union_all().representative_point()
        north, east = "N" if point.y >= 0 else "S", "E" if point.x >= 0 else "W"
        return (f"{abs(point.y):.3f}° {north}, {abs(point.x):.3f}° {east}, "
                f"{self.area.hectares:.{1 if self.area.hectares < 10 else 0}f} ha, {asked.date().isoformat()}")


def read_request_area(value: dict[str, Any], crs: str | None, resolution: float | None,
                      limits: Limits) -> RequestArea:
    """Check a GeoJSON geometry, feature or collection and count its cells (of 50 m where no `resolution` is given).

    Raises:
        Problem: it is no polygon, more than the limits allow, or whatever the engine finds wrong with it.
    """
    document = {"type": "FeatureCollection", "features": _features(value, limits),
                "crs": {"type": "name", "properties": {"name": _crs(crs)}}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "area.geojson"
        path.write_text(json.dumps(document), encoding="utf-8")
        try:
            area = read_area(str(path), None, Reporter())
        except EngineError as error:
            # What the engine calls by its file is the request's own.
            error.params = {key: str(value).replace(str(path), "area.geojson") for key, value in error.params.items()}
            raise Problem.of(400, error) from error
    if area.hectares > limits.area_km2 * 100:
        raise Problem(413, "served_area_large", km2=round(area.hectares / 100), most=limits.area_km2)
    return RequestArea(document, area, _cells(area, resolution, limits))


def _cells(area: Area, resolution: float | None, limits: Limits) -> int:
    if resolution is not None and resolution < limits.least_resolution:
        raise Problem(400, "served_resolution", resolution=resolution, least=limits.least_resolution)
    grid = area.grid(resolution)
    estimate = area.hectares * 1e4 / grid.resolution**2
    if estimate <= 1.1 * limits.cells and grid.height * grid.width <= SPARSE * limits.cells:
        estimate = sum(int(entry.inside.sum()) for entry in area_blocks(area, grid))
    if estimate > limits.cells or grid.height * grid.width > SPARSE * limits.cells:
        raise Problem(413, "served_cells", cells=round(estimate), most=limits.cells)
    return int(estimate)


def _crs(name: str | None) -> str:
    """Return the URN of a CRS. Only names are looked up: PROJ's own strings may lead to files."""
    match = _CRS.fullmatch((name or CRS84).strip())
    urn = f"urn:ogc:def:crs:{'OGC:1.3' if match[1] == 'OGC' else 'EPSG:'}:{match[2]}" if match else ""
    try:
        CRS.from_user_input(urn)
    except CRSError as error:
        # GDAL would take coordinates in an unknown CRS for degrees.
        raise Problem(400, "served_crs", crs=str(name)[:80]) from error
    return urn


def _features(value: dict[str, Any], limits: Limits) -> list[dict[str, Any]]:
    entries = _entries(value)
    if len(entries) > limits.areas:
        raise Problem(413, "served_areas", count=len(entries), most=limits.areas)
    features = [_feature(entry) for entry in entries]
    if not any(land for *_, land in features):
        raise Problem(400, "served_no_polygon")
    vertices = sum(count for _, count, _ in features)
    if vertices > limits.vertices:
        raise Problem(413, "served_vertices", count=vertices, most=limits.vertices)
    return [feature for feature, *_ in features]


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict) and value.get("type") == "FeatureCollection" and isinstance(value.get("features"), list):
        return list(value["features"])
    return [value]


def _feature(entry: Any) -> tuple[dict[str, Any], int, bool]:
    """Return a feature, its properties reduced to plain values, its number of vertices, and whether it has polygons."""
    is_feature = isinstance(entry, dict) and entry.get("type") == "Feature"
    geometry = entry.get("geometry") if is_feature else entry
    vertices, land = _check_geometry(geometry, MOST_NESTED)
    try:
        shape(geometry)
    except (GEOSException, ValueError, TypeError, AttributeError, IndexError) as error:
        raise Problem(400, "served_bad_polygon", reason=str(error)[:120]) from error
    properties = (entry.get("properties") if is_feature else None) or {}
    if not isinstance(properties, dict):
        raise Problem(400, "served_no_polygon")
    plain = {key: item for key, item in properties.items() if isinstance(item, (str, int, float, bool))}
    return {"type": "Feature", "properties": plain, "geometry": geometry}, vertices, land


def _check_geometry(geometry: Any, nested: int) -> tuple[int, bool]:
    """Return the number of positions of a geometry, and whether polygons are in it: the engine takes those alone."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection" and nested and isinstance(geometry.get("geometries"), list):
        found = [_check_geometry(part, nested - 1) for part in geometry["geometries"]]
        return sum(vertices for vertices, _ in found), any(land for _, land in found)
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise Problem(400, "served_no_polygon")
    return _check_numbers(geometry.get("coordinates"), DEPTHS[kind]), kind.endswith("Polygon")


def _check_numbers(rings: Any, depth: int) -> int:
    """Return the number of positions in nested lists of finite numbers."""
    if depth == 1:
        if (not isinstance(rings, list) or not 2 <= len(rings) <= 4
                or not all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in rings)
                or not all(math.isfinite(value) for value in rings[:2])):
            raise Problem(400, "served_bad_polygon", reason="coordinates")
        return 1
    if not isinstance(rings, list) or not rings:
        raise Problem(400, "served_bad_polygon", reason="coordinates")
    return sum(_check_numbers(part, depth - 1) for part in rings)
