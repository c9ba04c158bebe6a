"""Fixtures of the QGIS tests: the plugin as QGIS loads it, and a small assessment made with GDAL alone."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsLayerTreeModel, QgsProcessingFeedback, QgsProject
from qgis.gui import QgsLayerTreeView
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QToolButton

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent))

from clicks import Clicks  # noqa: E402
from samples import write_assessment  # noqa: E402


def pytest_unconfigure(config):
    """End without the interpreter's own clean-up: everything is reported, and in it QGIS 3.40 crashes."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(config.geoplantnet_exit)


def pytest_sessionfinish(session, exitstatus):
    session.config.geoplantnet_exit = int(exitstatus)


class HeardFeedback(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(False)
        self.infos, self.warnings, self.errors, self.progresses, self.texts = [], [], [], [], []
        self.progressChanged.connect(self.progresses.append)

    def pushInfo(self, text):
        self.infos.append(text)

    def pushWarning(self, text):
        self.warnings.append(text)

    def reportError(self, text, fatalError=False):
        self.errors.append(text)

    def setProgressText(self, text):
        self.texts.append(text)


@pytest.fixture(autouse=True, scope="session")
def _layer_tree(qgis_iface):
    """A real layer tree, which QGIS shows results in from 3.44 on, and room for docks, in the window of the tests."""
    view = QgsLayerTreeView()
    view.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), view))
    qgis_iface.layerTreeView = lambda: view
    qgis_iface.addDockWidget = qgis_iface.mainWindow().addDockWidget


@pytest.fixture(autouse=True)
def _project_left_empty():
    """Layers left in the project would be closed after QGIS itself, which crashes."""
    yield
    QgsProject.instance().clear()


@pytest.fixture
def feedback():
    return HeardFeedback()


@pytest.fixture
def assessment_folder(tmp_path):
    """A complete assessment of 12 × 8 cells whose numbers the tests know."""
    return write_assessment(tmp_path / "assessment")


@pytest.fixture(scope="session")
def engine():
    """The real engine; tests that ask for it are skipped without one."""
    from geoplantnet_plugin.bridge.interpreter import EngineMissing, find_engine

    try:
        return find_engine()
    except EngineMissing:
        pytest.skip("no engine: run `make setup` first")


@contextmanager
def _registered():
    from geoplantnet_plugin.plugin import GeoPlantNetPlugin

    loaded = GeoPlantNetPlugin(None)
    loaded.initProcessing()
    yield loaded
    loaded.unload()
    assert QgsApplication.processingRegistry().providerById("geoplantnet") is None


@pytest.fixture
def plugin(qgis_processing):
    """The plugin, registered as under qgis_process."""
    with _registered() as loaded:
        yield loaded


@pytest.fixture(scope="module")
def plugin_of_module(qgis_processing):
    """The plugin for all tests of a module, none of which asks for `plugin`."""
    with _registered() as loaded:
        yield loaded


@pytest.fixture
def clicks(qgis_app):
    """Counts the clicks of a test."""
    counted = Clicks()
    yield counted
    counted.stop()


@pytest.fixture
def panel_button(clicks, qgis_processing, qgis_iface, qgis_new_project, qtbot):
    """The plugin's button, in a window with the whole plugin."""
    from geoplantnet_plugin.plugin import GeoPlantNetPlugin

    loaded = GeoPlantNetPlugin(qgis_iface)
    loaded.initGui()
    button = QToolButton()
    qtbot.addWidget(button)
    button.setDefaultAction(qgis_iface.mainWindow().findChild(QAction, "geoplantnet_panel"))
    button.show()
    qgis_iface.mainWindow().resize(1280, 720)
    qgis_iface.mainWindow().show()
    yield button
    qgis_iface.mainWindow().hide()
    loaded.unload()


@pytest.fixture
def opened_dock(panel_button, qgis_iface, qtbot):
    """The dock, opened by the first click."""
    def found():
        return qgis_iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock")

    qtbot.mouseClick(panel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: found() is not None and found().isVisible(), timeout=120_000)
    return _laid_out(found())


def _laid_out(dock):
    """Let a first page that is asked for before its turn take its place, or a click meets another widget."""
    QApplication.processEvents()
    return dock


@pytest.fixture
def some_engine(monkeypatch):
    """An interpreter stands for the engine."""
    from geoplantnet_plugin.bridge.interpreter import Engine

    monkeypatch.setattr("geoplantnet_plugin.gui.dock.find_engine", lambda: Engine(Path(sys.executable), "setting"))


@pytest.fixture
def dock(plugin, qgis_iface, qgis_new_project, qtbot, some_engine):
    """The panel by itself, on a map in metres."""
    from geoplantnet_plugin.gui.dock import Dock

    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsProject.instance().crs())
    made = Dock(qgis_iface)
    qtbot.addWidget(made)
    made.resize(500, 900)  # nobody lays it out: its window is not shown
    made.show()
    _laid_out(made)
    yield made
    made.shut_down()
