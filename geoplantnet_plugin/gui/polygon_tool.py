"""A map tool that draws one polygon with the mouse."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

LEAST_POINTS = 3


class PolygonTool(QgsMapTool):
    """Left click adds a corner, right click or double click finishes, Backspace takes one back, Esc starts anew."""

    drawn = pyqtSignal(QgsGeometry)
    """The polygon, in the canvas's coordinate system."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._points: list[QgsPointXY] = []
        self._ending = False
        self._band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self._band.setStrokeColor(QColor("#1a1a1a"))
        self._band.setFillColor(QColor(90, 160, 44, 60))
        self._band.setWidth(2)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Add a corner, or be about to finish."""
        self._ending = event.button() == Qt.MouseButton.RightButton
        if event.button() == Qt.MouseButton.LeftButton:
            self._points.append(self.toMapCoordinates(event.pos()))
            self._show(self._points)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Finish: not before, or the tool that comes next has the release, which pans, or brings this tool back."""
        if self._ending:
            self._finish()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the polygon as it would be with a corner here."""
        if self._points:
            self._show([*self._points, self.toMapCoordinates(event.pos())])

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """Be about to finish; the first of the two clicks has added the last corner."""
        self._ending = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back a corner, or all."""
        if event.key() == Qt.Key.Key_Escape:
            self._reset()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._points:
            self._points.pop()
            self._show(self._points)
            event.ignore()  # or QGIS deletes features

    def deactivate(self) -> None:
        """Forget what is half drawn."""
        self._reset()
        super().deactivate()

    def remove_band(self) -> None:
        """Take what the tool has drawn out of the canvas, for good."""
        self.canvas().scene().removeItem(self._band)

    def _finish(self) -> None:
        points, enough = list(self._points), len(self._points) >= LEAST_POINTS
        self._reset()
        if enough:
            self.drawn.emit(QgsGeometry.fromPolygonXY([points]))

    def _show(self, points: list[QgsPointXY]) -> None:
        self._band.setToGeometry(QgsGeometry.fromPolygonXY([points]) if len(points) >= LEAST_POINTS
                                 else QgsGeometry.fromPolylineXY(points), None)

    def _reset(self) -> None:
        self._points, self._ending = [], False
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
