"""The run that the panel starts once its site has been checked: followed by its bar, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..bridge.settings import PluginSettings, data_folder
from ..i18n import tr
from .check_text import objection
from .fit_check import FitCheck
from .run import Run
from .run_bar import RunBar
from .slices import Later, Slices

ASSESS = "geoplantnet:assess"


class AssessRun(QObject):
    """Shows progress, warnings and what went wrong in `bar`; remembers where a person writes assessments."""

    changed = pyqtSignal()
    """It began, or it is over."""
    assessed = pyqtSignal(str)
    """The folder of a finished assessment."""

    def __init__(self, bar: RunBar, check: FitCheck, begin: Callable[[], None]) -> None:
        super().__init__(bar)
        self._bar, self._check, self._begin = bar, check, begin
        self._run: Run | None = None
        self._wanted = self._warned = False
        self._concluding = Slices(self)
        self._waiting = Later(self._go_on, self)
        bar.cancel_button.clicked.connect(self.cancel)
        check.ended.connect(lambda: self._wanted and self._waiting.begin())  # the lights are drawn first

    @property
    def busy(self) -> bool:
        """Whether it runs."""
        return self._run is not None

    def ask(self, can_check: bool) -> None:
        """Call `begin` once the check is over and speaks for it, or say what does not."""
        if self._check.is_pending and can_check:
            self._wanted = True
            self._bar.status.setText(tr("Checking area and predictors first …"))
            return
        fit = self._check.fit
        if fit and (reason := objection(fit)):
            self._bar.status.setText(reason)
        elif fit and fit.is_far and not self._warned:
            self._warned = True
            self._bar.status.setText(tr("Read the warning above. To run all the same, press Run again."))
        else:
            self._begin()

    def forget(self) -> None:
        """Another site, model or source: what was read of it has to be read again."""
        self._warned = False

    def start(self, parameters: dict[str, Any]) -> None:
        """Run the algorithm in the task manager."""
        self._bar.status.clear()
        self._run = Run(ASSESS, parameters, self)
        self._bar.progress.follow(self._run)
        self._run.warning.connect(self._bar.add_warning)
        self._run.finished.connect(self._finished)
        self._run.failed.connect(self._failed)
        self.changed.emit()
        self._run.start()

    def cancel(self) -> None:
        """Ask it to stop, or to begin no more."""
        self._wanted = False
        if self._run:
            self._run.cancel()

    def shut_down(self) -> None:
        """Stop, and tell nobody."""
        self._concluding.stop()
        self.cancel()

    def _go_on(self) -> None:
        if self._wanted and not self._check.is_pending:
            self._wanted = False
            self._bar.status.clear()
            self.ask(can_check=False)

    def _finished(self, results: dict[str, Any]) -> None:
        self._end()
        if results:
            self._concluding.start(self._conclude(results))

    def _conclude(self, results: dict[str, Any]) -> Iterator[None]:
        if Path(results["OUTPUT"]).parent != data_folder():
            PluginSettings.load().keep("last_output", results["OUTPUT"])
        yield
        self.assessed.emit(results["OUTPUT"])

    def _failed(self, reason: str) -> None:
        self._end()
        self._bar.status.setText(reason)

    def _end(self) -> None:
        self._run = None
        self.changed.emit()


def open_dialog(parameters: dict[str, Any]) -> None:
    """Show all options of the algorithm, with what is chosen in the panel."""
    from processing import execAlgorithmDialog

    execAlgorithmDialog(ASSESS, parameters)
