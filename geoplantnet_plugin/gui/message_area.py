"""Messages in a place of their own, which scrolls: they never move the buttons."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QScrollArea

from .plain_label import plain_label

LINES = 4
"""So many lines are in sight; more are scrolled to."""


class MessageArea(QScrollArea):
    """Shows plain text; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._label = plain_label()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._label)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def text(self) -> str:
        """Return what is shown."""
        return self._label.text()

    def setText(self, text: str) -> None:
        """Show `text` from its beginning."""
        self._label.setText(text)
        self.verticalScrollBar().setValue(0)
        self.setVisible(bool(text))

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def sizeHint(self) -> QSize:
        """Return the height of a few lines."""
        return QSize(super().sizeHint().width(), LINES * self.fontMetrics().lineSpacing() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the height of a few lines, and no width of its own."""
        return QSize(0, self.sizeHint().height())
