"""What can be done with an assessment, in the layer tree's own menu: on its layers, and on its group.

QGIS lets a plugin add entries to the menu of chosen layers. Since 3.32 it tells when the menu of a group opens; before,
the menu is asked for here when it is wanted over an assessment's group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QEvent, QObject
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
        else:
            iface.layerTreeView().viewport().installEventFilter(self)

    def close(self) -> None:
        """Take everything away."""
        QgsProject.instance().layersAdded.disconnect(self._offer_on)
        if signal := getattr(self._iface.layerTreeView(), GROUP_MENU, None):
            signal.disconnect(self._offer_on_group)
        else:
            self._iface.layerTreeView().viewport().removeEventFilter(self)
        for _ in self._kinds:  # QGIS takes it from one kind of layers at a time
            self._iface.removeCustomActionForLayerType(self.action)
        self.action.setMenu(None)
        self.menu.deleteLater()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open QGIS's own menu of an assessment's group with the entries in it (before QGIS 3.32)."""
        if event.type() != QEvent.Type.ContextMenu:
            return False
        view = self._iface.layerTreeView()
        view.setCurrentIndex(view.indexAt(event.pos()))
        if not self._folder_of_group():
            return False
        self._opened = view.menuProvider().createContextMenu()  # ours to keep: with the name it would be gone
        self._offer_on_group(self._opened)
        self._opened.popup(event.globalPos())
        return True

    def _offer_on(self, layers: Iterable[QgsMapLayer]) -> None:
        """Add the entry to the menus of those layers that show an assessment."""
        for layer in layers:
            if layer.customProperty(KIND):
                if layer.type() not in self._kinds:
                    self._kinds.add(layer.type())
                    self._iface.addCustomActionForLayerType(self.action, "", layer.type(), False)
                self._iface.addCustomActionForLayer(self.action, layer)

    def _offer_on_group(self, menu: QMenu) -> None:
        if folder := self._folder_of_group():
            self._fill(menu.addMenu(QIcon(str(ICON)), tr("GeoPl@ntNet")), folder)

    def _folder_of_group(self) -> str:
        """Return the folder of the assessment whose group is the current entry, blank for any other entry."""
        node = self._iface.layerTreeView().currentNode()
        return folder_of_group(node) if isinstance(node, QgsLayerTreeGroup) else ""

    def _list(self) -> None:
        self.menu.clear()
        layer = self._iface.layerTreeView().currentLayer()
        folder = folder_of(layer) if layer is not None else None
        if folder:
            self._fill(self.menu, str(folder))
