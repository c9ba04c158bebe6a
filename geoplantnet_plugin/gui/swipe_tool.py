"""A map tool that uncovers other layers right of the mouse."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen


class SwipeTool(QgsMapTool):
    """While it is active, the map is drawn as it is left of a line, and with its own layers right of it."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._layers: list[QgsMapLayer] = []
        self._job: QgsMapRendererParallelJob | None = None
        self.curtain: Curtain | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def use(self, layers: list[QgsMapLayer]) -> None:
        """Choose the layers to be uncovered, from top to bottom; the tool keeps them."""
        self._layers = layers
        if self.isActive():
            self._draw()

    def activate(self) -> None:
        """Lay the curtain over the map, half open."""
        super().activate()
        self.curtain = Curtain(self.canvas())
        self.canvas().mapCanvasRefreshed.connect(self._draw)
        self._draw()

    def deactivate(self) -> None:
        """Take the curtain away."""
        if self.curtain is not None:
            self.canvas().mapCanvasRefreshed.disconnect(self._draw)
            self._stop()
            self.canvas().scene().removeItem(self.curtain)
            self.curtain = None
        super().deactivate()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Move the line to the mouse."""
        if self.curtain is not None:
            self.curtain.open_at(event.pos().x())

    def _draw(self) -> None:
        """Draw the layers for the view of the canvas, beside the window's own thread."""
        self._stop()
        if not self._layers:
            return
        settings = QgsMapSettings(self.canvas().mapSettings())
        settings.setLayers(self._layers)
        settings.setBackgroundColor(QColor("#ffffff"))
        self._job = QgsMapRendererParallelJob(settings)
        self._job.finished.connect(self._show)
        self._job.start()

    def _show(self) -> None:
        if self._job is not None and self.curtain is not None:
            self.curtain.show_image(self._job.renderedImage())

    def _stop(self) -> None:
        if self._job is not None:
            self._job.finished.disconnect(self._show)
            self._job.cancelWithoutBlocking()
            self._job = None


class Curtain(QgsMapCanvasItem):
    """The picture of the other layers, right of a line."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._of_canvas = canvas
        self.position = canvas.width() / 2
        self._image: QImage | None = None

    def open_at(self, position: float) -> None:
        """Move the line to `position` in pixels from the left."""
        self.position = position
        self.update()

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self._image = image
        self.setRect(self._of_canvas.extent())
        self.update()

    def paint(self, painter: QPainter, option=None, widget=None) -> None:
        """Paint what lies right of the line, and the line."""
        if self._image is None:
            return
        ratio = self._image.devicePixelRatio()
        width, height = self._image.width() / ratio, self._image.height() / ratio
        left = min(max(self.position, 0.0), width)
        painter.drawImage(QRectF(left, 0, width - left, height), self._image,
                          QRectF(left * ratio, 0, (width - left) * ratio, height * ratio))
        painter.setPen(QPen(QColor("#1a1a1a"), 2))
        painter.drawLine(int(left), 0, int(left), int(height))
