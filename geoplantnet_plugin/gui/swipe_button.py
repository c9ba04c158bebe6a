"""The button that swipes between two assessments: down while the map has its tool."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsMapLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QPushButton

from ..i18n import tr
from .swipe_tool import SwipeTool


class SwipeButton(QPushButton):
    """`layers` maps what is left of the mouse and gives the layers right of it, none where nothing is chosen."""

    def __init__(self, canvas: QgsMapCanvas, layers: Callable[[], list[QgsMapLayer]]) -> None:
        super().__init__(tr("Swipe"))
        self.setCheckable(True)
        self.setToolTip(tr("Move the mouse over the map: this assessment left of it, the other one right"))
        self.tool = SwipeTool(canvas)
        self._canvas, self._layers = canvas, layers
        self.clicked.connect(self._swipe)
        canvas.mapToolSet.connect(self._show_tool)

    def follow(self) -> None:
        """Swipe between what is chosen now, if it is swiped."""
        if self.tool.isActive():
            self.tool.use(self._layers())

    def give_back(self) -> None:
        """Give the canvas back."""
        self._canvas.unsetMapTool(self.tool)

    def shut_down(self) -> None:
        """Give the canvas back, for good."""
        self._canvas.mapToolSet.disconnect(self._show_tool)
        self.give_back()
        self.tool.use([])
        self.tool.deleteLater()

    def _swipe(self, on: bool) -> None:
        layers = self._layers() if on else []
        if layers:
            self.tool.use(layers)
            self._canvas.setMapTool(self.tool)
        else:
            self.give_back()
        self._show_tool(self._canvas.mapTool())

    def _show_tool(self, tool, *_: object) -> None:
        self.setChecked(tool is self.tool)
