"""Fieldwork, whole: pack, open without the plugin, fill two tablets through the forms, read back, share."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMimeData, QPoint, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent

from geoplantnet_plugin.common.fieldpackage import read_package
from geoplantnet_plugin.gui.field_tab import FieldTab
from geoplantnet_plugin.layers.manifest import read_assessment

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"
SITE = QgsRectangle(4_096_500, 2_590_500, 4_097_500, 2_591_300)
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
def packed(assessed):
    """The site, packed with a background map."""
    return processing.run("geoplantnet:packfield", {
        "FOLDER": str(assessed), "OUTPUT": str(assessed.parent / "meadow"), "POINTS": 10, "BASEMAP": ELEVATION,
        "MARGIN": 100, "ZIP": True})


def opened(folder, *counts):
    """Open a package in a QGIS that knows nothing of the plugin, and return what it saw."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("QGIS_", "PYTHON"))}
    done = subprocess.run([sys.executable, str(Path(__file__).with_name("open_package.py")), str(folder),
                           *map(str, counts)], env={**environment, "QT_QPA_PLATFORM": "offscreen"},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_package_holds_what_a_tablet_needs(packed):
    folder = Path(packed["OUTPUT"])
    assert {path.name for path in folder.iterdir()} == {
        "meadow.qgz", "package.json", "survey.gpkg", "basemap.gpkg", "plan.gpx", "report.pdf", "rasters", "DCIM"}
    assert Path(packed["PACKED"]).stat().st_size > 100_000
    package = read_package(folder)
    assert package.points == 10 and package.size < package.budget
    basemap = QgsRasterLayer(str(folder / "basemap.gpkg"), "basemap", "gdal")
    assert basemap.isValid() and basemap.crs().authid() == "EPSG:3857" and basemap.bandCount() >= 3


def test_it_opens_without_the_plugin_and_keeps_the_rules_of_qfield(packed):
    seen = opened(packed["OUTPUT"])
    assert seen["opened"] and seen["invalid"] == [] and seen["broken"] == [] and seen["expressions"] == []
    assert seen["relations"] == [True] * 4
    here, everywhere = seen["here"]["names"], seen["everywhere"]["names"]
    assert len(here) == seen["expected"], "the species of the cell one stands in"
    assert set(here) < set(everywhere) and seen["here"]["found"] >= 1


def test_two_tablets_come_back_and_what_they_say_is_shared(assessed, packed, tmp_path, feedback):
    tablets = [Path(shutil.copytree(packed["OUTPUT"], tmp_path / name)) for name in ("one", "two")]
    assert not any(tmp_path.rglob("*-wal"))
    filled = [opened(tablet, 75, 6, 2)["filled"] for tablet in tablets]
    for result in filled:
        assert result["errors"] == [] and result["rows"]["observations"] == 75 and result["rows"]["photos"] == 6
        assert len(result["refused"]) == 1 and len(result["refused"][0]) == 2, "no observer and no species: refused"
    copy = Path(shutil.copytree(assessed, tmp_path / "assessment"))
    done = processing.run("geoplantnet:readfield", {"FOLDER": str(copy), "RETURNED": [str(path) for path in tablets]},
                          feedback=feedback)
    assert done["NEW"] == 2 * (75 + 6 + 12 + 6) + 10
    verdict = json.loads((copy / "field" / "verdict.json").read_text())
    assert verdict["records"]["observations"] == 150 and verdict["records"]["releves"] == 12
    assert verdict["issues"] == {}, verdict["issues"]
    outcomes = {row["outcome"] for row in verdict["species"]}
    assert "confirmed" in outcomes and not outcomes & {"added"}
    again = processing.run("geoplantnet:readfield", {"FOLDER": str(copy), "RETURNED": [str(tablets[1])]})
    assert again["NEW"] == 0
    shared = processing.run("geoplantnet:archivefield", {"FOLDER": str(copy), "CREATOR": "Ann"})
    assert shared["ERRORS"] == 0 and Path(shared["ARCHIVE"]).is_file()


def test_a_layer_that_shows_nothing_or_of_a_service_is_refused(assessed, tmp_path):
    empty = QgsVectorLayer("Polygon?crs=EPSG:3035", "empty", "memory")
    parameters = {"FOLDER": str(assessed), "POINTS": 2, "BASEMAP": empty}
    with pytest.raises(QgsProcessingException, match="shows nothing"):
        processing.run("geoplantnet:packfield", {**parameters, "OUTPUT": str(tmp_path / "a")})
    service = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png", "tiles", "wms")
    with pytest.raises(QgsProcessingException, match="comes from a service"):
        processing.run("geoplantnet:packfield", {**parameters, "BASEMAP": service, "OUTPUT": str(tmp_path / "b")})


def test_what_is_dropped_on_the_tab_is_read_back(assessed, packed, qtbot, plugin_of_module):
    tab = FieldTab()
    qtbot.addWidget(tab)
    tab.show_assessment(read_assessment(assessed))
    assert tab.verdict.text() == "Nothing was read back yet." and not tab.files_button.isEnabled()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(packed["OUTPUT"])])
    tab.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                             Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: tab.files_button.isEnabled(), timeout=60_000)
    assert "not looked for" in tab.verdict.text()


def test_the_button_packs(assessed, qtbot, plugin_of_module, tmp_path):
    QgsProject.instance().clear()
    tab = FieldTab()
    qtbot.addWidget(tab)
    tab.show_assessment(read_assessment(assessed))
    tab.points.setValue(3)
    tab.pack(str(tmp_path / "walk"))
    qtbot.waitUntil(lambda: "walk" in tab.message.text(), timeout=60_000)
    assert read_package(tmp_path / "walk").points == 3 and (tmp_path / "walk" / "walk.qgz").is_file()
