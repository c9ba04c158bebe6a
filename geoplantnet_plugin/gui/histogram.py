"""How many cells have which value, as bars."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRectF, QSize
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

from ..layers.statistics import Statistics
from ..numbers import short_text


class Histogram(QLabel):
    """Bars in the palette's highlight colour; lowest and highest value below them.

    It is a label because themes give labels the colour of texts that can be read on them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Statistics | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_statistics(self, shown: Statistics | None) -> None:
        """Show other values, or none."""
        self._shown = shown
        self.setVisible(shown is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a height of four lines of text."""
        return QSize(120, 4 * self.fontMetrics().height())

    def paintEvent(self, event) -> None:
        """Draw the bars."""
        if self._shown is None:
            return
        painter = QPainter(self)
        line = self.fontMetrics().height()
        width, height = self.width() / len(self._shown.counts), self.height() - line
        most = max(self._shown.counts)
        for place, count in enumerate(self._shown.counts):
            bar = height * count / most
            painter.fillRect(QRectF(place * width, height - bar, max(width - 1, 1), bar), self.palette().highlight())
        painter.setPen(self.palette().text().color())
        low, high = short_text(self._shown.low), short_text(self._shown.high)
        painter.drawText(0, self.height() - self.fontMetrics().descent(), low)
        painter.drawText(self.width() - self.fontMetrics().horizontalAdvance(high),
                         self.height() - self.fontMetrics().descent(), high)
        painter.end()
