"""Checks area, model and predictors in the background whenever one of them has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..bridge.fit import SiteFit, read_fit
from .run import Run

CHECK_FIT = "geoplantnet:checkfit"
PAUSE_MS = 500
"""Changes that follow each other sooner are checked once."""


class FitCheck(QObject):
    """Runs ``geoplantnet:checkfit``; `parameters` gives what to check, None when there is nothing yet."""

    began = pyqtSignal()
    step = pyqtSignal(str)
    """The stage of the check that `began` last."""
    ended = pyqtSignal()
    """The check that `began` last is over: `fit` or `problem` tells what came out."""

    def __init__(self, parameters: Callable[[], dict[str, Any] | None], parent: QObject) -> None:
        super().__init__(parent)
        self._parameters = parameters
        self._run: Run | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)
        self._again = False  # a change came while the run before it was still being cancelled
        self.fit: SiteFit | None = None
        self.problem = ""

    @property
    def is_pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._run is not None or self._timer.isActive()

    def look_again(self) -> None:
        """Something has changed: what was found holds no more."""
        self.fit, self.problem = None, ""
        if self._run:
            self._run.cancel()
        self._timer.start()

    def stop(self) -> None:
        """Check no more."""
        self._timer.stop()
        self._again = False
        if self._run:
            self._run.cancel()

    def _start(self) -> None:
        if self._run:
            self._again = True
            return
        parameters = self._parameters()
        if parameters is None:
            self.ended.emit()
            return
        run = Run(CHECK_FIT, parameters, self, remembered=False)
        self._run = run
        run.step.connect(lambda step: self.step.emit(step.stage))
        run.finished.connect(self._found)
        run.failed.connect(self._failed)
        self.began.emit()
        run.start()

    def _found(self, results: dict[str, Any]) -> None:
        self._end(read_fit(json.loads(results["FIT"])) if results else None, "")

    def _failed(self, reason: str) -> None:
        self._end(None, reason)

    def _end(self, fit: SiteFit | None, problem: str) -> None:
        was_cancelled = self._run.is_cancelled
        self._run = None
        if was_cancelled:
            if self._again:
                self._again = False
                self._start()
            return
        self.fit, self.problem = fit, problem
        self.ended.emit()
