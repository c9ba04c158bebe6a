"""The area of a request and the same area in a file: the same hectares, or both refused. Needs no database."""

import json

import geopandas
import pytest
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.where.area import read_area
from service.problems import Problem
from service.request_area import read_request_area
from service.settings import Limits

LIMITS = Limits()
UTM = "EPSG:32632"
X, Y = 500_200, 4_998_200
SQUARE = box(X, Y, X + 1000, Y + 1000)
AREAS = {
    "square": [SQUARE], "bow tie": [Polygon([(X, Y), (X + 800, Y + 800), (X + 800, Y), (X, Y + 800)])],
    "nested": [GeometryCollection([GeometryCollection([SQUARE, Point(X, Y)]), LineString([(X, Y), (X + 9, Y)])])],
    "overlapping": [MultiPolygon([SQUARE, box(X + 500, Y, X + 1500, Y + 1000)])],
    "hole outside": [Polygon(SQUARE.exterior.coords, [box(X + 2000, Y, X + 2500, Y + 500).exterior.coords])],
    "hole at the edge": [Polygon(SQUARE.exterior.coords, [box(X, Y, X + 500, Y + 500).exterior.coords])],
    "without width": [Polygon([(X, Y), (X + 1, Y), (X + 2, Y)])], "point": [Point(X, Y)],
    "line": [LineString([(X, Y), (X + 9, Y)])], "point beside": [SQUARE, Point(X, Y)], "twice": [SQUARE, SQUARE],
    "heights": [Polygon([(X, Y, 1), (X + 1000, Y, 1), (X + 1000, Y + 1000, 1)])],
    "far away": [box(1e14, 1e14, 1e14 + 1000, 1e14 + 1000)], "degrees": [box(6, 46, 6.1, 46.1)],
    "spike": [Polygon([(X, Y), (X + 800, Y), (X + 800, Y + 800), (X, Y + 800), (X, Y + 2000), (X, Y + 800)])],
    "points thrice": [Polygon([(X, Y)] * 3 + [(X + 1000, Y)] * 2 + [(X + 1000, Y + 1000)])], "empty": [Polygon()],
    "the world": [box(-2e7, -2e7, 2e7, 2e7)]}


@pytest.mark.parametrize("shapes", AREAS.values(), ids=list(AREAS))
def test_a_request_and_a_file_agree(tmp_path, shapes):
    geopandas.GeoDataFrame(geometry=shapes, crs=UTM).to_file(tmp_path / "a.gpkg")
    asked = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": json.loads(json.dumps(mapping(one)))} for one in shapes]}
    try:
        expected = read_area(str(tmp_path / "a.gpkg"), None, SILENT).hectares
    except EngineError:
        with pytest.raises(Problem):
            read_request_area(asked, UTM, 100.0, LIMITS)
    else:
        assert read_request_area(asked, UTM, 100.0, LIMITS).area.hectares == pytest.approx(expected, rel=1e-9)
