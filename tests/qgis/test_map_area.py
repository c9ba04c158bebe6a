"""A map of tiles in QGIS is the assessment of the area in one piece: layers, table, point tool, parts of the area."""

import json
import shutil
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY

from geoplantnet_plugin.common.virtual import is_mosaic
from geoplantnet_plugin.layers.build import assessment_layers
from geoplantnet_plugin.layers.cell import cell_at
from geoplantnet_plugin.layers.coverage import read_coverage
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.subarea import subarea_coverage

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
CELL = 100


@pytest.fixture(scope="module")
def both(engine, plugin_of_module, tmp_path_factory):
    """A part of the demo's land in cells of 100 m, mapped in two tiles of 2 km and assessed in one piece."""
    folder = tmp_path_factory.mktemp("map")
    given = {"AREA": rectangle(folder / "area.geojson"), "MODEL": "western-swiss-alps", "RESOLUTION": CELL,
             "PREDICTORS": [str(DEMO / "predictors.tif")]}
    whole = processing.run("geoplantnet:maparea", {**given, "SIDE": 2, "OUTPUT": str(folder / "map")})
    piece = processing.run("geoplantnet:assess", {**given, "OUTPUT": str(folder / "piece")})
    assert whole["CELLS"] == piece["CELLS"]
    return read_assessment(folder / "map"), read_assessment(folder / "piece")


def rectangle(path):
    """Write 2.8 × 1.6 km on both sides of the edge of two tiles, which lies at 4,098 km."""
    left, right, bottom, top = 4_096_600, 4_099_400, 2_588_200, 2_589_800
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3035"}}}), encoding="utf-8")
    return str(path)


def test_it_opens_as_one_assessment(both):
    whole, piece = both
    assert len(whole.tiles) == 2 and not piece.tiles
    layers = {entry.layer.name(): entry.layer for entry in assessment_layers(whole)}
    assert set(layers) >= {indicator.title_with_unit for indicator in piece.indicators}
    assert all(layer.isValid() for layer in layers.values())
    rows = [(row.name, round(row.coverage, 1)) for row in read_coverage(whole)]
    assert rows == [(row.name, round(row.coverage, 1)) for row in read_coverage(piece)]


def test_a_point_and_a_part_say_what_one_piece_says(both):
    whole, piece = both
    crs, grid = QgsCoordinateReferenceSystem(piece.crs), piece.grid
    middle = QgsPointXY(grid.left + grid.width // 2 * CELL + 40, grid.top - grid.height // 2 * CELL - 40)
    one, other = (cell_at(assessment, middle, crs) for assessment in both)
    assert one and one.taxa == other.taxa and one.indicators == other.indicators and one.centre == other.centre
    assert cell_at(whole, QgsPointXY(grid.left - 1e5, grid.top), crs) is None

    part = QgsGeometry.fromPointXY(middle).buffer(600, 16)
    found, wanted = (subarea_coverage(assessment, "part", [part], crs, read_coverage(assessment))
                     for assessment in both)
    assert found.cells == wanted.cells > 100
    assert [(row.name, row.coverage, row.max_score) for row in found.rows] == [
        (row.name, row.coverage, row.max_score) for row in wanted.rows]


@pytest.mark.parametrize("change", [
    ("../tiles", "/vsicurl/http://elsewhere/tiles"), ("../tiles", "../../tiles"),
    ('relativeToVRT="1"', 'relativeToVRT="0"'),
    ("<SourceBand>", "<OpenOptions/><SourceBand>"), ('band="1"', 'band="1" subClass="VRTDerivedRasterBand"'),
    ("<VRTDataset", "<!DOCTYPE a><VRTDataset")])
def test_a_virtual_raster_that_leads_elsewhere_is_not_opened(both, tmp_path, change):
    home = both[0].folder
    shutil.copytree(home / "tiles", tmp_path / "tiles")
    (tmp_path / "indicators").mkdir()
    text = (home / "indicators" / "richness.vrt").read_text(encoding="utf-8")
    harmless, harmful = tmp_path / "indicators" / "good.vrt", tmp_path / "indicators" / "bad.vrt"
    harmless.write_text(text, encoding="utf-8")
    harmful.write_text(text.replace(*change), encoding="utf-8")
    assert is_mosaic(harmless) and not is_mosaic(harmful)
