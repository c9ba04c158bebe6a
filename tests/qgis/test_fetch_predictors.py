"""Predictors from the net through Processing, against the real local server."""

import json
import subprocess
from pathlib import Path

import pytest
from osgeo import gdal
from qgis import processing
from qgis.core import QgsProcessingException

ROOT = Path(__file__).resolve().parents[2]
BOX = "600500,602500,5199500,5201500 [EPSG:32632]"
SERVE = """
import sys
import numpy as np
from rasterio.transform import from_origin
from tests.server.http_server import Server
from tests.server.rasters import cog
server = Server()
values = np.tile(np.arange(2048, dtype="int16"), (2048, 1))
server.rasters["/warm.tif"] = cog(values, from_origin(600000, 5202000, 10, 10), "EPSG:32632")
print(server.address, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def source(engine, tmp_path, monkeypatch):
    """A source `heat` with one file of 2048 × 2048 pixels of 10 m, whose value is the column."""
    running = subprocess.Popen([str(engine.python), "-c", SERVE], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    url = running.stdout.readline().strip()
    sources = tmp_path / "sources.json"
    sources.write_text(json.dumps({"sources": {"heat": {
        "title": "Heat", "kind": "file", "address": f"{url}/{{asset}}.tif", "resolution": 10, "attribution": "© Heat",
        "licence": "CC0", "terms": "https://example.org/terms", "documentation": ["https://example.org"],
        "variables": {"warm": {"title": "Warmth", "unit": "°C", "scale": 0.1}}}}}))
    monkeypatch.setenv("GEOPLANTNET_SOURCES", str(sources))
    monkeypatch.setenv("GEOPLANTNET_CACHE", str(tmp_path / "cache"))
    yield
    running.communicate()


def _fetch(out, **changes):
    return {"EXTENT": BOX, "SOURCES": "heat:warm", "OUTPUT": str(out), **changes}


def test_size_and_terms_come_before_the_download(plugin, source, tmp_path, feedback):
    told = processing.run("geoplantnet:fetchpredictors", _fetch(tmp_path / "out"), feedback=feedback)
    assert told["REQUESTS"] > 0 and 0 < told["MEGABYTES"] < 1
    assert any("© Heat" in line and "example.org/terms" in line for line in feedback.infos)
    assert any("Nothing was downloaded" in line for line in feedback.warnings)
    assert not list(tmp_path.glob("out/*"))


def test_what_was_agreed_to_arrives_with_its_name_unit_and_source(plugin, source, tmp_path):
    processing.run("geoplantnet:fetchpredictors", _fetch(tmp_path / "out", CONSENT=True))
    raster, = (tmp_path / "out").glob("*.tif")
    dataset = gdal.Open(str(raster))
    band = dataset.GetRasterBand(1)
    assert (band.GetDescription(), band.GetUnitType(), band.GetScale()) == ("warm", "°C", pytest.approx(0.1))
    left, width = dataset.GetGeoTransform()[:2]
    assert dataset.RasterXSize < 300 and band.ReadAsArray()[0, 0] == round((left - 600000) / width)
    assert "Heat" in dataset.GetMetadataItem("ATTRIBUTION")


def test_a_source_that_does_not_exist_gets_a_sentence(plugin, source, tmp_path):
    with pytest.raises(QgsProcessingException, match="nowhere"):
        processing.run("geoplantnet:fetchpredictors", _fetch(tmp_path / "out", SOURCES="nowhere"))
