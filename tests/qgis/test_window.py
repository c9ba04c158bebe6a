"""The window with real clicks: first run, drawing, running, reading the results, leaving nothing behind."""

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from samples import LEFT, TOP
from scripted_engine import a_fit, checked, engine_that, use_engine

from geoplantnet_plugin.bridge.interpreter import EngineMissing
from geoplantnet_plugin.gui.dock import Dock


class TestFirstRun:
    def test_without_engine_one_panel_says_what_and_how_large(self, plugin, qgis_iface, qtbot, monkeypatch):
        def missing():
            raise EngineMissing("There is no engine.")

        monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", missing)
        dock = Dock(qgis_iface)
        qtbot.addWidget(dock)
        dock.show()
        qtbot.waitUntil(lambda: not dock.engine_panel.isHidden())
        assert "MB" in dock.engine_panel.text.text()
        assert "minutes" in dock.engine_panel.text.text() and "pypi.org" in dock.engine_panel.text.text()
        assert not dock.assess_panel.run_button.isEnabled()
        assert dock.results_panel.open_button.isEnabled()
        dock.shut_down()

    def test_the_finished_demo_opens_without_engine(self, plugin, qgis_iface, qgis_new_project, qtbot, monkeypatch,
                                                    tmp_path, assessment_folder):
        def missing():
            raise EngineMissing("There is no engine.")

        monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", missing)
        for module in ("dock", "engine_panel"):
            monkeypatch.setattr(f"geoplantnet_plugin.gui.{module}.demo_assessment", lambda: assessment_folder)
        monkeypatch.setattr("geoplantnet_plugin.gui.dock.data_folder", lambda: tmp_path / "profile")
        dock = Dock(qgis_iface)
        qtbot.addWidget(dock)
        dock.show()
        qtbot.mouseClick(dock.engine_panel.demo_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dock.results_panel.species.table.model().rowCount() == 3, timeout=120_000)
        opened = [Path(layer.source().partition("|")[0]) for layer in QgsProject.instance().mapLayers().values()]
        assert opened and not any(assessment_folder in path.parents for path in opened)
        dock.shut_down()

    def test_with_engine_there_is_no_such_panel(self, dock):
        assert dock.engine_panel.isHidden() and dock.assess_panel.run_button.isEnabled()


class TestWhere:
    @pytest.fixture
    def canvas(self, dock, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
        canvas.setExtent(QgsRectangle(LEFT, TOP - 6000, LEFT + 6000, TOP))
        canvas.parentWidget().show()
        qtbot.waitExposed(canvas)
        yield canvas
        canvas.unsetMapTool(canvas.mapTool()) if canvas.mapTool() else None

    def test_a_polygon_is_drawn_with_the_mouse(self, dock, canvas, qtbot):
        area = dock.assess_panel.area
        qtbot.mouseClick(area.draw.polygon_button, Qt.MouseButton.LeftButton)
        assert canvas.mapTool() is area.draw.polygon_tool and area.draw.polygon_button.isChecked()
        for corner in (QPoint(100, 100), QPoint(300, 100), QPoint(300, 300), QPoint(100, 300)):
            qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(100, 300))
        layer = area.layer.currentLayer()
        assert layer is not None and layer.featureCount() == 1
        side = 200 * canvas.mapUnitsPerPixel()
        drawn = next(layer.getFeatures()).geometry().area()
        assert drawn == pytest.approx(side**2, rel=0.02)
        assert f"{drawn / 10_000:,.1f}"[:3] in area.size.text()

    def test_two_corners_are_no_area(self, dock, canvas, qtbot):
        area = dock.assess_panel.area
        qtbot.mouseClick(area.draw.polygon_button, Qt.MouseButton.LeftButton)
        for corner in (QPoint(100, 100), QPoint(300, 100)):
            qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(300, 100))
        assert area.layer.currentLayer() is None and area.parameter() is None

    def test_another_tool_releases_the_button(self, dock, canvas, qtbot):
        area = dock.assess_panel.area
        qtbot.mouseClick(area.draw.polygon_button, Qt.MouseButton.LeftButton)
        other = QgsMapTool(canvas)
        canvas.setMapTool(other)
        assert not area.draw.polygon_button.isChecked()
        canvas.unsetMapTool(other)

    def test_the_current_view_becomes_the_area(self, dock, canvas, qtbot):
        qtbot.mouseClick(dock.assess_panel.area.draw.view_button, Qt.MouseButton.LeftButton)
        layer = dock.assess_panel.area.layer.currentLayer()
        assert layer.extent().center().distance(canvas.extent().center()) < 1

    def test_the_chosen_layer_may_be_deleted(self, dock, canvas, qtbot):
        qtbot.mouseClick(dock.assess_panel.area.draw.view_button, Qt.MouseButton.LeftButton)
        QgsProject.instance().removeMapLayer(dock.assess_panel.area.layer.currentLayer())
        assert dock.assess_panel.area.parameter() is None


class TestRunning:
    def test_what_is_missing_is_told(self, dock, qtbot, monkeypatch):
        use_engine(monkeypatch, None)
        qtbot.mouseClick(dock.assess_panel.run_button, Qt.MouseButton.LeftButton)
        assert "No area" in dock.assess_panel.status.text()
        assert dock.assess_panel.run_button.isEnabled()

    def test_cancel_stops_and_says_how_to_continue(self, dock, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit()) + """
say(event="progress", stage="scores", done=1, total=2, share=0.5, left=30.0)
assert sys.stdin.readline() == "cancel\\n"
sys.exit(3)
"""))
        panel = dock.assess_panel
        qtbot.mouseClick(panel.area.draw.view_button, Qt.MouseButton.LeftButton)
        panel.model.predictors.add(str(tmp_path))
        panel.folder.setFilePath(str(tmp_path / "out"))
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "1 of 2" in panel.progress.text.text(), timeout=30000)
        assert panel.progress.text.text().startswith("Scoring cells: 1 of 2, about ")
        assert panel.progress.bar.value() >= 47
        assert not panel.run_button.isEnabled()
        dock.close()
        dock.show()
        assert panel.progress.isVisibleTo(dock) and panel.progress.bar.isVisibleTo(dock), "closing it stops nothing"
        qtbot.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(panel.run_button.isEnabled, timeout=30000)
        assert "continue" in panel.status.text()
        assert panel.progress.text.text().startswith("Stopped after") and not panel.progress.bar.isVisibleTo(dock)
        assert panel.folder.filePath() == str(tmp_path / "out")


def test_two_clicks_end_in_the_species_of_the_demo(engine, opened_dock, panel_button, clicks, qtbot):
    """The real engine, from the plugin's button to the table; what is finished is still there after closing."""
    panel, results = opened_dock.assess_panel, opened_dock.results_panel
    qtbot.mouseClick(panel.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened_dock.tabs.currentIndex() == 1, timeout=120_000)
    qtbot.waitUntil(lambda: results.species.model.rowCount() > 30, timeout=120_000)
    assert clicks.count == 2
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert "simulated" in group.name()
    assert panel.area.layer.currentLayer().crs().authid() == "EPSG:3035", "an empty project takes it"
    assert len(QgsProject.instance().mapLayers()) > 10
    for shown in (False, True):
        qtbot.mouseClick(panel_button, Qt.MouseButton.LeftButton)
        assert opened_dock.isVisible() is shown
    assert opened_dock.tabs.currentIndex() == 1 and results.species.model.rowCount() > 30
    bar = opened_dock.tabs.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    assert panel.progress.isVisible() and panel.progress.text.text().startswith("Finished after")


def test_reloading_three_times_leaves_nothing_behind(qgis_processing, qgis_iface, qgis_new_project, qtbot, some_engine):
    from geoplantnet_plugin.plugin import GeoPlantNetPlugin

    window, canvas = qgis_iface.mainWindow(), qgis_iface.mapCanvas()

    def left():
        qtbot.wait(50)
        return (len(window.findChildren(QAction)), len(window.findChildren(QDockWidget)), len(canvas.scene().items()))

    before = left()
    for _ in range(3):
        plugin = GeoPlantNetPlugin(qgis_iface)
        plugin.initGui()
        window.findChild(QAction, "geoplantnet_panel").trigger()
        qtbot.waitUntil(lambda: window.findChild(QDockWidget, "geoplantnet_dock") is not None, timeout=120_000)
        dock = window.findChild(QDockWidget, "geoplantnet_dock")
        qtbot.mouseClick(dock.assess_panel.area.draw.polygon_button, Qt.MouseButton.LeftButton)
        plugin.unload()
        assert QgsApplication.processingRegistry().providerById("geoplantnet") is None
        assert canvas.mapTool() is None
        assert left() == before
