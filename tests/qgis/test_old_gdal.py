"""What the engine writes, the GDAL of this QGIS reads without a word: tables, rasters, styles."""

import subprocess

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from geoplantnet_plugin.common.assessment import INDICATORS, SPECIES, TABLES
from geoplantnet_plugin.common.resources import RESOURCES, ROOT


@pytest.fixture(scope="module")
def made(engine, tmp_path_factory):
    """An assessment of the demo area, coarse, by the real engine."""
    out = tmp_path_factory.mktemp("old") / "made"
    demo = RESOURCES / "demo"
    command = "from geoplantnet_plugin.engine.commands.line import main; raise SystemExit(main())"
    done = subprocess.run([str(engine.python), "-c", command, "assess", "--area", str(demo / "area.geojson"), "--out",
                           str(out), "--model", "western-swiss-alps", "--predictors", str(demo / "predictors.tif"),
                           "--resolution", "200", "--indicators", "richness"], text=True, capture_output=True, cwd=ROOT)
    assert (out / "assessment.json").is_file(), done.stdout + done.stderr
    return out


@pytest.fixture
def heard():
    """What GDAL says."""
    said = []
    gdal.PushErrorHandler(lambda kind, number, text: said.append(text))
    yield said
    gdal.PopErrorHandler()


def test_tables(made, heard):
    tables = gdal.OpenEx(str(made / TABLES), gdal.OF_VECTOR)
    for index in range(tables.GetLayerCount()):
        list(tables.GetLayer(index))
    assert heard == []


def test_rasters(made, heard):
    for path in (made / SPECIES, *(made / INDICATORS).glob("*.tif")):
        raster = gdal.Open(str(path))
        for band in range(1, raster.RasterCount + 1):
            assert raster.GetRasterBand(band).ReadAsArray() is not None
    assert heard == []


def test_styles(qgis_app, made):
    for path in (made / INDICATORS).glob("*.tif"):
        layer = QgsRasterLayer(str(path), "x", "gdal")
        assert layer.loadNamedStyle(str(path.with_suffix(".qml"))) == ("", True)
