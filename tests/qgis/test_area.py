"""The area as QGIS hands it to the engine: nothing without a place on earth, and no land lost on the way."""

import time

import pytest
from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRunnable, QThreadPool

from geoplantnet_plugin.geometry import hectares
from geoplantnet_plugin.processing.area import write_extent, write_source

SQUARE = "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))"


def layer(kind, *shapes):
    made = QgsVectorLayer(kind, "site", "memory")
    for shape in shapes:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        made.dataProvider().addFeature(feature)
    return made


def without_crs(kind, *shapes):
    made = layer(kind, *shapes)
    made.setCrs(QgsCoordinateReferenceSystem())
    return made


@pytest.mark.parametrize("buffer", [0.0, 10.0])
def test_a_layer_without_crs_is_asked_about(qgis_app, tmp_path, buffer):
    with pytest.raises(QgsProcessingException, match="no coordinate reference system"):
        write_source(without_crs("Polygon", SQUARE), tmp_path / "a.gpkg", buffer)
    with pytest.raises(QgsProcessingException, match="no coordinate reference system"):
        write_extent(QgsRectangle(0, 0, 1, 1), QgsCoordinateReferenceSystem(), tmp_path / "b.gpkg", buffer)
    assert not list(tmp_path.iterdir())


def test_points_and_lines_need_a_buffer(qgis_app, tmp_path):
    for kind, shape in (("Point", "POINT(1 1)"), ("LineString", "LINESTRING(0 0, 1 1)")):
        with pytest.raises(QgsProcessingException, match="no area"):
            write_source(layer(f"{kind}?crs=EPSG:3035", shape), tmp_path / f"{kind}.gpkg")


class Reading(QRunnable):
    """Reads a CRS in a thread of its own, as tasks do."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def run(self):
        self.crs = QgsCoordinateReferenceSystem(self.name)


@pytest.mark.parametrize(("name", "x", "y", "buffer"), [
    ("EPSG:2056", 2600000, 1200000, 0.0), ("EPSG:32632", 400000, 5200000, 100.0)])
def test_a_crs_outlives_the_thread_that_read_it(qgis_app, tmp_path, name, x, y, buffer):
    pool, reading = QThreadPool(), Reading(name)
    reading.setAutoDelete(False)
    pool.setExpiryTimeout(0)
    pool.start(reading)
    pool.waitForDone()
    for _ in range(100):  # the thread ends a moment later, and a QGIS that does not forget is right too
        if reading.crs.toWkt():
            time.sleep(0.01)
    write_extent(QgsRectangle(x, y, x + 1000, y + 1000), reading.crs, tmp_path / "site.gpkg", buffer)
    site = QgsVectorLayer(str(tmp_path / "site.gpkg"), "site", "ogr")
    assert site.crs().authid() == name
    assert site.extent().width() == pytest.approx(1000 + 2 * buffer, abs=2)
    assert hectares(QgsGeometry.fromRect(site.extent()), reading.crs) == pytest.approx(
        (1000 + 2 * buffer) ** 2 / 1e4, rel=0.01)


@pytest.mark.parametrize("kind, shape", [
    ("CurvePolygon", "CurvePolygon (CircularString (0 0, 50 50, 100 0, 50 -50, 0 0))"),
    ("Polygon", "Polygon ((0 0, 100 100, 100 0, 0 100, 0 0))")])
def test_shapes_reach_the_engine_as_they_are(qgis_app, tmp_path, kind, shape):
    """Curves and crossing rings: the engine has one rule for them, wherever they come from."""
    write_source(layer(f"{kind}?crs=EPSG:3035", shape), tmp_path / "site.gpkg")
    file = ogr.Open(str(tmp_path / "site.gpkg"))
    feature = file.GetLayer(0).GetNextFeature()
    assert QgsGeometry.fromWkt(feature.GetGeometryRef().ExportToIsoWkt()).asWkt() == QgsGeometry.fromWkt(shape).asWkt()
