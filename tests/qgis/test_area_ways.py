"""The same area drawn in QGIS, as a file, as a layer of it, sent to a service: the same land, or the same sentence."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from osgeo import ogr, osr
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException, QgsVectorLayer

from geoplantnet_plugin.processing.area import crs_of, write_source

ROOT = Path(__file__).resolve().parents[2]
REFUSED = {"no coordinate reference system": "area_no_crs", "have no area": "area_no_polygon"}
"""What QGIS's side says itself of a layer, and the engine's code for it as a file."""
AREAS = {
    "square": ("EPSG:3035", "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4001e3 2601e3, 4e6 2601e3, 4e6 2.6e6))"),
    "crossing": ("EPSG:3035", "POLYGON ((4e6 2.6e6, 4001e3 2601e3, 4001e3 2.6e6, 4e6 2601e3, 4e6 2.6e6))"),
    "crossing beside a good one": (
        "EPSG:2056", "MULTIPOLYGON (((2.6e6 1.2e6, 2601e3 1201e3, 2601e3 1.2e6, 2.6e6 1201e3, 2.6e6 1.2e6)), "
        "((2602e3 1.2e6, 2603e3 1.2e6, 2603e3 1201e3, 2602e3 1201e3, 2602e3 1.2e6)))"),
    "parts that overlap": (
        "EPSG:32632", "MULTIPOLYGON (((4e5 5.2e6, 402e3 5.2e6, 402e3 5202e3, 4e5 5202e3, 4e5 5.2e6)), "
        "((401e3 5201e3, 403e3 5201e3, 403e3 5203e3, 401e3 5203e3, 401e3 5201e3)))"),
    "nested collection": (
        "EPSG:3035", "GEOMETRYCOLLECTION (POINT (4e6 2.6e6), GEOMETRYCOLLECTION (LINESTRING (4e6 2.6e6, 4001e3 2.6e6), "
        "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4001e3 2601e3, 4e6 2601e3, 4e6 2.6e6))))"),
    "hole beyond its shell": (
        "EPSG:3035", "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4001e3 2601e3, 4e6 2601e3, 4e6 2.6e6), "
        "(4000500 2600500, 4002e3 2600500, 4002e3 2600700, 4000500 2600700, 4000500 2600500))"),
    "spike": ("EPSG:3035", "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4009e3 2.6e6, 4001e3 2.6e6, 4001e3 2601e3, 4e6 2601e3, "
                           "4e6 2.6e6))"),
    "heights": ("EPSG:3035", "POLYGON Z ((4e6 2.6e6 5, 4001e3 2.6e6 5, 4001e3 2601e3 5, 4e6 2601e3 5, 4e6 2.6e6 5))"),
    "degrees": ("EPSG:4326", "POLYGON ((7 46, 7.02 46, 7.02 46.02, 7 46.02, 7 46))"),
    "across the antimeridian": (
        "EPSG:4326", "MULTIPOLYGON (((179.98 -16.5, 180 -16.5, 180 -16.48, 179.98 -16.48, 179.98 -16.5)), "
        "((-180 -16.5, -179.98 -16.5, -179.98 -16.48, -180 -16.48, -180 -16.5)))"),
    "near a pole": ("EPSG:4326", "POLYGON ((10 89, 11 89, 11 89.1, 10 89.1, 10 89))"),
    "feet": ("EPSG:2263", "POLYGON ((980000 200000, 985000 200000, 985000 205000, 980000 205000, 980000 200000))"),
    "no land": ("EPSG:3035", "LINESTRING (4e6 2.6e6, 4001e3 2.6e6)"),
    "flat": ("EPSG:3035", "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4e6 2.6e6, 4e6 2.6e6))"),
    "nowhere": ("EPSG:3035", "POLYGON ((1e14 1e14, 2e14 1e14, 2e14 2e14, 1e14 2e14, 1e14 1e14))"),
    "far beyond the world": (
        "EPSG:3035", "POLYGON ((-1e300 -1e300, 1e300 -1e300, 1e300 1e300, -1e300 1e300, -1e300 -1e300))"),
    "a plan of its own": ('LOCAL_CS["site",UNIT["metre",1]]', "POLYGON ((0 0, 1000 0, 1000 1000, 0 1000, 0 0))"),
    "from the centre": ("EPSG:4978", "POLYGON ((4e6 5e5, 4001e3 5e5, 4001e3 501e3, 4e6 501e3, 4e6 5e5))"),
    "curve": ("EPSG:3035", "CURVEPOLYGON (CIRCULARSTRING (4e6 2.6e6, 4001e3 2601e3, 4002e3 2.6e6, 4001e3 2599e3, "
                           "4e6 2.6e6))"),
    "beyond the degrees": ("EPSG:4326", "POLYGON ((700 46, 702 46, 702 48, 700 48, 700 46))"),
    "without CRS": ("", "POLYGON ((4e6 2.6e6, 4001e3 2.6e6, 4001e3 2601e3, 4e6 2601e3, 4e6 2.6e6))")}


def write(path, driver, crs, wkt):
    system = osr.SpatialReference() if crs else None
    if system:
        system.SetFromUserInput(crs)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    layer = source.CreateLayer("site", system, ogr.wkbUnknown)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
    assert layer.CreateFeature(feature) == 0
    return str(path)


def drawn(crs, wkt):
    """What the panel's drawing is kept in."""
    layer = QgsVectorLayer(f"MultiPolygon?crs={crs}", "site", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    layer.dataProvider().addFeature(feature)
    return layer


def handed_over(layer, path):
    """What QGIS hands the engine: a file, or the code of the reason why not."""
    try:
        write_source(layer, path, crs=crs_of(layer, layer))
    except QgsProcessingException as error:
        return next(code for words, code in REFUSED.items() if words in str(error))
    return str(path)


@pytest.fixture(scope="module")
def ways(engine, qgis_app, tmp_path_factory):
    """Of every area, what it is by every way in: hectares and the grid's CRS, or the code of a sentence."""
    folder, files, found = tmp_path_factory.mktemp("ways"), {}, {}
    for number, (name, (crs, wkt)) in enumerate(AREAS.items()):
        file = write(folder / f"{number}.gpkg", "GPKG", crs, wkt)
        files[name, "file"] = files[name, "service"] = file
        if crs.startswith("EPSG"):  # GeoJSON without one is in degrees
            files[name, "geojson"] = write(folder / f"{number}.geojson", "GeoJSON", crs, wkt)
        files[name, "layer"] = handed_over(QgsVectorLayer(file, "site", "ogr"), folder / f"{number}-layer.gpkg")
        if "POLYGON" in wkt and "COLLECTION" not in wkt:
            files[name, "drawing"] = handed_over(drawn(crs, wkt), folder / f"{number}-drawing.gpkg")
    asked = {json.dumps(key): path for key, path in files.items() if path not in REFUSED.values()}
    done = subprocess.run([str(engine.python), str(Path(__file__).with_name("area_ways.py"))], input=json.dumps(asked),
                          capture_output=True, text=True, env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    answers = {tuple(json.loads(key)): answer for key, answer in json.loads(done.stdout).items()}
    for (name, way), path in files.items():
        answer = answers.get((name, way), path)
        if answer != files[name, "file"]:  # the service's packages are not everywhere
            found.setdefault(name, {})[way] = answer
    return found


@pytest.mark.parametrize("name", AREAS)
def test_every_way_in_is_the_same_land_or_the_same_sentence(ways, name):
    answers = ways[name]
    assert {"file", "layer"} <= set(answers)
    first = answers["file"]
    for way, answer in answers.items():
        if isinstance(first, str):
            assert answer == first, way
        else:
            assert answer == [pytest.approx(first[0], rel=1e-5), first[1]], way
