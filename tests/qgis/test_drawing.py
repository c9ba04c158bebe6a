"""Drawing an area, with real clicks: the map, the way to a place, and the tool that was there before."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsProviderRegistry, QgsSettings
from qgis.gui import QgsMapToolPan
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QStackedWidget, QWidget

from geoplantnet_plugin.layers.basemap import GROUPS


class TestEmptyProject:
    """Drawing where there is no map yet."""

    @pytest.fixture(params=GROUPS)
    def connection(self, request):
        settings, place = QgsSettings(), f"{request.param}/My tiles"
        settings.setValue(f"{place}/url", "https://tiles.invalid/{z}/{x}/{y}.png?a=1&b=2")
        settings.setValue(f"{place}/zmax", 17)
        yield
        settings.remove(place)

    def test_a_background_map_is_offered_and_added_when_asked_for(self, dock, connection, qtbot):
        draw = dock.assess_panel.area.draw
        assert not draw.help.isVisibleTo(dock)
        _click(qtbot, draw.polygon_button)
        assert "right click ends" in draw.hint.text() and draw.maps.isVisibleTo(dock)
        assert draw.map.currentText() == "My tiles" and not QgsProject.instance().mapLayers()
        _click(qtbot, draw.add_button)
        (layer,) = QgsProject.instance().mapLayers().values()
        assert QgsProviderRegistry.instance().decodeUri("wms", layer.source())["url"].endswith("{y}.png?a=1&b=2")
        assert "zmax=17" in layer.source() and QgsProject.instance().crs().authid() == "EPSG:3857"
        assert not draw.maps.isVisibleTo(dock) and draw.help.isVisibleTo(dock)

    def test_without_connections_it_says_where_they_are_made(self, dock, qtbot, monkeypatch):
        monkeypatch.setattr("geoplantnet_plugin.gui.draw_bar.basemaps", list)
        QgsProject.instance().setCrs(QgsCoordinateReferenceSystem())
        _click(qtbot, dock.assess_panel.area.draw.rectangle_button)
        assert "XYZ Tiles" in dock.assess_panel.area.draw.message.text()
        assert QgsProject.instance().crs().isValid(), "a drawing lies somewhere"
        _click(qtbot, dock.assess_panel.area.draw.rectangle_button)
        assert not dock.assess_panel.area.draw.help.isVisibleTo(dock), "a second click ends drawing"

    def test_places_are_searched_by_the_locator(self, dock, qtbot, monkeypatch, qgis_iface):
        asked = []
        monkeypatch.setattr(qgis_iface, "locatorSearch", asked.append, raising=False)
        draw = dock.assess_panel.area.draw
        _click(qtbot, draw.polygon_button)
        qtbot.keyClicks(draw.place, "Bex")
        qtbot.keyClick(draw.place, Qt.Key.Key_Return)
        assert asked == ["> Bex"]

    def test_the_map_comes_in_front_of_the_welcome_page(self, dock, qgis_iface, qtbot):
        canvas, welcome, stack = qgis_iface.mapCanvas(), QWidget(), QStackedWidget()
        before = canvas.parentWidget()
        stack.addWidget(canvas)
        stack.addWidget(welcome)
        stack.setCurrentWidget(welcome)
        _click(qtbot, dock.assess_panel.area.draw.polygon_button)
        assert stack.currentWidget() is canvas
        canvas.setParent(before)

    def test_the_tool_that_was_there_comes_back(self, dock, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        canvas.parentWidget().show()
        qtbot.waitExposed(canvas)
        before = QgsMapToolPan(canvas)  # after a right click QGIS goes from it to the tool before
        canvas.setMapTool(before)
        draw = dock.assess_panel.area.draw
        _click(qtbot, draw.rectangle_button)
        _click(qtbot, draw.polygon_button)
        for corner in (QPoint(100, 100), QPoint(300, 100), QPoint(300, 300)):
            qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
        qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(100, 300))
        assert canvas.mapTool() is before and not draw.help.isVisibleTo(dock) and not draw.polygon_button.isChecked()
        _click(qtbot, draw.polygon_button)
        sip.delete(before)
        _click(qtbot, draw.polygon_button)
        assert canvas.mapTool() is None


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
