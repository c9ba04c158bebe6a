"""Your own land: draw an area in Spain, press Run; no raster, no network, no model chosen."""

import csv
import shutil
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt

from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.layers.manifest import read_assessment

VEGA = QgsRectangle(3_099_000, 1_675_000, 3_107_000, 1_681_000)
"""A view of EPSG:3035 west of Granada."""


@pytest.fixture
def dock(engine, opened_dock, qgis_iface, qtbot, tmp_path):
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    canvas.setExtent(VEGA)
    canvas.parentWidget().show()
    settings = PluginSettings.load()
    settings.last_output = str(tmp_path / "last")
    settings.save()
    qtbot.waitExposed(canvas)
    return opened_dock


def _drawn_by_clicks(dock, canvas, qtbot):
    qtbot.mouseClick(dock.assess_panel.area.draw.rectangle_button, Qt.MouseButton.LeftButton)
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas.viewport(), QPoint(240, 180))
    qtbot.mouseMove(canvas.viewport(), QPoint(280, 220))
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(280, 220))


def _compared_with_itself(out, folder):
    for name in ("one", "other"):
        shutil.copytree(out, folder / "sites" / name)
    results = processing.run("geoplantnet:comparesites", {"FOLDER": str(folder / "sites"),
                                                           "OUTPUT": str(folder / "compared")})
    assert results["RANKED"] is False and "Not ranked" in Path(results["PAGE"]).read_text(encoding="utf-8")


def test_four_clicks_end_in_a_survey_list(dock, clicks, qgis_iface, qtbot, tmp_path):
    panel, results = dock.assess_panel, dock.results_panel
    qtbot.waitUntil(panel.run_button.isEnabled, timeout=120_000)
    _drawn_by_clicks(dock, qgis_iface.mapCanvas(), qtbot)  # two clicks
    qtbot.waitUntil(lambda: panel.check.fit is not None or bool(panel.check.problem), timeout=120_000)
    fit = panel.check.fit
    assert (fit.model, fit.pool, {light.state for light in fit.lights}) == ("iberian-flora", True, {"green"})
    assert {panel.model.lights.table.topLevelItem(row).text(1) for row in range(len(fit.lights))} == {
        "from the base cube"}
    models = panel.model.model
    offers = [models.itemText(index) for index in range(models.count())]
    assert models.currentIndex() == 0 and "Spain and Portugal" in offers[1] and "knows 100 %" in offers[1]
    assert all("outside the land that it knows" in offer for offer in offers[2:]) and len(offers) == 4
    assert "Spain and Portugal" in panel.model.checking.text()
    assert "survey list" in panel.model.checking.text() and not panel.habitats.isHidden()
    rock = panel.habitats.ticks[3]
    qtbot.mouseClick(rock, Qt.MouseButton.LeftButton, pos=QPoint(8, rock.height() // 2))
    assert panel.parameters()["PRESENT"] == [3] and panel.parameters()["MODEL"] == "iberian-flora"
    with qtbot.waitSignal(panel.assessed, timeout=300_000) as finished:
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    assert clicks.count - 1 == 4, "without the habitat, which nobody has to tick"
    out = Path(finished.args[0])
    assessment = read_assessment(out)
    assert assessment.survey.pool and assessment.coverage_file is None
    qtbot.waitUntil(lambda: results.survey.model.rowCount() > 0, timeout=120_000)
    with (out / "survey_list.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == results.survey.model.rowCount() > 500
    assert [row["Group"] for row in rows] == sorted(row["Group"] for row in rows)
    assert any(row["Endemic"] == "yes" and row["Recorded"] == "here" for row in rows)
    assert {row["Habitat"] for row in rows} == {"fits", "unknown", "does not fit"}
    visible = {results.tabs.tabText(i) for i in range(results.tabs.count()) if results.tabs.isTabVisible(i)}
    assert {"Survey list", "Report"} <= visible and not visible & {"Species", "Indicators", "Point", "Compare"}
    _compared_with_itself(out, tmp_path)
    names = {layer.name() for layer in QgsProject.instance().mapLayers().values()}
    assert {"Area", "Survey list", "Square of the list"} <= names and "Coverage (%)" not in names
