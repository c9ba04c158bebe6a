"""A map of tiles in QGIS is the assessment of the area in one piece: layers, table, point tool, parts of the area."""

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


@pytest.fixture(scope="module")
def both(engine, plugin_of_module, tmp_path_factory):
    """The demo's area in cells of 250 m, mapped in tiles of 4 km and assessed in one piece."""
    folder = tmp_path_factory.mktemp("map")
    given = {"AREA": str(DEMO / "area.geojson"), "MODEL": "western-swiss-alps", "RESOLUTION": 250,
             "PREDICTORS": [str(DEMO / "predictors.tif")]}
    whole = processing.run("geoplantnet:maparea", {**given, "SIDE": 4, "OUTPUT": str(folder / "map")})
    piece = processing.run("geoplantnet:assess", {**given, "OUTPUT": str(folder / "piece")})
    assert whole["CELLS"] == piece["CELLS"]
    return read_assessment(folder / "map"), read_assessment(folder / "piece")


def test_it_opens_as_one_assessment(both):
    whole, piece = both
    assert len(whole.tiles) > 1 and not piece.tiles
    layers = {entry.layer.name(): entry.layer for entry in assessment_layers(whole)}
    assert set(layers) >= {indicator.title_with_unit for indicator in piece.indicators}
    assert all(layer.isValid() for layer in layers.values())
    rows = [(row.name, round(row.coverage, 1)) for row in read_coverage(whole)]
    assert rows == [(row.name, round(row.coverage, 1)) for row in read_coverage(piece)]


def test_a_point_and_a_part_say_what_one_piece_says(both):
    whole, piece = both
    crs, grid = QgsCoordinateReferenceSystem(piece.crs), piece.grid
    middle = QgsPointXY(grid.left + grid.width // 2 * 250 + 100, grid.top - grid.height // 2 * 250 - 100)
    one, other = (cell_at(assessment, middle, crs) for assessment in both)
    assert one and one.taxa == other.taxa and one.indicators == other.indicators and one.centre == other.centre
    assert cell_at(whole, QgsPointXY(grid.left - 1e5, grid.top), crs) is None

    part = QgsGeometry.fromPointXY(middle).buffer(2000, 16)
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
