"""Fieldwork, whole: pack, open without the plugin, fill two tablets through the forms, read back, share."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QMimeData, QPoint, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent

from geoplantnet_plugin.common.fieldpackage import read_package
from geoplantnet_plugin.gui.field_tab import FieldTab
from geoplantnet_plugin.layers.coverage import read_coverage
from geoplantnet_plugin.layers.field_basemap import plan_basemap, write_basemap
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.problem import LayerProblem

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"
SITE = QgsRectangle(4_096_500, 2_590_500, 4_097_500, 2_591_300)
OBSERVATIONS, RELEVES = 30, 3
"""On each tablet; `make bench-field` fills one with 150 and 12."""
ELEVATION = str(DEMO / "elevation.tif")


@pytest.fixture(scope="module")
def assessed(engine, plugin_of_module, tmp_path_factory):
    """A corner of the demo, assessed, with a report that need not be made."""
    folder = tmp_path_factory.mktemp("field")
    site = QgsVectorLayer("Polygon?crs=EPSG:3035", "site", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(SITE))
    site.dataProvider().addFeature(feature)
    done = processing.run("geoplantnet:assess", {
        "AREA": site, "MODEL": "western-swiss-alps", "PREDICTORS": [str(DEMO / "predictors.tif")],
        "OUTPUT": str(folder / "assessment")})
    (Path(done["OUTPUT"]) / "report.pdf").write_bytes(b"%PDF-1.4 a report")
    return Path(done["OUTPUT"])


@pytest.fixture(scope="module")
def packed(assessed, qapp):
    """The site, packed from the panel with a background map."""
    background = QgsRasterLayer(ELEVATION, "hills", "gdal")
    QgsProject.instance().addMapLayer(background)
    tab = FieldTab()
    tab.show_assessment(read_assessment(assessed))
    tab.points.setValue(10)
    tab.background.setLayer(background)
    tab.pack(str(assessed.parent / "meadow"))
    while not tab.pack_button.isEnabled():
        qapp.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    assert "meadow" in tab.message.text()
    tab.deleteLater()
    return assessed.parent / "meadow"


def opened(folder, *counts):
    """Open a package in a QGIS that knows nothing of the plugin, and return what it saw."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("QGIS_", "PYTHON"))}
    done = subprocess.run([sys.executable, str(Path(__file__).with_name("open_package.py")), str(folder),
                           *map(str, counts)], env={**environment, "QT_QPA_PLATFORM": "offscreen"},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_package_holds_what_a_tablet_needs(packed):
    assert {path.name for path in packed.iterdir()} == {
        "meadow.qgz", "package.json", "survey.gpkg", "basemap.gpkg", "plan.gpx", "report.pdf", "rasters", "DCIM"}
    package = read_package(packed)
    assert package.points == 10 and package.size < package.budget
    basemap = QgsRasterLayer(str(packed / "basemap.gpkg"), "basemap", "gdal")
    assert basemap.isValid() and basemap.crs().authid() == "EPSG:3035" and basemap.bandCount() >= 3


@pytest.fixture(scope="module")
def tablets(packed):
    """Two copies of the package, opened and filled without the plugin: their folders and what was seen in them."""
    folders = [Path(shutil.copytree(packed, packed.parent / name)) for name in ("one", "two")]
    return {folder: opened(folder, OBSERVATIONS, RELEVES, 2) for folder in folders}


def test_it_opens_without_the_plugin_and_keeps_the_rules_of_qfield(tablets):
    for seen in tablets.values():
        assert seen["opened"] and seen["invalid"] == [] and seen["broken"] == [] and seen["expressions"] == []
        assert seen["relations"] == [True] * 4
        here, everywhere = seen["here"]["names"], seen["everywhere"]["names"]
        assert len(here) == seen["expected"], "the species of the cell one stands in"
        assert set(here) < set(everywhere) and seen["here"]["found"] >= 1


def test_the_forms_speak_french(packed, tmp_path):
    folder = Path(shutil.copytree(packed, tmp_path / "pré"))
    about = json.loads((folder / "package.json").read_text())
    (folder / "package.json").write_text(json.dumps({**about, "language": "fr"}))
    processing.run("geoplantnet:fieldproject", {"FOLDER": str(folder)})
    project = QgsProject()
    assert project.read(str(folder / "meadow.qgz"))
    (observations,) = [layer for layer in project.mapLayers().values() if layer.source().endswith("=observations")]
    index = observations.fields().indexFromName("status")
    assert observations.attributeAlias(index) == "Vue\u00a0?"
    assert {"cherchée, non trouvée": "absent"} in observations.editorWidgetSetup(index).config()["map"]
    project.clear()


def test_two_tablets_come_back_and_what_they_say_is_shared(assessed, tablets, tmp_path, feedback):
    for seen in tablets.values():
        filled = seen["filled"]
        assert filled["errors"] == [] and filled["rows"]["observations"] == OBSERVATIONS
        assert filled["rows"]["photos"] == RELEVES
        assert len(filled["refused"]) == 1 and len(filled["refused"][0]) == 2, "no observer and no species: refused"
    copy = Path(shutil.copytree(assessed, tmp_path / "assessment"))
    done = processing.run("geoplantnet:readfield", {"FOLDER": str(copy), "RETURNED": [str(path) for path in tablets]},
                          feedback=feedback)
    assert done["NEW"] == 2 * (OBSERVATIONS + 4 * RELEVES) + 10, "the plan is the same on both"
    verdict = json.loads((copy / "field" / "verdict.json").read_text())
    assert verdict["records"]["observations"] == 2 * OBSERVATIONS and verdict["records"]["releves"] == 2 * RELEVES
    assert verdict["issues"] == {}, verdict["issues"]
    outcomes = {row["outcome"] for row in verdict["species"]}
    assert "confirmed" in outcomes and not outcomes & {"added"}
    shared = processing.run("geoplantnet:archivefield", {"FOLDER": str(copy), "CREATOR": "Ann"})
    assert shared["ERRORS"] == 0 and Path(shared["ARCHIVE"]).is_file()


def test_a_layer_that_shows_nothing_or_of_a_service_is_refused(assessed, tmp_path, feedback):
    empty = QgsVectorLayer("Polygon?crs=EPSG:3035", "empty", "memory")
    plan = plan_basemap(SITE, empty.crs(), 0, 12, 1_000_000)
    with pytest.raises(LayerProblem, match="shows nothing"):
        write_basemap(empty, plan, tmp_path / "basemap.gpkg", feedback)
    assert not list(tmp_path.iterdir())
    service = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png", "tiles", "wms")
    with pytest.raises(QgsProcessingException, match="comes from a service"):
        processing.run("geoplantnet:packfield", {
            "FOLDER": str(assessed), "POINTS": 2, "BASEMAP": service, "OUTPUT": str(tmp_path / "b")})


def test_the_background_map_becomes_coarser_where_the_budget_is_small():
    crs = QgsCoordinateReferenceSystem("EPSG:3035")
    fine, coarse = (plan_basemap(SITE, crs, 100, 19, budget) for budget in (100_000_000, 1_000_000))
    assert fine.zoom > coarse.zoom and coarse.size <= 1_000_000
    assert fine.resolution == pytest.approx(40_075_017 / 256 / 2 ** fine.zoom * math.cos(math.radians(46.4)), rel=0.01)
    with pytest.raises(LayerProblem, match="budget"):
        plan_basemap(SITE, crs, 100, 19, 10)


def test_what_is_dropped_on_the_tab_is_read_back(assessed, packed, qtbot, plugin_of_module):
    tab = FieldTab()
    qtbot.addWidget(tab)
    tab.show_assessment(read_assessment(assessed))
    assert tab.verdict.text() == "Nothing was read back yet." and not tab.files_button.isEnabled()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(packed))])
    tab.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                             Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: tab.files_button.isEnabled(), timeout=120_000)
    assert "not looked for" in tab.verdict.text()
    rows = read_coverage(read_assessment(assessed))
    assert {dict(row.others)["Field survey"] for row in rows} == {"not looked for"}
    (assessed / "field" / "verdict.json").write_text("nonsense")
    tab.show_assessment(read_assessment(assessed))
    assert "damaged" in tab.verdict.text()
