"""Starts Processing algorithms the way the Processing dialog does: in the task manager, with history and results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..bridge.events import Progress
from ..bridge.runner import StepFeedback
from ..i18n import tr
from .history import remember
from .loading import Loading

JOB_SHARE = 0.95
"""The share of a run that is its algorithm; the rest is the layers that come into the project."""


class _Told(StepFeedback):
    """Passes on from the worker thread what the algorithm says."""

    warning = pyqtSignal(str)
    info = pyqtSignal(str)
    error = pyqtSignal(str)

    def pushWarning(self, warning: str) -> None:
        """Tell a warning."""
        super().pushWarning(warning)
        self.warning.emit(warning)

    def pushInfo(self, info: str) -> None:
        """Tell what is worth knowing."""
        super().pushInfo(info)
        self.info.emit(info)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        """Tell an error."""
        super().reportError(error, fatalError)
        self.error.emit(error)


class Run(QObject):
    """One run of an algorithm in QGIS's task manager; after `finished` or `failed` it is gone.

    With `remembered` it stands in the Processing history.
    """

    step = pyqtSignal(object)
    """A `Progress` of the whole run; the layers that it brings into the project are its last part."""
    warning = pyqtSignal(str)
    info = pyqtSignal(str)
    finished = pyqtSignal(dict)
    """The algorithm's results; empty when it was cancelled."""
    failed = pyqtSignal(str)

    def __init__(self, algorithm_id: str, parameters: dict[str, Any], parent: QObject | None = None,
                 remembered: bool = True) -> None:
        super().__init__(parent)
        self._remembered = remembered
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        self._parameters = parameters
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = _Told(False)
        self._context.setFeedback(self._feedback)
        self._errors: list[str] = []
        self._feedback.step.connect(lambda step: self.step.emit(replace(step, share=JOB_SHARE * step.share)))
        self._feedback.warning.connect(self.warning)
        self._feedback.info.connect(self.info)
        self._feedback.error.connect(self._errors.append)
        for over in (self.finished, self.failed):
            over.connect(self.deleteLater)

    def start(self) -> None:
        """Check the parameters and start; `failed` tells what does not fit."""
        can_run, reason = self._algorithm.canExecute()
        fits, sentence = self._algorithm.checkParameterValues(self._parameters, self._context)
        if not can_run or not fits:
            self.failed.emit(reason if not can_run else sentence)
            return
        if self._remembered:
            remember(self._algorithm, self._parameters, self._context)
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, self._parameters, self._context, self._feedback,
                                                *_flags(self._remembered))
        self._task.executed.connect(self._conclude)
        QgsApplication.taskManager().addTask(self._task)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._feedback.isCanceled()

    def cancel(self) -> None:
        """Ask the algorithm to stop."""
        self._feedback.cancel()

    def _conclude(self, successful: bool, results: dict[str, Any]) -> None:
        if self._feedback.isCanceled():
            self.finished.emit({})
        elif successful:
            loading = Loading(self._context, self._feedback, self)
            loading.loaded.connect(self._tell_loaded)
            loading.done.connect(lambda: self.finished.emit(results))
            loading.start()
        else:
            self.failed.emit("\n".join(self._errors) or tr("The algorithm failed; see the log messages."))

    def _tell_loaded(self, done: int, total: int) -> None:
        self.step.emit(Progress(tr("Opening"), done, total, JOB_SHARE + (1 - JOB_SHARE) * done / total, 0.0))


def _flags(remembered: bool) -> tuple[QgsTask.Flag, ...]:
    """Return the flags of a task: what nobody asked for says nothing when it is done (QGIS 3.26 and later)."""
    if remembered or not hasattr(QgsTask.Flag, "Silent"):
        return ()
    return (QgsTask.Flag.CanCancel | QgsTask.Flag.Silent,)
