"""Areas as people have them: the same land gives the same hectares, or the same sentence."""

import json
import sqlite3
import struct
import zipfile
from contextlib import closing

import geopandas
import numpy as np
import pytest
from pyproj import CRS, Transformer
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate
from shapely.geometry import mapping

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.where.area import read_area

UTM = "EPSG:32632"
X, Y = 500_200, 4_998_200
SQUARE = box(X, Y, X + 1000, Y + 1000)
SPIKE = Polygon([(X, Y), (X + 800, Y + 800), (X + 800, Y), (X, Y + 800), (X, Y + 1300), (X, Y + 800)])
PLAIN = box(X + 1000, Y + 1000, X + 1400, Y + 1400)
TWICE = Polygon([(X, Y), (X + 1000, Y), (X + 1000, Y + 1000), (X + 400, Y + 1000), (X + 400, Y + 400),
                 (X + 600, Y + 400), (X + 600, Y + 600), (X - 200, Y + 600), (X - 200, Y)])
LOCAL = 'LOCAL_CS["site grid",UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'


class Told:
    def __init__(self):
        self.codes = []

    def warning(self, code, **params):
        self.codes.append(code)


def layer(path, shapes, crs=UTM, **options):
    geopandas.GeoDataFrame(geometry=list(shapes), crs=crs).to_file(path, **options)
    return str(path)


def geojson(path, *shapes, **more):
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(shape)} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return str(path)


def hectares(source, grid=UTM):
    return read_area(source, grid, Told()).hectares


def code_of(source, grid=None):
    with pytest.raises(EngineError) as raised:
        read_area(source, grid, Told())
    str(raised.value)
    return raised.value.code


@pytest.mark.parametrize("shapes, expected", [
    ([SPIKE, PLAIN], 48), ([SPIKE], 32), ([TWICE], 96),
    ([GeometryCollection([MultiPolygon([box(X, Y, X + 400, Y + 400), box(X + 800, Y, X + 1200, Y + 400)]),
                          LineString([(X, Y), (X + 100, Y + 100)])]), PLAIN], 48),
    ([GeometryCollection([GeometryCollection([GeometryCollection([PLAIN]), Point(X, Y)]), SPIKE])], 48),
    ([PLAIN, LineString([(X, Y), (X + 9, Y)])], 16),
    ([Polygon(SQUARE.exterior, [PLAIN.exterior]), translate(PLAIN, 500, 0)], None)])
def test_no_land_vanishes(tmp_path, shapes, expected):
    path = geojson(tmp_path / "a.geojson", *shapes, crs={"type": "name", "properties": {"name": UTM}})
    if expected is None:  # an independent answer: GEOS' own union of what buffering by 0 repairs
        whole = geopandas.GeoSeries(shapes).buffer(0).union_all()
        expected = whole.area / 1e4
    assert hectares(path) == pytest.approx(expected, rel=1e-3)


def test_nested_folders_of_kml(tmp_path):
    ring = geopandas.GeoSeries([SQUARE], crs=UTM).to_crs(4326)[0].exterior.coords
    places = " ".join(f"{x},{y}" for x, y in ring)
    polygon = (f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{places}</coordinates></LinearRing>"
               "</outerBoundaryIs></Polygon>")
    path = tmp_path / "site.kml"
    path.write_text(f'''<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
        <Folder><name>Points</name><Placemark><Point><coordinates>9,45</coordinates></Point></Placemark></Folder>
        <Folder><name>Site</name><Placemark><MultiGeometry><Point><coordinates>9,45</coordinates></Point>
        <MultiGeometry>{polygon}</MultiGeometry></MultiGeometry></Placemark></Folder></Document></kml>''')
    assert hectares(str(path)) == pytest.approx(100, rel=1e-3)


def test_a_file_with_several_layers_of_polygons_is_asked_about(tmp_path):
    path = tmp_path / "two.gpkg"
    layer(path, [box(X, Y, X + 100, Y + 100)], layer="old")
    layer(path, [SQUARE], layer="site", mode="a")
    assert code_of(str(path)) == "area_layers"
    assert hectares(f"{path}|layername=site") == pytest.approx(100, rel=1e-3)
    assert hectares(f"{path}|layername=old") == pytest.approx(1, rel=1e-3)
    assert hectares(f"{path}|layerid=1") == hectares(f"{path}|layername=site|geometrytype=Polygon")
    assert code_of(f"{path}|layername=none") == "area_unreadable"
    assert code_of(f"{path}|layername=") == code_of(f"{path}|layerid=2") == "area_layers"


def test_the_one_layer_of_polygons_is_taken(tmp_path):
    path = tmp_path / "trees.gpkg"
    layer(path, [Point(X, Y)], layer="trees")
    layer(path, [SQUARE], layer="site", mode="a")
    assert hectares(str(path)) == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("rings, expected", [
    ([SQUARE.exterior, box(X + 2000, Y, X + 2500, Y + 500).exterior], 100),
    ([SQUARE.exterior, box(X + 500, Y, X + 1500, Y + 500).exterior], 75),
    ([SQUARE.exterior, *[box(X + 200, Y + 200, X + 700, Y + 700).exterior] * 2], 75)])
def test_a_hole_is_never_land(tmp_path, rings, expected):
    """Outside of its shell, across its edge, and twice the same."""
    source = geojson(tmp_path / "a.geojson", Polygon(rings[0], rings[1:]),
                     crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}})
    assert hectares(source) == pytest.approx(expected, rel=2e-3)


def test_a_ring_that_is_left_open_is_closed(tmp_path):
    closed = geojson(tmp_path / "closed.geojson", box(7, 46, 7.02, 46.01))
    document = json.loads((tmp_path / "closed.geojson").read_text())
    document["features"][0]["geometry"]["coordinates"][0].pop()
    (tmp_path / "open.geojson").write_text(json.dumps(document))
    assert hectares(str(tmp_path / "open.geojson")) == hectares(closed)


def test_a_shapefile_deep_in_a_zip(tmp_path):
    layer(tmp_path / "site.shp", [SQUARE])
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        for path in tmp_path.glob("site.*"):
            if path.suffix != ".zip":
                archive.write(path, f"données du site/{path.name}")
    assert hectares(str(tmp_path / "site.zip")) == hectares(str(tmp_path / "site.shp"))


def test_zips_of_shapefiles(tmp_path):
    for name, shape in (("old", PLAIN), ("site", SQUARE)):
        layer(tmp_path / f"{name}.shp", [shape])
        with zipfile.ZipFile(tmp_path / "both.zip", "a") as both, zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as one:
            for part in tmp_path.glob(f"{name}.[!z]*"):
                both.write(part, part.name)
                one.write(part, part.name)
    assert code_of(str(tmp_path / "both.zip")) == "area_layers"
    assert hectares(f"{tmp_path / 'both.zip'}|layername=site") == pytest.approx(100, rel=1e-3)
    assert hectares(str(tmp_path / "old.zip")) == pytest.approx(16, rel=1e-3)
    assert hectares(f"/vsizip/{tmp_path / 'both.zip'}/old.shp") == pytest.approx(16, rel=1e-3)
    assert code_of("/vsicurl/http://127.0.0.1:9/a.shp") == "area_missing"


def test_a_subset_of_a_layer_stays_one(tmp_path):
    frame = geopandas.GeoDataFrame({"kind": ["a", "b|c"]}, geometry=[SQUARE, translate(PLAIN, 5000)], crs=UTM)
    frame.to_file(tmp_path / "a.gpkg", layer="a")
    assert hectares(f"{tmp_path / 'a.gpkg'}|layername=a|subset=\"kind\" = 'b|c'") == pytest.approx(16, rel=1e-3)


@pytest.mark.parametrize("size", [1000, 100, 1])
def test_geojson_in_metres(tmp_path, size):
    path = geojson(tmp_path / "a.geojson", box(X, Y, X + size, Y + size))
    assert code_of(path) == code_of(path, UTM) == "area_no_degrees"


@pytest.mark.parametrize("shape, crs, code", [
    (box(2_600_000, 1_200_000, 2_600_100, 1_200_100), "EPSG:4326", "area_no_degrees"),
    (box(9.0, 45.1, 9.1, 45.2), UTM, "area_no_metres"), (SQUARE, LOCAL, "area_crs_local"),
    (box(1e14, 1e14, 1.1e14, 1.1e14), "EPSG:3035", "area_not_on_earth"),
    (box(-1e300, -1e300, 1e300, 1e300), "EPSG:3035", "area_not_on_earth"),
    (box(4e6, 5e5, 4.001e6, 5.01e5), "EPSG:4978", "area_crs_geocentric"), (SQUARE, None, "area_no_crs"),
    (box(10, 91, 11, 92), "EPSG:4326", "area_no_degrees"), (box(361, 9, 362, 10), "EPSG:4326", "area_no_degrees")])
def test_coordinates_that_are_no_place_on_earth(tmp_path, shape, crs, code):
    assert code_of(layer(tmp_path / "a.gpkg", [shape], crs)) == code


def test_grads_are_no_degrees(tmp_path):
    """NTF (Paris) counts in grads: 50 gr are 45°, and 100 gr the pole."""
    path = layer(tmp_path / "a.gpkg", [box(4, 50, 4.01, 50.01)], "EPSG:4807")
    assert read_area(path, None, Told()).crs == "EPSG:3035"


@pytest.mark.parametrize("lon, crs", [(177.99, "EPSG:32760"), (-179.5, "EPSG:32701"), (179.5, "EPSG:32760")])
def test_near_the_antimeridian(tmp_path, lon, crs):
    area = read_area(geojson(tmp_path / "a.geojson", box(lon, -17.1, lon + 0.1, -17)), None, Told())
    assert area.crs == crs


def test_across_the_antimeridian(tmp_path):
    """A tenth of a degree on both sides, written in the four ways people write it, and elsewhere on the parallel."""
    west, east = box(179.9, -17.1, 180, -17), box(-180, -17.1, -179.9, -17)
    there = hectares(geojson(tmp_path / "there.geojson", box(177.1, -17.1, 177.3, -17)), None)
    for number, shapes in enumerate(([west, east], [MultiPolygon([west, east])], [box(179.9, -17.1, 180.1, -17)],
                                     [box(-180.1, -17.1, -179.9, -17)])):
        area = read_area(geojson(tmp_path / f"{number}.geojson", *shapes), None, Told())
        assert area.hectares == pytest.approx(there, rel=1e-9)
        assert area.crs in ("EPSG:32760", "EPSG:32701")
        assert area.shape.area / 1e4 == pytest.approx(there, rel=2e-3)
        assert area.inside(area.grid(500)).sum() == pytest.approx(there / 25, rel=0.01)
    round_ = geojson(tmp_path / "round.geojson", box(-179.9, -17.1, 179.9, -17))
    assert code_of(round_) == "area_antimeridian"
    assert code_of(str(tmp_path / "0.geojson"), "EPSG:3857") == "area_not_in_crs"


@pytest.mark.parametrize("south", [False, True])
def test_at_the_poles(tmp_path, south):
    """A square of 20 km around the pole, in polar stereographic and as a cap in degrees."""
    crs = CRS("EPSG:3031" if south else "EPSG:3995")
    square = read_area(layer(tmp_path / "pole.gpkg", [box(-1e4, -1e4, 1e4, 1e4)], crs), None, Told())
    assert square.crs == ("EPSG:5042" if south else "EPSG:5041")
    # Polar stereographic is true to scale at 71°, and at the pole (1 + sin 71°) / 2 as long (Snyder 1987, eq. 21-33)
    assert square.hectares == pytest.approx(40_000 / ((1 + np.sin(np.radians(71))) / 2) ** 2, rel=0.01)
    sign = -1 if south else 1
    edges = sorted((sign * 89.0, sign * 90.0))
    cap = read_area(geojson(tmp_path / "cap.geojson", box(-180, edges[0], 180, edges[1])), None, Told())
    assert cap.crs == square.crs
    x, _ = Transformer.from_crs("EPSG:4326", cap.crs, always_xy=True).transform(90, sign * 89.0)
    assert cap.shape.area == pytest.approx(np.pi * (x - 2e6) ** 2, rel=1e-2)
    near = read_area(geojson(tmp_path / "near.geojson", box(20, sign * 85, 21, sign * 85.1)
                             if not south else box(20, -85.1, 21, -85)), None, Told())
    assert near.crs == square.crs


def test_the_world_is_too_wide(tmp_path):
    assert code_of(geojson(tmp_path / "a.geojson", box(-170, -60, 0, 60), box(0, -60, 170, 60))) == "area_wide"


def test_numbers_that_are_none(tmp_path):
    ring = [[X, Y], [X + 1e400, Y], [X, Y + 100], [X, Y]]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert code_of(str(path)) in ("area_not_finite", "area_unreadable", "area_no_polygon", "area_no_degrees")


@pytest.mark.parametrize("resolution, code", [
    (1e-300, "area_resolution"), (1e300, "area_resolution"), (-5.0, "area_resolution"),
    (float("nan"), "area_resolution"), (0.1, None), (1e6, None)])
def test_resolutions_without_a_grid(tmp_path, resolution, code):
    area = read_area(layer(tmp_path / "a.gpkg", [SQUARE]), UTM, Told())
    if code is None:
        assert area.grid(resolution).width >= 1
        return
    with pytest.raises(EngineError) as raised:
        area.grid(resolution)
    assert raised.value.code == code and "metres" in str(raised.value)


def test_more_cells_than_anybody_waits_for_are_refused_with_the_finest_that_goes(tmp_path):
    area = read_area(layer(tmp_path / "a.gpkg", [box(X, Y, X + 100_000, Y + 100_000)]), UTM, Told())
    with pytest.raises(EngineError) as raised:
        area.grid(0.1)
    assert raised.value.code == "area_cells"
    assert area.grid(float(raised.value.params["least"])).width == 100_000


def surface(kind, faces):
    """The ISO well-known binary of a TIN (16) or polyhedral surface (15) with heights."""
    part = 1017 if kind == 16 else 1003
    rings = b"".join(struct.pack("<BIII", 1, part, 1, len(face)) + struct.pack(f"<{3 * len(face)}d", *sum(face, ()))
                     for face in faces)
    return struct.pack("<BII", 1, 1000 + kind, len(faces)) + rings


FACE = [(X, Y, 0.0), (X + 1000, Y, 0.0), (X + 1000, Y + 1000, 5.0), (X, Y + 1000, 5.0), (X, Y, 0.0)]


@pytest.mark.parametrize(("kind", "faces"), [
    (16, [[*FACE[:3], FACE[0]], [FACE[0], FACE[2], FACE[3], FACE[0]]]), (15, [FACE]),
    (15, [FACE, [(x, y, 50.0) for x, y, _ in FACE], [*FACE[:2], (X + 1000, Y, 50.0), (X, Y, 50.0), FACE[0]]])],
    ids=["TIN", "surface", "box"])
@pytest.mark.parametrize("inside", [False, True])
def test_surfaces_are_the_land_below_them(tmp_path, kind, faces, inside):
    expected = hectares(layer(tmp_path / "square.gpkg", [SQUARE]))
    path, wkb = tmp_path / "a.gpkg", surface(kind, faces)
    geopandas.GeoDataFrame(geometry=[SQUARE], crs=UTM).to_file(path, SPATIAL_INDEX="NO", geometry_type="Unknown")
    if inside:
        wkb = struct.pack("<BII", 1, 1007, 1) + wkb
    with closing(sqlite3.connect(path)) as tables:
        tables.execute("UPDATE a SET geom = ?", (struct.pack("<2sBBi", b"GP", 0, 1, 32632) + wkb,))
        tables.commit()
    assert hectares(str(path)) == pytest.approx(expected, rel=1e-4)
