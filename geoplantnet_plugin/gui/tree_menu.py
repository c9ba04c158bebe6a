"""What can be done with an assessment, in the layer tree's own menu: on its layers, and on its group.

QGIS lets a plugin add entries to the menu of chosen layers; to that of a group only since 3.32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QMenu

from ..common.resources import ICON
from ..i18n import tr
from ..layers.find import KIND, folder_of
from .assessment_menu import folder_of_group

GROUP_MENU = "contextMenuAboutToShow"
"""The layer tree's signal before its menu opens (QGIS 3.32 and later)."""


class TreeMenu(QObject):
    """`fill` adds the entries for the assessment in a folder to a menu."""

    def __init__(self, iface, fill: Callable[[QMenu, str], None]) -> None:
        super().__init__(iface.mainWindow())
        self._iface, self._fill = iface, fill
        self._kinds: set[object] = set()
        self.menu = QMenu(tr("GeoPl@ntNet"))
        self.menu.aboutToShow.connect(self._list)
        self.action = QAction(QIcon(str(ICON)), tr("GeoPl@ntNet"), self)
        self.action.setMenu(self.menu)
        QgsProject.instance().layersAdded.connect(self._offer_on)
        self._offer_on(QgsProject.instance().mapLayers().values())
        if signal := getattr(iface.layerTreeView(), GROUP_MENU, None):
            signal.connect(self._offer_on_group)

    def close(self) -> None:
        """Take everything away."""
        QgsProject.instance().layersAdded.disconnect(self._offer_on)
        if signal := getattr(self._iface.layerTreeView(), GROUP_MENU, None):
            signal.disconnect(self._offer_on_group)
        for _ in self._kinds:  # QGIS takes it from one kind of layers at a time
            self._iface.removeCustomActionForLayerType(self.action)
        self.action.setMenu(None)
        self.menu.deleteLater()
        self.deleteLater()

    def _offer_on(self, layers: Iterable[QgsMapLayer]) -> None:
        """Add the entry to the menus of those layers that show an assessment."""
        for layer in layers:
            if layer.customProperty(KIND):
                if layer.type() not in self._kinds:
                    self._kinds.add(layer.type())
                    self._iface.addCustomActionForLayerType(self.action, "", layer.type(), False)
                self._iface.addCustomActionForLayer(self.action, layer)

    def _offer_on_group(self, menu: QMenu) -> None:
        node = self._iface.layerTreeView().currentNode()
        folder = folder_of_group(node) if isinstance(node, QgsLayerTreeGroup) else ""
        if folder:
            self._fill(menu.addMenu(QIcon(str(ICON)), tr("GeoPl@ntNet")), folder)

    def _list(self) -> None:
        self.menu.clear()
        layer = self._iface.layerTreeView().currentLayer()
        folder = folder_of(layer) if layer is not None else None
        if folder:
            self._fill(self.menu, str(folder))
