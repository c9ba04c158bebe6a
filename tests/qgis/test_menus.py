"""Menus of an assessment: what they offer works, from the results, from those opened last and from the layer tree."""

import shutil

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.gui import QgsLayerTreeView, QgsLayerTreeViewMenuProvider
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QContextMenuEvent, QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QMenu
from samples import show_in_project

from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.gui.assessment_menu import fill_menu, folder_of_group
from geoplantnet_plugin.gui.dock import Dock
from geoplantnet_plugin.gui.settings_factory import SETTINGS_PAGE
from geoplantnet_plugin.gui.settings_page import SettingsPage
from geoplantnet_plugin.gui.tree_menu import GROUP_MENU
from geoplantnet_plugin.layers.find import layers_of


@pytest.fixture
def dock(plugin, qgis_iface, qgis_new_project, qtbot, assessment_folder):
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    made = Dock(qgis_iface)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.results_panel.species.work.done, timeout=120_000):
        show_in_project(assessment_folder)
    qtbot.waitUntil(lambda: made.results_panel.tabs.is_filled)
    yield made
    made.shut_down()


def _entry(menu, text):
    return next(action for action in menu.actions() if action.text() == text)


def test_more_leads_to_report_fieldwork_and_comparison(dock, qtbot, assessment_folder, tmp_path):
    results = dock.results_panel
    other = shutil.copytree(assessment_folder, tmp_path / "other")
    PluginSettings.load().remember(str(other))
    results.more.aboutToShow.emit()
    for text, page in (("Report", results.report), ("Prepare fieldwork", results.field)):
        _entry(results.more, text).trigger()
        assert results.tabs.currentWidget() is page
    next(action for action in _entry(results.more, "Compare with").menu().actions()
         if action.toolTip() == str(other)).trigger()
    assert results.tabs.currentWidget() is results.compare and results.compare.other.currentData() == str(other)
    _entry(results.more, "Copy the folder's path").trigger()
    assert QGuiApplication.clipboard().text() == str(assessment_folder)


def test_one_that_is_not_open_is_opened_first(dock, qtbot, assessment_folder, tmp_path):
    results = dock.results_panel
    other = shutil.copytree(assessment_folder, tmp_path / "other")
    menu = QMenu()
    fill_menu(menu, results, str(other))
    _entry(menu, "Report").trigger()
    assert results.progress.isVisibleTo(results) and results.progress.text.text() == "Opening other"
    qtbot.waitUntil(lambda: results.tabs.currentWidget() is results.report, timeout=120_000)
    qtbot.waitUntil(results.progress.isHidden)
    assert results.assessments.currentData() == str(other)


def test_all_pages_are_listed_however_narrow_the_dock(dock, qtbot):
    tabs = dock.results_panel.tabs
    tabs.listed.aboutToShow.emit()
    assert [action.text() for action in tabs.listed.actions()] == [
        tabs.tabText(index) for index in range(tabs.count()) if tabs.isTabVisible(index)]
    _entry(tabs.listed, "Field").trigger()
    assert tabs.currentWidget() is tabs.field


def test_export_from_the_menu_writes_what_is_shown(dock, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("geoplantnet_plugin.gui.share_bar.QFileDialog.getSaveFileName",
                        lambda *_: (str(tmp_path / "out.csv"), ""))
    dock.results_panel.more.aboutToShow.emit()
    _entry(dock.results_panel.more, "Export the species table …").trigger()
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").count("\n") == 4


def test_the_group_of_an_assessment_has_the_menu_and_no_other(dock, qgis_iface, assessment_folder):
    root = QgsProject.instance().layerTreeRoot()
    (group,) = root.findGroups()
    empty = root.addGroup("mine")
    assert folder_of_group(group) == str(assessment_folder) and folder_of_group(empty) == ""
    view, menu = qgis_iface.layerTreeView(), QMenu()
    for node, there in ((empty, False), (group, True)):
        view.setCurrentIndex(view.node2index(node))
        dock._tree_menu._offer_on_group(menu)  # QGIS 3.32 and later tell that the menu of a group opens
        assert menu.isEmpty() is not there
    assert _entry(menu.actions()[0].menu(), "Report")


@pytest.mark.skipif(hasattr(QgsLayerTreeView, GROUP_MENU), reason="QGIS tells that the menu of a group opens")
def test_before_qgis_3_32_a_right_click_on_the_group_opens_qgis_own_menu_with_the_entries(
        dock, qgis_iface, assessment_folder, qtbot):
    class Provider(QgsLayerTreeViewMenuProvider):
        def createContextMenu(self):
            self.menu = QMenu(view)
            self.menu.addAction("QGIS's own")
            return self.menu

    view, provider = qgis_iface.layerTreeView(), Provider()
    view.setMenuProvider(provider)
    view.show()
    place = view.visualRect(view.node2index(QgsProject.instance().layerTreeRoot().findGroups()[0])).center()
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place,
                                                              view.viewport().mapToGlobal(place)))
    own, ours = provider.menu.actions()
    assert own.text() == "QGIS's own" and _entry(ours.menu(), "Report")
    provider.menu.close()
    view.hide()


def test_the_menu_of_a_layer_offers_its_assessment(plugin, qgis_iface, qgis_new_project, qtbot, assessment_folder,
                                                   monkeypatch):
    """QGIS shows an entry on the layers that a plugin names; the tests' window only keeps what it was told."""
    told = {}
    for name, function in (
            ("addCustomActionForLayerType", lambda action, menu, kind, everywhere: told.setdefault(action, []).append(
                (menu, everywhere))),
            ("addCustomActionForLayer", lambda action, layer: told[action].append(layer.id())),
            ("removeCustomActionForLayerType", lambda action: told[action].remove(("", False)))):
        monkeypatch.setattr(qgis_iface, name, function, raising=False)
    mine = QgsVectorLayer("Point?crs=EPSG:3035", "mine", "memory")
    QgsProject.instance().addMapLayer(mine)
    dock = Dock(qgis_iface)
    qtbot.addWidget(dock)
    assessment = show_in_project(assessment_folder)
    ((action, named),) = told.items()
    assert named.count(("", False)) == 2, "vector and raster layers, and not all of them"
    shown = {layer.id() for layer in layers_of(QgsProject.instance(), assessment)}
    assert {entry for entry in named if entry != ("", False)} == shown and mine.id() not in shown
    view = qgis_iface.layerTreeView()
    view.setCurrentLayer(next(layers_of(QgsProject.instance(), assessment)))
    action.menu().aboutToShow.emit()
    assert _entry(action.menu(), "Report")
    view.setCurrentLayer(mine)
    action.menu().aboutToShow.emit()
    assert action.menu().isEmpty()
    dock.shut_down()
    assert ("", False) not in told[action], "taken from both kinds of layers"


def test_settings_are_one_click_away(dock, qgis_iface, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(qgis_iface, "showOptionsDialog", lambda parent, page: opened.append(page), raising=False)
    qtbot.mouseClick(dock.settings_button, Qt.MouseButton.LeftButton)
    page = SettingsPage(dock, lambda: None)
    assert opened == [SETTINGS_PAGE] == [page.objectName()]
    page.deleteLater()
