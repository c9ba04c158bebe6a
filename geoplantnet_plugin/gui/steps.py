"""The steps of the panel, which scroll up and down."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QComboBox, QScrollArea, QWidget

LEAST_LETTERS = 12
"""So many letters of a choice are in sight, however narrow the dock."""


def narrow(content: QWidget) -> None:
    """Let a long title of a choice not widen the dock."""
    for box in content.findChildren(QComboBox):
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(LEAST_LETTERS)


class Steps(QScrollArea):
    """Scrolls up and down only: it is as wide as its content needs, in whatever font."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        narrow(content)
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        """Return the width that the content needs, and little height."""
        width = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())
