"""Work that takes longer than a person waits, in QGIS's task manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsTask
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..i18n import tr
from ..layers.problem import LayerProblem

Stopped = Callable[[], bool]
"""Whether the work should stop."""


class Background(QObject):
    """One piece of work at a time: starting the next one stops the one before."""

    done = pyqtSignal(object)
    failed = pyqtSignal(str)

    def __init__(self, title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._task: _Task | None = None

    def start(self, work: Callable[[Stopped], Any]) -> None:
        """Run `work` in another thread; `done` brings its result, `failed` its sentence."""
        self.stop()
        task = _Task(self._title, work)
        task.over.connect(self._conclude)
        self._task = task
        QgsApplication.taskManager().addTask(task)

    def stop(self) -> None:
        """Forget the work under way."""
        if self._task is not None:
            self._task.over.disconnect(self._conclude)
            self._task.cancel()
            self._task = None

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return self._task is not None

    def _conclude(self) -> None:
        task, self._task = self._task, None
        if task.error is not None:
            self.failed.emit(task.error)
        elif not task.isCanceled():
            self.done.emit(task.result)


class _Task(QgsTask):
    over = pyqtSignal()

    def __init__(self, title: str, work: Callable[[Stopped], Any]) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._work = work
        self.result: Any = None
        self.error: str | None = None

    def run(self) -> bool:
        """Do the work; nothing may leave this method but through `result` and `error`."""
        error = None  # a task that was forgotten may lose its attributes while it runs
        try:
            self.result = self._work(self.isCanceled)
        except LayerProblem as problem:
            error = str(problem)
        except Exception as fault:
            error = tr("This did not work ({reason}). Check that the assessment's files are complete.").format(
                reason=fault)
            QgsMessageLog.logMessage(repr(fault), "GeoPl@ntNet", Qgis.MessageLevel.Warning)
        self.error = error
        return error is None

    def finished(self, result: bool) -> None:
        """Tell, in the main thread."""
        self.over.emit()
