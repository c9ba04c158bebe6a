"""Layers of map services, and what they say of a point, against the real local server."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QWidget
from test_published import server  # noqa: F401 (a fixture)

from geoplantnet_plugin.gui.point_tab import PointTab
from geoplantnet_plugin.gui.service_dialog import ServiceDialog
from geoplantnet_plugin.layers import services
from geoplantnet_plugin.layers.problem import LayerProblem

PLACE = QgsPointXY(778_000, 5_827_000)


@pytest.fixture
def origin(server):  # noqa: F811
    return server[1].removesuffix("/v2")


@pytest.fixture
def dialog(qgis_app, qgis_new_project, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    made = ServiceDialog(parent)
    made.show()
    yield made
    made.reject()


def _listed(qtbot, dialog, kind, url):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    dialog.url.setText(url)
    before = dialog.message.text()
    qtbot.mouseClick(dialog.list_button, Qt.MouseButton.LeftButton)
    assert dialog.message.text() != before
    qtbot.waitUntil(lambda: not dialog._work.busy, timeout=120_000)


def _add(qtbot, dialog):
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    (layer,) = QgsProject.instance().mapLayers().values()
    return layer


def test_a_wms_layer_is_listed_added_and_drawn(dialog, qtbot, origin):
    _listed(qtbot, dialog, services.WMS, f"{origin}/wms")
    assert [dialog.layers.item(row).text()[:9] for row in range(dialog.layers.count())] == ["Score of "]
    dialog.opacity.setValue(40)
    layer = _add(qtbot, dialog)
    assert layer.isValid() and layer.opacity() == pytest.approx(0.4) and layer.crs().authid() == "EPSG:3857"
    assert layer.dataProvider().supportsLegendGraphic()
    block = layer.dataProvider().block(1, QgsRectangle(775000, 5825000, 781000, 5830000), 20, 20)
    assert len({block.color(row, column) for row in range(20) for column in range(20)}) > 5


def test_tiles_are_added_by_their_address(dialog, qtbot, origin):
    _listed(qtbot, dialog, services.XYZ, origin + "/tiles/{z}/{x}/{y}.png")
    layer = _add(qtbot, dialog)
    assert layer.isValid() and layer.providerType() == "wms" and "type=xyz" in layer.source()


@pytest.mark.parametrize(("kind", "address", "said"), [
    (services.WMS, "{origin}/nothing", "did not answer"), (services.WMS, "http://127.0.0.1:9/wms", "did not answer"),
    (services.WMS, "{origin}/v2/quota/daily", "did not answer"), (services.WMTS, "{origin}/wms", "offers no layer"),
    (services.WMS, "{origin}/stac-catalogs/geoplantnet/v1/species/catalog.json", "no description"),
    (services.XYZ, "{origin}/tiles/1/2/3.png", "{z}"), (services.WMS, "", "https://")])
def test_an_address_that_is_no_service_is_one_sentence(dialog, qtbot, origin, kind, address, said):
    _listed(qtbot, dialog, kind, address.replace("{origin}", origin))
    assert said in dialog.message.text() and dialog.layers.count() == 0 and not dialog.add_button.isEnabled()


def test_what_is_not_published_is_said(dialog):
    dialog.preset.setCurrentIndex(1)
    assert "not published" in dialog.message.text() and dialog.url.text() == ""
    assert "GeoPl@ntNet" in dialog.preset.currentText()


def test_a_wmts_is_read_with_its_grid_and_style():
    from qgis.PyQt.QtXml import QDomDocument

    text = """<Capabilities xmlns:ows="http://www.opengis.net/ows/1.1"><Contents><Layer><ows:Title>Habitats</ows:Title>
        <ows:Identifier>habitat</ows:Identifier><Style isDefault="true"><ows:Identifier>plain</ows:Identifier></Style>
        <Format>image/jpeg</Format><TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink></Layer>
        <TileMatrixSet><ows:Identifier>web</ows:Identifier>
        <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3035</ows:SupportedCRS></TileMatrixSet></Contents></Capabilities>"""
    document = QDomDocument()
    document.setContent(text.encode())
    (layer,) = services._wmts_layers(document.documentElement(), "https://host.invalid/wmts?map=1")
    assert (layer.name, layer.title, layer.style, layer.grid, layer.crs, layer.format) == (
        "habitat", "Habitats", "plain", "web", "EPSG:3035", "image/jpeg")
    assert "tileMatrixSet=web" in layer.source() and "map%3D1%26SERVICE%3DWMTS" in layer.source()


def test_entities_are_refused(monkeypatch):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    monkeypatch.setattr(services, "fetch", lambda url: bomb)
    with pytest.raises(LayerProblem, match="no description"):
        services.offered(services.WMS, "https://host.invalid/wms")


def test_the_point_tool_asks_the_visible_services(dialog, qgis_iface, qtbot, origin):
    _listed(qtbot, dialog, services.WMS, f"{origin}/wms")
    layer = _add(qtbot, dialog)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    canvas.setExtent(QgsRectangle(775000, 5825000, 781000, 5830000))
    tab = PointTab(qgis_iface)
    qtbot.addWidget(tab)
    tab.tool.canvasClicked.emit(PLACE, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.tree.topLevelItemCount() == 1, timeout=120_000)
    (row,) = [tab.tree.topLevelItem(0).child(0)]
    assert row.text(0) == layer.name() and row.text(1).startswith("score = ")
    value = float(row.text(1).split("=")[1])
    around = QgsRectangle(PLACE.x() - 5, PLACE.y() - 5, PLACE.x() + 5, PLACE.y() + 5)
    block = layer.dataProvider().block(1, around, 1, 1)
    assert block.color(0, 0) & 0xFF == pytest.approx(128 + 16 * value, abs=2)  # GetMap and GetFeatureInfo agree
    QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(False)
    tab.tool.canvasClicked.emit(PLACE, Qt.MouseButton.LeftButton)
    assert tab.tree.topLevelItemCount() == 0 and not tab.services.busy
    tab.shut_down()
