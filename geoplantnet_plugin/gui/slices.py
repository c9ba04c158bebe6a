"""Work on the window's thread in small steps, one a turn of QGIS's event loop, so that QGIS answers in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

PAUSE_MS = 4
"""Between two steps; without a pause several would come before a repaint or a click has its turn."""


class Later(QTimer):
    """Calls `then` a turn after `begin`, once, however often that was called meanwhile."""

    def __init__(self, then: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(PAUSE_MS)
        self.timeout.connect(then)

    def begin(self, *_: object) -> None:
        """Call it soon."""
        if not self.isActive():
            self.start()


class Slices(QObject):
    """Goes on with an iterator a step at a time; `start` with another one forgets the one before."""

    done = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] = iter(())
        self._timer = Later(self._go_on, self)

    def start(self, steps: Iterator[object]) -> None:
        """Begin; `done` tells the end."""
        self._steps = steps
        self._timer.start()

    def stop(self) -> None:
        """Leave the rest."""
        self._timer.stop()
        self._steps = iter(())

    def _go_on(self) -> None:
        steps = self._steps
        try:
            next(steps)
        except StopIteration:
            self.done.emit()
            return
        if steps is self._steps:  # a step may have begun something else
            self._timer.start()
