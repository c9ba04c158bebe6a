"""The window with real clicks: first run, drawing, running, reading the results, leaving nothing behind."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from samples import HABITAT, LEFT, RICHNESS, SPECIES, TOP
from scripted_engine import engine_that

from geoplantnet_plugin.bridge.interpreter import Engine, EngineMissing
from geoplantnet_plugin.gui.dock import Dock
from geoplantnet_plugin.layers.build import assessment_layers
from geoplantnet_plugin.layers.coverage import CoverageRow, read_coverage
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.tree import add_to_project


@pytest.fixture
def some_engine(monkeypatch):
    monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", lambda: Engine(Path(sys.executable), "setting"))


@pytest.fixture
def dock(plugin, qgis_iface, qgis_new_project, qtbot, some_engine):
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsProject.instance().crs())
    made = Dock(qgis_iface)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.shut_down()


def _open_in_project(folder):
    assessment = read_assessment(folder)
    add_to_project(QgsProject.instance(), assessment.display_title, assessment_layers(assessment))
    return assessment


def _click_row(table, qtbot, row, column=0):
    position = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=position)


def _names(table):
    return [table.model().index(row, 0).data() for row in range(table.model().rowCount())]


class TestFirstRun:
    def test_without_engine_one_panel_says_what_and_how_large(self, plugin, qgis_iface, qtbot, monkeypatch):
        def missing():
            raise EngineMissing("There is no engine.")

        monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", missing)
        opened = []
        monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, values: opened.append(name), raising=False)
        dock = Dock(qgis_iface)
        qtbot.addWidget(dock)
        dock.show()
        assert not dock.engine_panel.isHidden() and "MB" in dock.engine_panel.text.text()
        assert not dock.assess_panel.run_button.isEnabled()
        assert dock.results_panel.open_button.isEnabled()
        qtbot.mouseClick(dock.engine_panel.button, Qt.MouseButton.LeftButton)
        assert opened == ["geoplantnet:setupengine"]
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
        qtbot.mouseClick(area.polygon_button, Qt.MouseButton.LeftButton)
        assert canvas.mapTool() is area.polygon_tool and area.polygon_button.isChecked()
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
        qtbot.mouseClick(area.polygon_button, Qt.MouseButton.LeftButton)
        for corner in (QPoint(100, 100), QPoint(300, 100)):
            qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(300, 100))
        assert area.layer.currentLayer() is None and area.parameter() is None

    def test_another_tool_releases_the_button(self, dock, canvas, qtbot):
        area = dock.assess_panel.area
        qtbot.mouseClick(area.polygon_button, Qt.MouseButton.LeftButton)
        other = QgsMapTool(canvas)
        canvas.setMapTool(other)
        assert not area.polygon_button.isChecked()
        canvas.unsetMapTool(other)

    def test_the_current_view_becomes_the_area(self, dock, canvas, qtbot):
        qtbot.mouseClick(dock.assess_panel.area.view_button, Qt.MouseButton.LeftButton)
        layer = dock.assess_panel.area.layer.currentLayer()
        assert layer.extent().center().distance(canvas.extent().center()) < 1

    def test_the_chosen_layer_may_be_deleted(self, dock, canvas, qtbot):
        qtbot.mouseClick(dock.assess_panel.area.view_button, Qt.MouseButton.LeftButton)
        QgsProject.instance().removeMapLayer(dock.assess_panel.area.layer.currentLayer())
        assert dock.assess_panel.area.parameter() is None


class TestRunning:
    def test_what_is_missing_is_told(self, dock, qtbot, monkeypatch):
        monkeypatch.setattr("geoplantnet_plugin.processing.assess.find_engine", lambda: None)
        qtbot.mouseClick(dock.assess_panel.run_button, Qt.MouseButton.LeftButton)
        assert "No area" in dock.assess_panel.status.text()
        assert dock.assess_panel.run_button.isEnabled()

    def test_cancel_stops_and_says_how_to_continue(self, dock, qtbot, tmp_path, monkeypatch):
        engine = engine_that(tmp_path, """
say(event="progress", stage="scores", done=1, total=2)
assert sys.stdin.readline() == "cancel\\n"
sys.exit(3)
""")
        monkeypatch.setattr("geoplantnet_plugin.processing.assess.find_engine", lambda: engine)
        panel = dock.assess_panel
        qtbot.mouseClick(panel.area.view_button, Qt.MouseButton.LeftButton)
        panel.model.add_source(str(tmp_path))
        panel.folder.setFilePath(str(tmp_path / "out"))
        qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: panel.progress.value() == 50, timeout=30000)
        assert panel.progress.format() == "Scoring cells" and not panel.run_button.isEnabled()
        qtbot.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(panel.run_button.isEnabled, timeout=30000)
        assert "continue" in panel.status.text()
        assert panel.folder.filePath() == str(tmp_path / "out")


def test_one_click_on_the_demo_ends_in_its_species(dock, qtbot, monkeypatch):
    """The real engine, from the button to the table."""
    from geoplantnet_plugin.bridge.interpreter import find_engine

    try:
        find_engine()
    except EngineMissing:
        pytest.skip("no engine: run `make setup` first")
    qtbot.mouseClick(dock.assess_panel.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dock.results_panel.species.model.rowCount() > 30, timeout=120000)
    assert dock.tabs.currentWidget() is dock.results_panel
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert "simulated" in group.name()
    assert len(QgsProject.instance().mapLayers()) > 10


class TestResults:
    @pytest.fixture
    def results(self, dock, assessment_folder):
        _open_in_project(assessment_folder)
        dock.tabs.setCurrentWidget(dock.results_panel)
        return dock.results_panel

    def test_the_open_assessment_is_shown_with_its_species(self, results):
        assert results.assessments.count() == 1 and "Simulated" in results.about.text()
        assert _names(results.species.table) == list(SPECIES)

    def test_columns_that_say_nothing_are_hidden(self, results, dock):
        table, rows = results.species.table, read_coverage(read_assessment(Path(results.assessments.currentData())))
        assert not any(table.isColumnHidden(column) for column in range(6))
        results.species.model.show_rows([replace(row, iucn="", common_name="") for row in rows])
        blank = [column for column in range(6) if results.species.model.is_blank(column)]
        assert blank == [2, 4]

    def test_search_sort_and_filter(self, results, qtbot):
        species = results.species
        qtbot.keyClicks(species.search, "olea")
        assert _names(species.table) == [SPECIES[1]] and species.count.text() == "1 of 3 species"
        species.search.clear()
        header = species.table.horizontalHeader()
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton,
                         pos=QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2))
        assert _names(species.table) in (sorted(SPECIES), sorted(SPECIES, reverse=True))
        for name in ("Threatened (VU, EN, CR)", "EU Habitats Directive"):
            species.filter.setCurrentIndex(species.filter.findText(name))
            assert _names(species.table) == [SPECIES[2]], "what is unknown or looked up and not listed is not shown"

    def test_a_click_shows_the_species_and_the_slider_its_opacity(self, results, qtbot):
        _click_row(results.species.table, qtbot, 2)
        layer = results.species.layer()
        assert layer.name() == SPECIES[2]
        assert [shown.name() for shown in QgsProject.instance().layerTreeRoot().checkedLayers()] == ["Area", SPECIES[2]]
        results.species.opacity.setValue(40)
        assert layer.renderer().opacity() == pytest.approx(0.4)
        _click_row(results.species.table, qtbot, 0)
        _click_row(results.species.table, qtbot, 2)
        assert results.species.layer() is layer and results.species.opacity.value() == 40

    def test_a_species_without_a_layer_gets_one(self, results, qtbot):
        (layer,) = QgsProject.instance().mapLayersByName(SPECIES[1])
        QgsProject.instance().removeMapLayer(layer)
        _click_row(results.species.table, qtbot, 1)
        assert results.species.layer().name() == SPECIES[1]

    def test_copy_takes_what_is_shown(self, results, qtbot):
        qtbot.keyClicks(results.species.search, "salix")
        qtbot.mouseClick(results.species.copy_button, Qt.MouseButton.LeftButton)
        title, row = QGuiApplication.clipboard().text().split("\n")
        assert title.startswith("Species\tCells (%)") and row.startswith(f"{SPECIES[0]}\t75.0\tWhite willow")

    def test_a_click_shows_an_indicator_with_its_definition(self, results, qtbot):
        results.tabs.setCurrentWidget(results.indicators)
        widget = results.indicators.list
        qtbot.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton,
                         pos=widget.visualItemRect(widget.item(1)).center())
        assert results.indicators.definition.text() == "Type."
        assert [shown.name() for shown in QgsProject.instance().layerTreeRoot().checkedLayers()] == ["Area", "Habitat"]

    def test_a_click_on_the_map_shows_the_cell(self, results, dock, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
        canvas.setExtent(QgsRectangle(LEFT, TOP - 600, LEFT + 600, TOP))
        results.tabs.setCurrentWidget(results.point)
        qtbot.mouseClick(results.point.button, Qt.MouseButton.LeftButton)
        assert results.point.button.isChecked()
        inside = canvas.getCoordinateTransform().transform(LEFT + 3.5 * 50, TOP - 2.5 * 50)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=inside.toQPointF().toPoint())
        species, indicators = (results.point.tree.topLevelItem(row) for row in range(2))
        assert [(species.child(row).text(0), species.child(row).text(1)) for row in range(species.childCount())] == [
            (SPECIES[2], "0.750"), (SPECIES[0], "0.250")]
        assert indicators.child(0).text(1) == f"{RICHNESS[2, 3]:g}"
        assert indicators.child(1).text(1) == ("Wood" if HABITAT[2, 3] else "Meadow")

    def test_removing_its_layers_closes_the_assessment(self, results):
        QgsProject.instance().removeAllMapLayers()
        assert results.assessments.count() == 0 and results.species.model.rowCount() == 0


def test_ten_thousand_species_are_found(dock, qtbot):
    row = CoverageRow("0", "", "Family", "", "", None, None, "", None, 0.0, 0.0, 0.0)
    tab = dock.results_panel.species
    tab.model.show_rows([replace(row, id=str(n), name=f"Species {n:05d}", coverage=n / 100) for n in range(10_000)])
    assert _names(tab.table)[0] == "Species 09999"
    tab.search.setText("species 0012")
    assert _names(tab.table) == [name for name in (f"Species {n:05d}" for n in range(9999, -1, -1)) if "0012" in name]


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
        dock = window.findChild(QDockWidget, "geoplantnet_dock")
        assert dock is not None
        qtbot.mouseClick(dock.assess_panel.area.polygon_button, Qt.MouseButton.LeftButton)
        plugin.unload()
        assert QgsApplication.processingRegistry().providerById("geoplantnet") is None
        assert canvas.mapTool() is None
        assert left() == before
