"""How statuses look in tables: icons drawn from ``resources/icons``, the Red List's badges."""

from __future__ import annotations

from functools import cache

from qgis.PyQt.QtCore import QModelIndex, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPainter
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..common.resources import RESOURCES

IUCN_COLORS = {"EX": "#000000", "EW": "#542344", "CR": "#d81e05", "EN": "#fc7f3f", "VU": "#f9e814", "NT": "#cce226",
               "LC": "#60c659", "DD": "#d1d1c6", "NE": "#ffffff"}
"""The Red List's own colours (IUCN Red List brand guidelines), from the highest risk to the lowest."""

DARK = ("EX", "EW", "CR")


@cache
def status_icon(name: str) -> QIcon:
    """Return the icon of a status: ``tree``, ``invasive``, ``directive`` or ``endemic``."""
    return QIcon(str(RESOURCES / "icons" / f"status-{name}.svg"))


class BadgeDelegate(QStyledItemDelegate):
    """Paints the Red List category in `badge_role` as a badge in its official colour; numbers stand on the right."""

    def __init__(self, badge_role: int, number_role: int, parent=None) -> None:
        super().__init__(parent)
        self._role = badge_role
        self._number_role = number_role

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Align numbers."""
        super().initStyleOption(option, index)
        if index.data(self._number_role):
            option.displayAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint the cell, and the badge over it."""
        category = index.data(self._role)
        if category is None:
            super().paint(painter, option, index)
            return
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        width = option.fontMetrics.horizontalAdvance("MM") + 8
        box = QRectF(option.rect.center().x() - width / 2, option.rect.top() + 2, width, option.rect.height() - 4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor("#808080"))
        painter.setBrush(QColor(IUCN_COLORS[category]))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor("#ffffff" if category in DARK else "#000000"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, category)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return room for a badge."""
        hint = super().sizeHint(option, index)
        return QSize(max(hint.width(), option.fontMetrics.horizontalAdvance("MM") + 16), hint.height())
