"""Counts what a person would count: presses of a mouse button, wherever they land."""

from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtWidgets import QApplication, QWidget


class Clicks(QObject):
    """`count` presses since it was made; one that a widget leaves to its parent is still one."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self._pressed = False
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched, event):
        if isinstance(watched, QWidget):
            if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
                self.count += not self._pressed
                self._pressed = True
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._pressed = False
        return False

    def stop(self):
        """Count no more."""
        QApplication.instance().removeEventFilter(self)
