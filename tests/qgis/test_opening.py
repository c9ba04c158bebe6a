"""Assessments that are dropped on QGIS or chosen in the Browser, and the settings page."""

import json
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsDataItemProvider, QgsDirectoryItem, QgsProject
from qgis.gui import (
    QgsBrowserDockWidget,
    QgsBrowserGuiModel,
    QgsCustomDropHandler,
    QgsOptionsWidgetFactory,
)
from qgis.PyQt.QtCore import QMimeData, QModelIndex, Qt, QUrl
from qgis.PyQt.QtWidgets import QDockWidget, QTreeView, QWidget
from samples import manifest
from scripted_engine import engine_that

from geoplantnet_plugin.bridge.interpreter import Engine
from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.gui.opening import BrowserProvider
from geoplantnet_plugin.gui.run import Run
from geoplantnet_plugin.gui.settings_factory import SettingsFactory
from geoplantnet_plugin.i18n import language

PROVIDER = "GeoPl@ntNet"


class Registered:
    """What the plugin has registered with QGIS's interface."""

    def __init__(self, iface, monkeypatch):
        self.drops: list[QgsCustomDropHandler] = []
        self.pages: list[QgsOptionsWidgetFactory] = []
        for name, kept in (("CustomDropHandler", self.drops), ("OptionsWidgetFactory", self.pages)):
            monkeypatch.setattr(iface, f"register{name}", kept.append, raising=False)
            monkeypatch.setattr(iface, f"unregister{name}", kept.remove, raising=False)


@pytest.fixture
def registered(qgis_processing, qgis_iface, qgis_new_project, monkeypatch):
    from geoplantnet_plugin.plugin import GeoPlantNetPlugin

    engine = Engine(Path(sys.executable), "setting")
    monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", lambda: engine)
    found = Registered(qgis_iface, monkeypatch)
    plugin = GeoPlantNetPlugin(qgis_iface)
    plugin.initGui()
    yield found
    plugin.unload()
    assert found.drops == [] and found.pages == []
    assert PROVIDER not in [provider.name() for provider in QgsApplication.dataItemProviderRegistry().providers()]


@pytest.fixture
def settings():
    before = PluginSettings.load()
    yield PluginSettings.load
    before.save()


def _urls(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def _results(qgis_iface):
    return qgis_iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock").results_panel


def test_a_dropped_assessment_opens(registered, assessment_folder, qgis_iface, qtbot, tmp_path):
    (handler,) = registered.drops
    assert handler.canHandleMimeData(_urls(assessment_folder))
    assert not handler.canHandleMimeData(_urls(tmp_path)) and not handler.canHandleMimeData(QMimeData())
    assert not handler.handleMimeDataV2(_urls(assessment_folder, tmp_path)), "QGIS takes what is not all assessments"
    assert handler.handleMimeDataV2(_urls(assessment_folder / "assessment.json"))
    results = _results(qgis_iface)
    qtbot.waitUntil(lambda: results.assessments.count() == 1, timeout=30000)
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert "Test valley" in group.name()
    qtbot.waitUntil(lambda: results.findChildren(Run) == [], timeout=30000)


def test_one_of_a_newer_version_gets_a_sentence(registered, assessment_folder, qgis_iface, qtbot):
    (assessment_folder / "assessment.json").write_text(json.dumps({**manifest(), "schema": 99}))
    assert registered.drops[0].handleFileDrop(str(assessment_folder))
    results = _results(qgis_iface)
    qtbot.waitUntil(lambda: "newer version" in results.about.text(), timeout=30000)
    assert QgsProject.instance().mapLayers() == {}


class RootItem(QgsDataItemProvider):
    """Puts a folder at the root of the Browser."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def name(self):
        return "test"

    def capabilities(self):
        return BrowserProvider(print).capabilities()

    def createDataItem(self, path, parent):
        if path:
            return None
        self.item = QgsDirectoryItem(None, "test root", str(self.folder))
        return self.item


@pytest.fixture
def browser(registered, assessment_folder, qtbot):
    """A Browser panel whose root lists the folder that holds the assessment."""
    root = RootItem(assessment_folder.parent)
    QgsApplication.dataItemProviderRegistry().addProvider(root)
    model = QgsBrowserGuiModel()
    dock = QgsBrowserDockWidget("test", model)
    qtbot.addWidget(dock)
    dock.resize(400, 600)
    dock.show()
    model.initialize()
    yield dock
    QgsApplication.dataItemProviderRegistry().removeProvider(root)


def _find(view, parent, name):
    model = view.model()
    return next((model.index(row, 0, parent) for row in range(model.rowCount(parent))
                 if model.index(row, 0, parent).data() == name), None)


def test_the_browser_shows_it_and_a_double_click_opens_it(browser, qgis_iface, qtbot):
    view = browser.findChild(QTreeView)
    qtbot.waitUntil(lambda: _find(view, QModelIndex(), "test root") is not None, timeout=30000)
    root = _find(view, QModelIndex(), "test root")
    view.expand(root)
    qtbot.waitUntil(lambda: _find(view, root, "assessment") is not None, timeout=30000)
    found = _find(view, root, "assessment")
    view.scrollTo(found)
    position = view.visualRect(found).center()
    for click in (qtbot.mouseClick, qtbot.mouseDClick):
        click(view.viewport(), Qt.MouseButton.LeftButton, pos=position)
    results = _results(qgis_iface)
    qtbot.waitUntil(lambda: results.assessments.count() == 1, timeout=30000)


class TestSettings:
    @pytest.fixture
    def page(self, qgis_app, qtbot, settings, tmp_path, monkeypatch):
        engine = engine_that(tmp_path, """
assert job["job"] == "about"
size = 0.0 if job["empty_cache"] else 12.5
say(event="result", software={"python": "3.11", "numpy": "2.1"}, cache={"megabytes": size, "folder": "/cache"})
""")
        for module in ("gui.settings_page", "bridge.ask"):
            monkeypatch.setattr(f"geoplantnet_plugin.{module}.find_engine", lambda: engine)
        self.parent, self.applied = QWidget(), []
        qtbot.addWidget(self.parent)
        made = SettingsFactory(lambda: self.applied.append(True)).createWidget(self.parent)
        self.parent.show()
        return made

    def test_it_says_what_is_in_use_and_empties_the_cache(self, page, qtbot):
        qtbot.waitUntil(lambda: "numpy 2.1" in page.versions.text(), timeout=30000)
        assert "12.5 MB" in page.cache.text() and page.engine_status.text().startswith("Ready")
        qtbot.mouseClick(page.empty_cache, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page.cache.text().startswith("0.0 MB"), timeout=30000)

    def test_choices_are_kept_when_they_are_applied(self, page, settings, tmp_path, qtbot):
        qtbot.waitUntil(page.empty_cache.isEnabled, timeout=30000)
        page.models.setFilePath(str(tmp_path))
        page.services.setFilePath(str(tmp_path / "services.json"))
        page.language.setCurrentIndex(page.language.findData("fr"))
        page.area_unit.setCurrentIndex(page.area_unit.findData("km2"))
        assert settings().models != str(tmp_path)
        page.apply()
        kept = settings()
        assert (kept.models, kept.area_unit) == (str(tmp_path), "km2") and self.applied == [True]
        assert kept.engine_environment() == {"GEOPLANTNET_MODELS": str(tmp_path),
                                             "GEOPLANTNET_SERVICES": str(tmp_path / "services.json")}
        assert language() == "fr"
