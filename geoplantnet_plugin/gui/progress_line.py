"""The one progress line: the stage, what is done of it, the time left, and a bar that moves as evenly as is known."""

from __future__ import annotations

import math
import time

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ..bridge.events import Progress
from ..i18n import tr
from ..numbers import count_text
from .area_size import time_text
from .plain_label import plain_label
from .run import Run

TICK_MS = 500
LEAST_LEFT = 2.0
"""Less than so many seconds are not told."""

SILENT_SECONDS = 15.0
"""How slowly the bar moves while nothing is known: its way is halved after about ten seconds."""


class ProgressLine(QWidget):
    """Follows a `Run`; hidden before the first. Afterwards it says how it ended, until the next or `clear`.

    Between two steps the bar goes on at the pace that was told, ever slower, and never reaches the end by itself.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setAccessibleName(name)
        self.text = plain_label()
        self.text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.text)
        self._step = Progress("", 0, 0, 0.0, SILENT_SECONDS)
        self._began = self._told = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show)
        self.hide()

    def follow(self, run: Run, stage: str = "") -> None:
        """Show how far `run` has come, from now on; `stage` is what it begins with."""
        self._began = time.monotonic()
        self._take(Progress(stage or tr("Starting"), 0, 0, 0.0, SILENT_SECONDS))
        run.step.connect(self._take)
        run.finished.connect(lambda results: self._end(
            tr("Finished after {time}.") if results else tr("Stopped after {time}.")))
        run.failed.connect(lambda _: self.clear())
        self.bar.show()
        self.show()
        self._timer.start()

    def clear(self) -> None:
        """Show nothing."""
        self._timer.stop()
        self.hide()

    def _take(self, step: Progress) -> None:
        self._step, self._told = step, time.monotonic()
        self._show()

    def _show(self) -> None:
        step, since = self._step, time.monotonic() - self._told
        share = 1 - (1 - step.share) * math.exp(-since / max(step.left, 1.0))
        self.bar.setValue(min(round(100 * share), 99))
        line = step.stage
        if step.total:
            line = tr("{stage}: {done} of {total}").format(
                stage=step.stage, done=count_text(step.done), total=count_text(step.total))
        left = step.left - since
        if step.share > 0 and left >= LEAST_LEFT:
            line = tr("{line}, about {time} left").format(line=line, time=time_text(left))
        self.text.setText(line)

    def _end(self, text: str) -> None:
        self._timer.stop()
        self.bar.hide()
        self.text.setText(text.format(time=time_text(time.monotonic() - self._began)))
