"""Where, from what, what for, run: fills the parameters of ``geoplantnet:assess`` and starts it."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from ..bridge.models import taxa_of
from ..bridge.pace import recall
from ..i18n import tr
from .area_box import AreaBox
from .area_size import expected_text
from .assess_run import AssessRun, open_dialog
from .check_text import checking_text
from .demo_inputs import fill_demo
from .fit_check import FitCheck
from .project_inputs import ProjectInputs
from .published_box import PublishedBox
from .purpose_box import PurposeBox
from .resume_bar import ResumeBar
from .run_bar import RunBar
from .source_boxes import MODEL, PUBLISHED, SourceBoxes
from .steps import Steps


class AssessPanel(QWidget):
    """`assessed` tells the folder of a finished assessment."""

    assessed = pyqtSignal(str)

    def __init__(self, iface) -> None:
        super().__init__()
        self._runnable = False
        self.resume = ResumeBar()
        self.area = AreaBox(iface)
        self.sources = SourceBoxes(self._where)
        self.source, self.model = self.sources.source, self.sources.box_of(MODEL)
        self.check = FitCheck(self._to_check, self)
        self.purpose = PurposeBox()
        self.rule, self.habitats, self.folder = self.purpose.rule, self.purpose.habitats, self.purpose.folder
        self.bar = RunBar()
        self.run_button, self.cancel_button = self.bar.run_button, self.bar.cancel_button
        self.options_button, self.demo_button = self.bar.options_button, self.bar.demo_button
        self.progress, self.status = self.bar.progress, self.bar.status
        self.running = AssessRun(self.bar, self.check, lambda: self._begin(self.parameters()))
        self.inputs = ProjectInputs(self)
        self._arrange()
        self._site_changed()
        self._connect()
        self._show_running()
        self._suggest_folder()

    def set_runnable(self, runnable: bool) -> None:
        """Allow running, or not (no engine)."""
        self._runnable = runnable
        self._show_running()
        self.check.look_again()

    @property
    def box(self) -> QGroupBox:
        """The box of the chosen score source."""
        return self.sources.chosen

    @property
    def published(self) -> PublishedBox:
        """The box of the published maps."""
        return self.sources.box_of(PUBLISHED)

    def parameters(self) -> dict[str, Any]:
        """Return the algorithm's parameters as chosen."""
        chosen = {"MODEL": self.check.fit.model} if self.check.fit else {}  # it need not be chosen twice
        return {**self._site(), **chosen, "SOURCE": self.source.currentIndex(), **self.purpose.parameters()}

    def run(self) -> None:
        """Start the assessment in the task manager, once its site has been checked and found fit."""
        if self.running.busy:
            return
        if first := self.box.prepare():
            self.status.setText(first)
        else:
            self.running.ask(self._can_check())

    def run_demo(self) -> None:
        """Fill in the demo and run it."""
        self.fill_demo()
        self.run()

    def fill_demo(self) -> None:
        """Fill in the demo: a simulated valley."""
        fill_demo(self)

    def shut_down(self) -> None:
        """Stop what runs and let go of the canvas and the project."""
        self.check.stop()
        self.running.shut_down()
        self.inputs.shut_down()
        self.area.shut_down()
        self.sources.shut_down()

    def _site(self) -> dict[str, Any]:
        return {**self._where(), **self.box.parameters()}

    def _where(self) -> dict[str, Any]:
        return {"AREA": self.area.parameter(), "BUFFER": self.area.buffer.value()}

    def _can_check(self) -> bool:
        """Whether there is all that a check needs; `_to_check` gives it, and looks into folders for that."""
        return self.box.can_check() and self._runnable and not self.area.is_blank()

    def _to_check(self) -> dict[str, Any] | None:
        """Return what can be checked, None when something is missing for it."""
        return self._site() if self._can_check() else None

    def _arrange(self) -> None:
        steps = QWidget()
        layout = QVBoxLayout(steps)
        for widget in (self.resume, self.area, self.sources, self.purpose):
            layout.addWidget(widget)
        layout.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Steps(steps), 1)
        whole.addWidget(self.bar)  # always in sight, however long the steps are

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.running.changed.connect(self._run_changed)
        for told in (self.assessed, self._suggest_folder):
            self.running.assessed.connect(told)
        self.options_button.clicked.connect(lambda: open_dialog(self.parameters()))
        self.demo_button.clicked.connect(self.run_demo)
        self.resume.resumed.connect(self._resume)
        self.area.layer.layerChanged.connect(self._suggest_folder)
        for part in (self.area, self.sources):
            part.changed.connect(self._site_changed)
        self.sources.go_on.connect(self.run)
        self.sources.fetched.connect(self.assessed)
        self.check.began.connect(self._show_check)
        self.check.step.connect(lambda stage: self.model.checking.setText(f"{stage} …"))
        self.check.ended.connect(self._checked)

    def _site_changed(self) -> None:
        self.rule.setItemText(0, self.box.default_rule)
        self.status.clear()
        if not self.running.busy:
            self.progress.clear()
        self.rule.allow(taxa_of(self.box.model_name()))
        self.running.forget()
        self.check.look_again()
        self._show_check()

    def _checked(self) -> None:
        if self.check.fit:
            self.area.show_counted(self.check.fit)
        self._show_check()

    def _show_check(self) -> None:
        """Show what the check has found, or what it still needs."""
        fit = self.check.fit
        self.model.checking.setText(checking_text(fit, self.check.problem) if self._can_check() else tr(
            "With an area chosen, and rasters where the model needs them, each predictor gets a light here: what it is "
            "taken from, and whether that can be right."))
        if fit or not self.check.is_pending:  # until then what was there stays: no flicker
            self.model.show_fit(fit)
        if fit or self.check.problem:
            self.habitats.setVisible(bool(fit and fit.survey))
        self.bar.show_concerns(fit.concerns() if fit else [])
        self._show_expected()

    def _show_expected(self) -> None:
        fit = self.check.fit
        told = self.area.cells > 0 and self.box.can_check() and not (fit and fit.pool)
        self.bar.expected.setVisible(told and not self.running.busy)
        self.bar.expected.setText(expected_text(recall(fit.model if fit else self.model.model_name()), self.area.cells))

    def _suggest_folder(self, *_: object) -> None:
        self.folder.suggest(self.area.name())

    def _resume(self, parameters: dict[str, Any]) -> None:
        if not self.running.busy:
            self.folder.setFilePath(parameters["OUTPUT"])
            self._begin(parameters)

    def _begin(self, parameters: dict[str, Any]) -> None:
        self.inputs.keep()
        self.running.start(parameters)

    def _show_running(self) -> None:
        """Offer what can be done while it runs, and afterwards what comes next."""
        busy = self.running.busy
        self.bar.show_running(busy, self._runnable)
        self.resume.setEnabled(self._runnable and not busy)
        self._show_expected()

    def _run_changed(self) -> None:
        self._show_running()
        if not self.running.busy:
            self.resume.look()
