"""What the plugin adds to QGIS's main window, and takes away again."""

from __future__ import annotations

from importlib import import_module

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..bridge.settings import PREFIX
from ..common.resources import ICON
from ..i18n import tr
from .background import Background
from .opening import BrowserProvider, DropHandler
from .settings_factory import SettingsFactory

MENU = "GeoPl@ntNet"
DOCK = f"{__package__}.dock"
DOCK_CHARACTERS, MOST_OF_WINDOW = 66, 0.45
"""The dock's width before a person has chosen one: so many characters, and no more of the window than that."""

WIDTH = f"{PREFIX}/dock_width"
"""Setting: how wide the dock was when it was closed."""



class Window:
    """A menu entry and a button that show the dock; the dock is made when it is first asked for.

    Assessments can be dropped on QGIS and chosen in the Browser panel; settings have a page in QGIS's options.
    """

    def __init__(self, iface) -> None:
        self._iface = iface
        self._dock, self._placed = None, False
        self._action = QAction(QIcon(str(ICON)), tr("GeoPl@ntNet panel"),
                               iface.mainWindow())
        self._action.setObjectName("geoplantnet_panel")
        self._action.setCheckable(True)
        self._action.setToolTip(tr("Which plants are likely to grow here: show or hide the GeoPl@ntNet panel"))
        self._action.triggered.connect(self._toggle_dock)
        self._importing = Background(tr("Opening the panel"))
        self._importing.done.connect(lambda _: (self._make_dock(), self._showing.start(0)))
        self._showing = QTimer()  # made and shown one after the other: QGIS answers in between
        self._showing.setSingleShot(True)
        self._showing.timeout.connect(self.show_dock)
        iface.addToolBarIcon(self._action)
        iface.addPluginToMenu(MENU, self._action)
        self._entries = [
            self._entry("geoplantnet_services", tr("Add layers of a map service …"),
                        tr("WMS, WMTS or XYZ tiles: GeoPl@ntNet's or your own"), self._add_services),
            self._entry("geoplantnet_key", tr("Pl@ntNet API key …"),
                        tr("Keeps your key in QGIS's authentication store"), self._ask_key)]
        self._settings = SettingsFactory(self._settings_changed)
        iface.registerOptionsWidgetFactory(self._settings)
        self._drop = DropHandler(self.open_assessment)
        iface.registerCustomDropHandler(self._drop)
        self._browser = BrowserProvider(self.open_assessment)
        QgsApplication.dataItemProviderRegistry().addProvider(self._browser)

    def _entry(self, name: str, text: str, tip: str, opened) -> QAction:
        entry = QAction(text, self._iface.mainWindow())
        entry.setObjectName(name)
        entry.setToolTip(tip)
        entry.triggered.connect(lambda: opened())
        self._iface.addPluginToMenu(MENU, entry)
        return entry

    def _add_services(self) -> None:
        from .service_dialog import ServiceDialog

        self._dialog = ServiceDialog(self._iface.mainWindow())
        self._dialog.show()

    def _ask_key(self) -> None:
        from .key_dialog import KeyDialog

        self._dialog = KeyDialog(self._iface.mainWindow())
        self._dialog.show()

    def _toggle_dock(self, visible: bool) -> None:
        """Show or hide the dock; what its first showing needs is imported while QGIS goes on."""
        if self._dock is None and visible:
            self._importing.start(lambda stopped: import_module(DOCK))
        else:
            self.show_dock(visible)

    def _make_dock(self) -> None:
        self._dock = import_module(DOCK).Dock(self._iface)
        self._dock.hide()

    def show_dock(self, visible: bool = True) -> None:
        """Show or hide the dock."""
        self._importing.stop()
        self._showing.stop()
        if self._dock is None and visible:
            self._make_dock()
        if self._dock and not self._placed:
            self._placed = True
            self._dock.visibilityChanged.connect(self._action.setChecked)
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            self._iface.mainWindow().resizeDocks([self._dock], [self._width()], Qt.Orientation.Horizontal)
        if self._dock:
            self._dock.setVisible(visible)

    def _width(self) -> int:
        """Return how wide the dock was the last time, or what its letters need; the map keeps its part."""
        window = self._iface.mainWindow()
        wanted = int(QgsSettings().value(WIDTH, 0) or 0) or DOCK_CHARACTERS * window.fontMetrics().averageCharWidth()
        return min(wanted, round(MOST_OF_WINDOW * window.width()))

    def _remember_width(self) -> None:
        if not self._dock.isFloating() and self._dock.isVisible():
            QgsSettings().setValue(WIDTH, self._dock.width())

    def open_assessment(self, folder: str) -> None:
        """Load an assessment and show its results."""
        self.show_dock()
        self._dock.open_assessment(folder)

    def close(self) -> None:
        """Take everything away."""
        QgsApplication.dataItemProviderRegistry().removeProvider(self._browser)  # which deletes it
        self._iface.unregisterCustomDropHandler(self._drop)
        self._iface.unregisterOptionsWidgetFactory(self._settings)
        self._importing.stop()
        self._showing.stop()
        if self._dock:
            if self._placed:
                self._remember_width()
                self._dock.visibilityChanged.disconnect(self._action.setChecked)
            self._dock.shut_down()
            self._iface.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self._dock = None
        for entry in self._entries:
            self._iface.removePluginMenu(MENU, entry)
            entry.deleteLater()
        self._iface.removePluginMenu(MENU, self._action)
        self._iface.removeToolBarIcon(self._action)
        self._action.deleteLater()

    def _settings_changed(self) -> None:
        if self._dock:
            self._dock.look_for_engine()
