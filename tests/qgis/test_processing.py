"""The provider and its algorithms: parameters, sentences, loading into a project."""

import ast
import json
from pathlib import Path
from unittest.mock import patch

import pytest
from osgeo import ogr
from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from samples import LEFT, SPECIES, TOP, WIDTH
from scripted_engine import engine_that, use_engine

from geoplantnet_plugin.bridge.interpreter import EngineMissing
from geoplantnet_plugin.gui.history import python_command

EXTENT = f"{LEFT},{LEFT + WIDTH * 50},{TOP - 400},{TOP} [EPSG:3035]"


def _algorithm(name):
    return QgsApplication.processingRegistry().createAlgorithmById(f"geoplantnet:{name}")


@pytest.fixture
def assess(plugin):
    return _algorithm("assess")


def test_ids_are_stable_and_everything_has_help(plugin):
    provider = QgsApplication.processingRegistry().providerById("geoplantnet")
    assert {algorithm.id() for algorithm in provider.algorithms()} == {
        f"geoplantnet:{name}" for name in (
            "archivefield", "askservice", "assess", "buildcube", "cancelservicejob", "checkfit", "checkmodel",
            "compareassessments", "comparesites", "estimatepublished", "fetchpredictors", "fetchservicejob",
            "fieldproject", "floraspecies", "importmodel", "importtaxa", "loadassessment", "maparea", "modelinfo",
            "namepart", "nearfloras", "packfield", "plancube", "quicklist", "readfield", "removemodel", "report",
            "servicejobs", "setupengine", "speciesmonths", "speciesphotos", "speciesprofile")}
    for algorithm in provider.algorithms():
        assert algorithm.shortHelpString() and not algorithm.icon().isNull()
        assert all(parameter.help() for parameter in algorithm.parameterDefinitions())


@pytest.mark.parametrize(("parameters", "sentence"), [
    ({"PREDICTOR_FOLDER": "/x"}, "No area"),
    ({"EXTENT": EXTENT, "AREA": "/a.gpkg", "PREDICTOR_FOLDER": "/x"}, "Two areas"),
])
def test_parameters_that_do_not_fit_get_a_sentence(assess, parameters, sentence):
    fits, text = assess.checkParameterValues({"OUTPUT": "/out", **parameters}, QgsProcessingContext())
    assert not fits and sentence in text


def test_the_history_holds_what_qgis_would_write_without_opening_rasters(assess, assessment_folder):
    context = QgsProcessingContext()
    parameters = {"EXTENT": EXTENT, "SOURCE": 0, "BUFFER": 25, "PRESENT": [3], "OUTPUT": "/it's/out",
                  "AREA": QgsProcessingFeatureSourceDefinition("/a.gpkg", True)}
    assert python_command(assess, parameters, context) == assess.asPythonCommand(parameters, context)
    rasters = [str(assessment_folder / "indicators" / "richness.tif"), "/it's/gone.tif"]
    command = python_command(assess, {"PREDICTORS": rasters, "OUTPUT": "/out"}, context)
    inputs = ast.literal_eval(command[command.index("{"):-1])
    assert inputs == {"PREDICTORS": rasters, "OUTPUT": "/out"}
    assert not context.temporaryLayerStore().count()


def test_parameters_that_fit(assess):
    assert assess.checkParameterValues(
        {"EXTENT": EXTENT, "PREDICTOR_FOLDER": "/x", "OUTPUT": "/out"}, QgsProcessingContext()) == (True, "")


def test_without_engine_assess_says_what_to_do_and_the_rest_works(assess, monkeypatch):
    def missing():
        raise EngineMissing("Run “Set up the engine”.")

    monkeypatch.setattr("geoplantnet_plugin.processing.engine_algorithm.find_engine", missing)
    assert assess.canExecute() == (False, "Run “Set up the engine”.")
    assert _algorithm("loadassessment").canExecute()[0]


def _echo(tmp_path, monkeypatch):
    """Let assess run an engine that only keeps the job it was given, with the area it could read."""
    use_engine(monkeypatch, engine_that(tmp_path, f"""
import shutil
shutil.copy(job["area"], {str(tmp_path / "area.gpkg")!r})
open({str(tmp_path / "job.json")!r}, "w").write(json.dumps(job))
say(event="error", code="stop_here", params={{}})
sys.exit(2)
"""))


def _run_and_read_job(tmp_path, parameters):
    with pytest.raises(QgsProcessingException):
        processing.run("geoplantnet:assess", {"OUTPUT": str(tmp_path / "out"), **parameters})
    return json.loads((tmp_path / "job.json").read_text())


def test_the_job_holds_what_was_chosen(plugin, assessment_folder, tmp_path, monkeypatch):
    _echo(tmp_path, monkeypatch)
    raster = str(assessment_folder / "indicators" / "richness.tif")
    job = _run_and_read_job(tmp_path, {
        "EXTENT": EXTENT, "MODEL": "some-model", "PREDICTORS": [raster], "PREDICTOR_FOLDER": str(tmp_path),
        "PREDICTOR_CRS": "EPSG:21781", "RESOLUTION": 100, "SET_RULE": "topk:5", "INDICATORS": "richness, shannon",
        "MEMORY": 1})
    expected = {
        "job": "assess", "model": "some-model", "predictors": [raster, str(tmp_path)], "out": str(tmp_path / "out"),
        "resolution": 100.0, "grid_crs": None, "predictor_crs": "EPSG:21781", "set_rule": "topk:5",
        "indicators": ["richness", "shannon"], "memory": 1024**3}
    assert {key: job[key] for key in expected} == expected


def test_a_package_of_ones_own_takes_the_place_of_the_name(plugin, tmp_path, monkeypatch):
    _echo(tmp_path, monkeypatch)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.json").touch()
    job = _run_and_read_job(tmp_path, {"EXTENT": EXTENT, "PREDICTOR_FOLDER": str(tmp_path),
                                       "MODEL_PACKAGE": str(tmp_path / "mine" / "card.json")})
    assert job["model"] == str(tmp_path / "mine") and job["resolution"] is None and job["set_rule"] is None


def test_only_selected_features_reach_the_engine(plugin, tmp_path, monkeypatch):
    layer = QgsVectorLayer("Polygon?crs=EPSG:2056", "Mes parcelles é", "memory")
    for number in range(3):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(number * 10, 0, number * 10 + 5, 5)))
        layer.dataProvider().addFeature(feature)
    layer.selectByIds([2])
    QgsProject.instance().addMapLayer(layer)
    _echo(tmp_path, monkeypatch)
    job = _run_and_read_job(tmp_path, {"AREA": QgsProcessingFeatureSourceDefinition(layer.id(), True),
                                       "PREDICTOR_FOLDER": str(tmp_path)})
    assert Path(job["area"]).stem == "Mes parcelles é"
    written = ogr.Open(str(tmp_path / "area.gpkg"))
    seen = written.GetLayer(0)
    assert seen.GetFeatureCount() == 1 and seen.GetSpatialRef().GetAuthorityCode(None) == "2056"
    assert seen.GetExtent() == (10, 15, 0, 5)


def test_an_engine_error_is_the_algorithms_error(plugin, tmp_path, monkeypatch):
    use_engine(monkeypatch, engine_that(tmp_path, """
say(event="error", code="area_broken", params={"path": "/a.gpkg"})
sys.exit(2)
"""))
    with pytest.raises(QgsProcessingException, match=r"/a\.gpkg"):
        processing.run("geoplantnet:assess", {"EXTENT": EXTENT, "PREDICTOR_FOLDER": str(tmp_path),
                                              "OUTPUT": str(tmp_path / "out")})


def _load_in_task(folder, qtbot):
    """Run loadassessment in a task, then finish it as the Processing dialog does."""
    from processing.gui import Postprocessing

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = _algorithm("loadassessment")
    task = QgsProcessingAlgRunnerTask(algorithm, {"FOLDER": str(folder)}, context)
    results = []
    task.executed.connect(lambda done, values: results.append((done, values)))
    QgsApplication.taskManager().addTask(task)
    qtbot.waitUntil(lambda: bool(results), timeout=30000)
    assert results[0][0]
    with patch.object(Postprocessing, "iface", None, create=True):  # QGIS 3.44 wants a real window, or none
        assert Postprocessing.handleAlgorithmResults(algorithm, context)
    return results[0][1]


def test_an_assessment_loads_grouped_and_in_order(plugin, assessment_folder, qgis_new_project, qtbot):
    values = _load_in_task(assessment_folder, qtbot)
    assert len(values["LAYERS"]) == 7
    root = QgsProject.instance().layerTreeRoot()
    (group,) = root.children()
    assert group.name() == "Test valley (simulated data)"
    assert [child.name() for child in group.children()] == [
        "Area", "Indicators (detail of 250 m)", "Species: score (sigmoid)", "Coverage (%)"]
    assert [node.name() for node in group.children()[1].children()] == ["Species richness (species)", "Habitat"]
    assert [node.name() for node in group.children()[2].children()] == list(SPECIES)
    assert [layer.name() for layer in root.checkedLayers()] == ["Area", "Species richness (species)"]


def test_loading_twice_leaves_the_first_ones_style_alone(plugin, assessment_folder, qgis_new_project, qtbot):
    first = _load_in_task(assessment_folder, qtbot)["LAYERS"]
    layer = next(QgsProject.instance().mapLayer(key) for key in first
                 if QgsProject.instance().mapLayer(key).name() == "Habitat")
    layer.renderer().setOpacity(0.3)
    second = _load_in_task(assessment_folder, qtbot)["LAYERS"]
    assert not set(first) & set(second)
    assert layer.renderer().opacity() == pytest.approx(0.3)
    assert len(QgsProject.instance().layerTreeRoot().children()) == 2


def test_a_folder_that_is_no_assessment_gets_a_sentence(plugin, tmp_path):
    with pytest.raises(QgsProcessingException, match="is not an assessment"):
        processing.run("geoplantnet:loadassessment", {"FOLDER": str(tmp_path)})
