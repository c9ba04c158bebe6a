"""The legend of the layer that is on the map: a ramp with its bounds and the values found, or classes with shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer, QgsSingleBandPseudoColorRenderer
from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QLinearGradient, QPainter
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

from ..layers.statistics import Statistics
from ..numbers import decimal_text

Entries = Sequence[tuple[str, QColor]]
"""Labels and colours as the layer's renderer has them, in the order of the values."""


class Legend(QLabel):
    """Nothing where there are no entries; a bracket below a ramp spans the values found here.

    It is a label because themes give labels the colour of texts that can be read on them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: Entries = ()
        self._shares: Sequence[float | None] = ()
        self._span: tuple[float, float] | None = None
        self._is_class = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def show_layer(self, layer: QgsRasterLayer | None, found: Statistics | None,
                   shares: Mapping[int, float] | None = None) -> None:
        """Show the colours as they are on the map, also where a person has changed them.

        `found` are the values that the area has, `shares` those of classes in % of the cells, where they are known.
        """
        renderer = layer.renderer() if layer else None
        if isinstance(renderer, QgsPalettedRasterRenderer):
            self.show_classes(list(renderer.legendSymbologyItems()),
                              [None if shares is None else shares.get(entry.value, 0.0)
                               for entry in renderer.classes()])
        elif isinstance(renderer, QgsSingleBandPseudoColorRenderer):
            low, high = renderer.classificationMin(), renderer.classificationMax()
            span = None if found is None or high <= low else (
                max((found.low - low) / (high - low), 0.0), min((found.high - low) / (high - low), 1.0))
            self.show_ramp(list(renderer.legendSymbologyItems()), span)
        else:
            self.clear()

    def show_ramp(self, entries: Entries, span: tuple[float, float] | None) -> None:
        """Show a ramp; `span` are lowest and highest value found, as parts (0 to 1) of the ramp."""
        self._entries, self._span, self._shares, self._is_class = entries, span, (), False
        self._refresh(" – ".join(label for label, _ in (entries[:1] + entries[-1:] if entries else ())))

    def show_classes(self, entries: Entries, shares: Sequence[float | None]) -> None:
        """Show classes, each with its share of the cells in % where it is known."""
        self._entries, self._shares, self._span, self._is_class = entries, shares, None, True
        self._refresh("; ".join(self._label(number) for number in range(len(entries))))

    def clear(self) -> None:
        """Show nothing."""
        self.show_ramp((), None)

    def sizeHint(self) -> QSize:
        """Return a line for each class, or three for a ramp."""
        lines = len(self._entries) if self._is_class else 3
        return QSize(120, lines * (self.fontMetrics().height() + 2))

    minimumSizeHint = sizeHint

    def paintEvent(self, event) -> None:
        """Draw the classes or the ramp."""
        if not self._entries:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().text().color())
        line = self.fontMetrics().height() + 2
        if self._is_class:
            for number, (_, color) in enumerate(self._entries):
                painter.fillRect(QRectF(0, number * line + 2, line, line - 4), color)
                painter.drawText(QRectF(line + 6, number * line, self.width() - line - 6, line),
                                 Qt.AlignmentFlag.AlignVCenter, self._label(number))
        else:
            self._draw_ramp(painter, line)
        painter.end()

    def _draw_ramp(self, painter: QPainter, line: int) -> None:
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for number, (_, color) in enumerate(self._entries):
            gradient.setColorAt(number / max(len(self._entries) - 1, 1), color)
        painter.fillRect(QRectF(0, 0, self.width(), line), gradient)
        if self._span:
            left, right = (self.width() * part for part in self._span)
            painter.fillRect(QRectF(left, line + 1, max(right - left, 2), 3), self.palette().text())
        below = QRectF(0, line + 5, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._entries[0][0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._entries[-1][0])

    def _label(self, number: int) -> str:
        label = self._entries[number][0]
        share = self._shares[number] if number < len(self._shares) else None
        return label if share is None else f"{label}: {decimal_text(share, 1)} %"

    def _refresh(self, told: str) -> None:
        self.setVisible(bool(self._entries))
        self.setAccessibleDescription(told)
        self.updateGeometry()
        self.update()


def is_stretched(layer: QgsRasterLayer, bounds: tuple[float, float]) -> bool:
    """Whether a layer's colours are spread over others than its fixed `bounds`."""
    renderer = layer.renderer()
    return isinstance(renderer, QgsSingleBandPseudoColorRenderer) and (
        renderer.classificationMin(), renderer.classificationMax()) != bounds
