"""Takes the map for one drawing and hands it back to the tool that was there before."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QStackedWidget


class BorrowedCanvas:
    """The map canvas, for `tools` alone."""

    def __init__(self, canvas: QgsMapCanvas, *tools: QgsMapTool) -> None:
        self._canvas = canvas
        self._tools = tools
        self._before: QgsMapTool | None = None

    def take(self, tool: QgsMapTool) -> None:
        """Let one of the tools draw."""
        if self._canvas.mapTool() not in self._tools:
            self._before = self._canvas.mapTool()
        self._canvas.setMapTool(tool)
        self._uncover()

    def give_back(self) -> None:
        """Let the tool that was there before go on, if it still exists; nothing where none of the tools draws."""
        tool, before = self._canvas.mapTool(), self._before
        self._before = None
        if tool not in self._tools:
            return
        if before is None or sip.isdeleted(before):
            self._canvas.unsetMapTool(tool)
        else:
            self._canvas.setMapTool(before)

    def _uncover(self) -> None:
        """Show the map where QGIS, just started, shows its welcome page in the same place."""
        shown = self._canvas
        while (parent := shown.parentWidget()) is not None:
            if isinstance(parent, QStackedWidget):
                parent.setCurrentWidget(shown)
            shown = parent
