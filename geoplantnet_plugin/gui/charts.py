"""Small charts in the palette's colours: cells by altitude, a response curve, records by month."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

from ..bridge.profile import Altitudes, Curve
from ..i18n import tr
from ..numbers import count_text, decimal_text, locale

LIGHT, MIDDLE = 60, 120
"""Opacities (of 255) of what lies behind a curve or a bar."""


class Chart(QLabel):
    """A frame with a title above and the lowest and highest value below; subclasses draw into it.

    It is a label because themes give labels the colour of texts that can be read on them.
    """

    LINES = 7
    """Height in lines of text."""

    def __init__(self, title: str, low: str, high: str, told: str) -> None:
        super().__init__()
        self._title, self._low, self._high = title, low, high
        self.setObjectName("chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(told)
        self.setAccessibleName(title)
        self.setAccessibleDescription(told)

    def sizeHint(self) -> QSize:
        """Return a height in lines of text."""
        return QSize(140, self.LINES * self.fontMetrics().height())

    minimumSizeHint = sizeHint

    def paintEvent(self, event) -> None:
        """Draw title, frame and what the subclass has."""
        painter = QPainter(self)
        line = self.fontMetrics().height()
        frame = QRectF(0, line + 2, self.width() - 1, self.height() - 2 * line - 5)
        painter.setPen(self.palette().text().color())
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft,
                         self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, self.width()))
        below = QRectF(0, frame.bottom() + 2, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._low)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._high)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, frame)
        painter.end()

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw into the frame."""
        raise NotImplementedError

    def shade(self, opacity: int) -> QColor:
        """Return the highlight colour, so far transparent."""
        color = QColor(self.palette().highlight().color())
        color.setAlpha(opacity)
        return color


class AltitudeChart(Chart):
    """Outlined bars for the site's cells, filled ones for those where the species is predicted; each of its own most.

    Both are drawn to the same height, so that a species of few cells can be compared with the site.
    """

    def __init__(self, shown: Altitudes) -> None:
        self._shown = shown
        super().__init__(tr("Altitudes: the species filled, the site outlined"), metres(shown.edges[0]),
                         metres(shown.edges[-1]), altitude_text(shown))

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw both rows of bars."""
        painter.fillRect(frame, self.palette().base())
        for place, part in _bars(frame, self._shown.predicted):
            painter.fillRect(QRectF(place.left(), part, place.width(), frame.bottom() - part), self.shade(MIDDLE))
        painter.setPen(QPen(self.palette().text().color(), 1.2))
        for place, part in _bars(frame, self._shown.site):
            if part < frame.bottom():
                painter.drawRect(QRectF(place.left(), part, place.width(), frame.bottom() - part))


class MonthChart(Chart):
    """Twelve bars with the months' first letters below."""

    def __init__(self, counts: Sequence[int]) -> None:
        self._counts = counts
        names = [locale().standaloneMonthName(month, QLocale.FormatType.ShortFormat) for month in range(1, 13)]
        self._letters = [name[:1].upper() for name in names]
        super().__init__(tr("Records by month ({count} dated)").format(count=count_text(sum(counts))), "", "",
                         ", ".join(f"{name} {count_text(count)}" for name, count in zip(names, counts)))

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw bars and letters."""
        painter.fillRect(frame, self.palette().base())
        for letter, (place, part) in zip(self._letters, _bars(frame, self._counts)):
            painter.fillRect(QRectF(place.left() + 1, part, place.width() - 2, frame.bottom() - part),
                             self.palette().highlight())
            painter.setPen(self.palette().text().color())
            painter.drawText(QRectF(place.left(), frame.bottom() + 2, place.width(), self.fontMetrics().height()),
                             Qt.AlignmentFlag.AlignCenter, letter)


class ResponseChart(Chart):
    """A curve from 0 to `most`, the spread of the cells around it, and the range of the training data behind it."""

    def __init__(self, curve: Curve, bounds: tuple[float, float]) -> None:
        self._curve, self._bounds = curve, bounds
        unit = curve.unit if len(curve.unit) <= LONGEST_UNIT else ""
        low, high = (f"{_number(value)} {unit}".strip() for value in (curve.values[0], curve.values[-1]))
        super().__init__(curve.title, low, high, response_text(curve))

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw training range, spread, curve and where the site lies."""
        curve = self._curve
        painter.fillRect(frame, self.palette().base())
        if curve.training:
            left, right = (self._x(frame, value) for value in curve.training)
            painter.fillRect(QRectF(left, frame.top(), right - left, frame.height()), self.shade(LIGHT // 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.shade(LIGHT))
        painter.drawPolygon(QPolygonF([*self._points(frame, curve.low), *reversed(self._points(frame, curve.high))]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.palette().text().color(), 1.6))
        painter.drawPolyline(QPolygonF(self._points(frame, curve.scores)))
        left, right = (self._x(frame, value) for value in curve.site)
        painter.fillRect(QRectF(left, frame.bottom() - 3, max(right - left, 2), 3), self.palette().text())

    def _x(self, frame: QRectF, value: float) -> float:
        low, high = self._curve.values[0], self._curve.values[-1]
        return frame.left() + frame.width() * (min(max(value, low), high) - low) / ((high - low) or 1)

    def _points(self, frame: QRectF, scores: Sequence[float]) -> list[QPointF]:
        low, high = self._bounds
        return [QPointF(self._x(frame, value), frame.bottom() - frame.height() * (score - low) / ((high - low) or 1))
                for value, score in zip(self._curve.values, scores)]


LONGEST_UNIT = 12
"""A longer unit stands in the tip alone."""


def _bars(frame: QRectF, counts: Sequence[int]):
    """Yield the place of each bar and the height at which it begins; the most is as high as the frame."""
    width, most = frame.width() / len(counts), max(counts) or 1
    for number, count in enumerate(counts):
        yield (QRectF(frame.left() + number * width, frame.top(), width, frame.height()),
               frame.bottom() - (frame.height() - 2) * count / most)


def altitude_text(shown: Altitudes) -> str:
    """Return the profile in a sentence or two."""
    where = tr("Of the site's cells 90 % lie between {low} and {high}.").format(
        low=metres(shown.site_quantiles[0]), high=metres(shown.site_quantiles[2]))
    if shown.thinned:
        where = tr("The site is large: only {cells} of its cells, evenly spread, were looked at.").format(
            cells=count_text(sum(shown.site))) + " " + where
    if not shown.predicted_quantiles:
        return where + " " + tr("It is predicted in none of the cells that were looked at.")
    there = tr("Where it is predicted: {low} to {high}, half of the cells above {middle}.").format(
        low=metres(shown.predicted_quantiles[0]), high=metres(shown.predicted_quantiles[2]),
        middle=metres(shown.predicted_quantiles[1]))
    source = tr("Altitudes from {source} ({resolution:g} m).").format(source=shown.source, resolution=shown.resolution)
    return f"{where} {there} {source}"


def response_text(curve: Curve) -> str:
    """Return what the chart of a curve shows, in words."""
    best = max(range(len(curve.scores)), key=curve.scores.__getitem__)
    told = tr("{title} ({unit}): the mean score is highest, {score}, at {value}.").format(
        title=curve.title, unit=curve.unit or "–", score=decimal_text(curve.scores[best], 3),
        value=_number(curve.values[best]))
    if curve.training is None:
        return told + " " + tr("The range of the training data is not known.")
    return told + " " + tr("Shaded: the training data, {low} to {high}.").format(
        low=_number(curve.training[0]), high=_number(curve.training[1]))


def metres(value: float) -> str:
    """Return an altitude."""
    return f"{count_text(round(value))} m"


def _number(value: float) -> str:
    """Return a number with about four digits, none of them an exponent."""
    decimals = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return decimal_text(value, decimals)
