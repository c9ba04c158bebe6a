"""A score source that is asked, in the background, what a run would take before it is started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton

from ..i18n import tr
from .progress_line import ProgressLine
from .run import Run


class AskingBox(QGroupBox):
    """Holds one question under way and what was answered; `site` gives the parameters that say where.

    A source gives `parameters`, names its buttons and starts its question with `_ask`.
    """

    changed = pyqtSignal()
    go_on = pyqtSignal()
    """What a run takes has been shown, is little, and a run was asked for: it may begin."""

    def __init__(self, title: str, site: Callable[[], dict[str, Any]]) -> None:
        super().__init__(title)
        self._site = site
        self._run: Run | None = None
        self._answered: dict[str, Any] | None = None
        self._wants_run = False
        self.ask_button = QPushButton()
        self.stop_button = QPushButton(tr("Stop"))
        self.cost = QLabel()
        self.cost.setWordWrap(True)
        self.progress = ProgressLine(tr("Progress of the question"))
        self.stop_button.clicked.connect(self.stop)
        self._show_running(False)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of ``geoplantnet:assess`` as chosen here."""
        raise NotImplementedError

    def model_name(self) -> str:
        """Return a blank: no model is run here."""
        return ""

    def can_check(self) -> bool:
        """Return false: there is no model here whose fit could be checked."""
        return False

    def is_ready(self) -> bool:
        """Whether what it takes has been shown for what is chosen now."""
        return self._answered is not None and self._answered == self._chosen()

    def forget(self, *_: object) -> None:
        """What was answered holds no more."""
        self._wants_run = False
        if self._answered is not None:
            self._answered = None
            self.cost.clear()
        self.changed.emit()

    def stop(self) -> None:
        """Ask no more."""
        if self._run:
            self._run.cancel()

    def shut_down(self) -> None:
        """Ask no more."""
        self.stop()

    def _chosen(self) -> dict[str, Any]:
        return {**self._site(), **self.parameters()}

    def _ask(self, algorithm: str, parameters: dict[str, Any], found: Callable[[dict[str, Any]], None]) -> None:
        """Run `algorithm`; `found` gets its results, which are empty when it was stopped."""
        self.cost.clear()
        self._run = Run(algorithm, parameters, self, remembered=False)
        self.progress.follow(self._run, tr("Asking"))
        self._run.finished.connect(found)
        self._run.failed.connect(self._failed)
        self._show_running(True)
        self._run.start()

    def _failed(self, reason: str) -> None:
        self._end()
        self.cost.setText(f"⚠ {reason}")

    def _end(self) -> None:
        self._run = None
        self.progress.clear()
        self._show_running(False)

    def _show_running(self, running: bool) -> None:
        self.ask_button.setEnabled(not running)
        self.stop_button.setVisible(running)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.ask_button)
        row.addWidget(self.stop_button)
        row.addStretch()
        return row
