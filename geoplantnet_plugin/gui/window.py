"""What the plugin adds to QGIS's main window, and takes away again."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..i18n import tr
from ..resources import RESOURCES

MENU = "GeoPl@ntNet"
DOCK_WIDTH = 460


class Window:
    """A menu entry and a button that show the dock; the dock is made when it is first asked for."""

    def __init__(self, iface) -> None:
        self._iface = iface
        self._dock = None
        self._action = QAction(QIcon(str(RESOURCES / "icons" / "geoplantnet.svg")), tr("GeoPl@ntNet panel"),
                               iface.mainWindow())
        self._action.setObjectName("geoplantnet_panel")
        self._action.setCheckable(True)
        self._action.setToolTip(tr("Which plants are likely to grow here: show or hide the GeoPl@ntNet panel"))
        self._action.triggered.connect(self.show_dock)
        iface.addToolBarIcon(self._action)
        iface.addPluginToMenu(MENU, self._action)

    def show_dock(self, visible: bool = True) -> None:
        """Show or hide the dock."""
        if self._dock is None and visible:
            from .dock import Dock

            self._dock = Dock(self._iface)
            self._dock.visibilityChanged.connect(self._action.setChecked)
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            self._iface.mainWindow().resizeDocks([self._dock], [DOCK_WIDTH], Qt.Orientation.Horizontal)
        if self._dock:
            self._dock.setVisible(visible)

    def close(self) -> None:
        """Take everything away."""
        if self._dock:
            self._dock.visibilityChanged.disconnect(self._action.setChecked)
            self._dock.shut_down()
            self._iface.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self._dock = None
        self._iface.removePluginMenu(MENU, self._action)
        self._iface.removeToolBarIcon(self._action)
        self._action.deleteLater()
