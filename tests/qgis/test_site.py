"""Where and from what: buffers in metres, checks before a run, runs that are continued, paces."""

import json
import math
import shutil

import pytest
from osgeo import ogr, osr
from qgis import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
)
from samples import LEFT, TOP, drawn_layer
from scripted_engine import a_fit, a_light, checked, engine_that, use_engine

from geoplantnet_plugin.bridge.fit import read_fit
from geoplantnet_plugin.bridge.pace import recall, remember
from geoplantnet_plugin.bridge.unfinished import FolderInUse, begin, forget, unfinished_runs
from geoplantnet_plugin.geometry import buffered, hectares

EXTENT = f"{LEFT},{LEFT + 600},{TOP - 400},{TOP} [EPSG:3035]"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32632"])
def test_a_buffer_is_in_metres_on_the_ground(qgis_app, crs):
    system = QgsCoordinateReferenceSystem(crs)
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    there = osr.SpatialReference()
    there.ImportFromEPSG(int(crs[5:]))
    there.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    x, y, _ = osr.CoordinateTransformation(degrees, there).TransformPoint(9.5, 60.0)
    shape = buffered(QgsGeometry.fromPointXY(QgsPointXY(x, y)), system, 500.0)
    circle = math.pi * 25  # hectares; 64 corners enclose 0.2 % less
    assert hectares(shape, system) == pytest.approx(circle, rel=0.01)


def test_points_reach_the_engine_with_their_buffer(plugin, tmp_path, monkeypatch):
    use_engine(monkeypatch, engine_that(tmp_path, f"""
import shutil
shutil.copy(job["area"], {str(tmp_path / "area.gpkg")!r})
say(event="error", code="stop_here", params={{}})
sys.exit(2)
"""))
    layer = drawn_layer("Point", "POINT (7 46)", "POINT (7.1 46)")
    values = {"AREA": layer.id(), "PREDICTOR_FOLDER": str(tmp_path), "OUTPUT": str(tmp_path / "out")}
    with pytest.raises(QgsProcessingException, match="buffer in metres"):
        processing.run("geoplantnet:assess", values)
    with pytest.raises(QgsProcessingException):
        processing.run("geoplantnet:assess", {**values, "BUFFER": 100})
    written = ogr.Open(str(tmp_path / "area.gpkg"))
    _, _, bottom, top = written.GetLayer(0).GetExtent()
    assert written.GetLayer(0).GetFeatureCount() == 2
    assert (top - bottom) * 111_130 == pytest.approx(200, rel=0.01)


def test_a_check_says_what_fits_poorly(plugin, tmp_path, monkeypatch, feedback):
    use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(
        a_light("slope", "red", "cube_predictor_missing", bands=["a"]), outside=0.31,
        lists=[{"indicator": "rare", "title": "Rare species", "share": 0.2}]))))
    found = processing.run("geoplantnet:checkfit", {"EXTENT": EXTENT, "PREDICTOR_FOLDER": str(tmp_path)},
                           feedback=feedback)
    assert found["CELLS"] == 50 and found["OUTSIDE"] == pytest.approx(31)
    assert read_fit(json.loads(found["FIT"])).lights[0].state == "red"
    assert any("31 %" in text for text in feedback.warnings) and any("Rare" in text for text in feedback.warnings)
    assert any("slope" in text and "No band is called" in text for text in feedback.infos)


class TestUnfinished:
    @pytest.fixture
    def stopped(self, plugin, tmp_path, monkeypatch):
        """A run that was stopped after the engine had begun its folder."""
        script = """
import os
os.makedirs(job["out"], exist_ok=True)
open(job["out"] + "/assessment.json", "w").write('{"schema": 1, "state": "unfinished"}')
open(job["out"] + "/seen.json", "w").write(json.dumps(job))
sys.exit(3)
"""
        use_engine(monkeypatch, engine_that(tmp_path, script))
        layer = drawn_layer("Point", "POINT (7 46)")
        out = tmp_path / "out"
        processing.run("geoplantnet:assess", {"AREA": layer.id(), "BUFFER": 100, "PREDICTOR_FOLDER": str(tmp_path),
                                              "OUTPUT": str(out), "SET_RULE": "topk:5", "PREDICTOR_CRS": "EPSG:2056"})
        yield out
        for run in unfinished_runs():
            forget(run)

    def test_it_can_be_continued_when_its_layer_is_gone(self, stopped):
        QgsProject.instance().clear()
        first = json.loads((stopped / "seen.json").read_text())
        (run,) = unfinished_runs()
        assert run.out == stopped
        processing.run("geoplantnet:assess", run.parameters)
        again = json.loads((stopped / "seen.json").read_text())
        assert again == first, "the same job, with the area as it was kept"

    def test_it_is_offered_until_it_is_complete_or_forgotten(self, stopped):
        (run,) = unfinished_runs()
        (stopped / "assessment.json").write_text('{"schema": 1, "state": "complete"}')
        assert unfinished_runs() == []
        (stopped / "assessment.json").write_text('{"schema": 1, "state": "unfinished"}')
        forget(run)
        assert unfinished_runs() == []

    def test_while_it_runs_it_is_not_offered_and_its_folder_is_taken(self, stopped, tmp_path):
        with begin(stopped):
            assert unfinished_runs() == []
            with pytest.raises(FolderInUse), begin(stopped):
                pass
            with pytest.raises(QgsProcessingException, match="Another assessment is being written"):
                processing.run("geoplantnet:assess", {"EXTENT": EXTENT, "PREDICTOR_FOLDER": str(tmp_path),
                                                      "OUTPUT": str(stopped)})

    def test_a_run_that_wrote_nothing_leaves_nothing(self, plugin, tmp_path):
        with begin(tmp_path / "nothing") as run:
            run.save({"OUTPUT": str(tmp_path / "nothing")})
        assert not run.folder.exists()


def test_the_pace_of_a_run_tells_what_the_next_takes(qgis_app, tmp_path):
    (tmp_path / "species.tif").write_bytes(b"0" * 5000)
    remember("test-model", {"cells": 1000, "timings": {"scores": 3.0, "write": 1.0}}, 6.0, tmp_path)
    pace = recall("test-model")
    assert pace.seconds_for(2000) == pytest.approx(2 + 2 * 4) and pace.bytes_for(2000) == pytest.approx(10_000)
    remember("test-model", {"cells": 10, "timings": {"scores": 3.0}}, 6.0, tmp_path)
    assert recall("test-model") == pace, "a tiny run says less"
    assert recall("never-run") is None


def test_rasters_are_not_opened_by_qgis(plugin, tmp_path, monkeypatch, assessment_folder):
    """QGIS would compute histograms on its main thread and write them beside a person's files."""
    use_engine(monkeypatch, engine_that(tmp_path, f"""
open({str(tmp_path / "job.json")!r}, "w").write(json.dumps(job))
say(event="error", code="stop_here", params={{}})
sys.exit(2)
"""))
    raster = tmp_path / "data" / "env.tif"
    raster.parent.mkdir()
    shutil.copy(assessment_folder / "indicators" / "richness.tif", raster)
    layer = QgsRasterLayer(str(assessment_folder / "species.tif"), "In the project")
    QgsProject.instance().addMapLayer(layer)
    with pytest.raises(QgsProcessingException):
        processing.run("geoplantnet:assess", {"EXTENT": EXTENT, "OUTPUT": str(tmp_path / "out"),
                                              "PREDICTORS": [str(raster), layer.id(), "In the project"]})
    job = json.loads((tmp_path / "job.json").read_text())
    species = str(assessment_folder / "species.tif")
    assert job["predictors"] == [str(raster), species, species]
    assert [path.name for path in raster.parent.iterdir()] == ["env.tif"]
    missing = [str(tmp_path / "missing.tif"), "nowhere.tif"]  # which the engine names, all at once
    with pytest.raises(QgsProcessingException):
        processing.run("geoplantnet:assess", {"EXTENT": EXTENT, "OUTPUT": str(tmp_path / "out"), "PREDICTORS": missing})
    assert json.loads((tmp_path / "job.json").read_text())["predictors"] == missing
