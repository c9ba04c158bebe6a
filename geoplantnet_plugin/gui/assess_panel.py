"""Where, from what, what for, run: fills the parameters of ``geoplantnet:assess`` and starts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QVBoxLayout,
    QWidget,
)

from ..bridge.models import taxa_of
from ..bridge.pace import recall
from ..bridge.settings import PluginSettings, data_folder
from ..common.resources import RESOURCES
from ..i18n import tr
from ..layers.demo import demo_area
from .area_box import AreaBox
from .area_size import expected_text
from .check_text import elsewhere_text, summary
from .fit_check import FitCheck
from .habitats_box import HabitatsBox
from .new_folder import NewFolder
from .project_inputs import ProjectInputs
from .published_box import PublishedBox
from .resume_bar import ResumeBar
from .rule_choice import RuleChoice
from .run import Run
from .run_bar import RunBar
from .source_boxes import MODEL, PUBLISHED, SourceBoxes
from .steps import Steps

ASSESS = "geoplantnet:assess"
DEMO_MODEL = "western-swiss-alps"


class AssessPanel(QWidget):
    """`assessed` tells the folder of a finished assessment."""

    assessed = pyqtSignal(str)

    def __init__(self, iface) -> None:
        super().__init__()
        self._run: Run | None = None
        self._runnable = False
        self._wants_run = False
        self._warned = False
        self.resume = ResumeBar()
        self.area = AreaBox(iface)
        self.sources = SourceBoxes(self._where)
        self.source, self.model = self.sources.source, self.sources.box_of(MODEL)
        self.check = FitCheck(self._to_check, self)
        self.rule = RuleChoice()
        self.habitats = HabitatsBox()
        self.habitats.hide()
        self.folder = NewFolder()
        self.bar = RunBar()
        self.run_button, self.cancel_button = self.bar.run_button, self.bar.cancel_button
        self.options_button, self.demo_button = self.bar.options_button, self.bar.demo_button
        self.progress, self.status = self.bar.progress, self.bar.status
        self.inputs = ProjectInputs(self)
        self._arrange()
        self._site_changed()
        self._connect()
        self._show_running(False)
        self._suggest_folder()
        self._show_check()

    def set_runnable(self, runnable: bool) -> None:
        """Allow running, or not (no engine)."""
        self._runnable = runnable
        self._show_running(self._run is not None)
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
        return {**self._site(), **chosen, "SOURCE": self.source.currentIndex(), "SET_RULE": self.rule.currentData(),
                "PRESENT": self.habitats.present(), "OUTPUT": self.folder.filePath()}

    def run(self) -> None:
        """Start the assessment in the task manager, once its site has been checked and found fit."""
        if self._run is not None:
            return
        if first := self.box.prepare():
            self.status.setText(first)
            return
        if self.check.is_pending and self._can_check():
            self._wants_run = True
            self.status.setText(tr("Checking area and predictors first …"))
            return
        fit = self.check.fit
        if fit and not fit.model:
            self.status.setText(tr("Choose a model first; the warning above says what each of them knows."))
        elif fit and not fit.is_ready:
            self.status.setText(elsewhere_text(fit) or tr(
                "Some predictors have no usable band yet: choose a band for those marked red, or tick the rasters that "
                "hold them."))
        elif fit and fit.is_far and not self._warned:
            self._warned = True
            self.status.setText(tr("Read the warning above. To run all the same, press Run again."))
        else:
            self._start(self.parameters())

    def run_demo(self) -> None:
        """Fill in the demo and run it."""
        self.fill_demo()
        self.run()

    def fill_demo(self) -> None:
        """Fill in the demo: a simulated valley."""
        layer = demo_area()
        QgsProject.instance().addMapLayer(layer)
        self.area.use_layer(layer)
        self.area.buffer.setValue(0)
        self.source.setCurrentIndex(0)
        self.model.choose_model(DEMO_MODEL)
        self.model.untick_all()
        self.model.add_source(str(RESOURCES / "demo" / "predictors.tif"))
        self.rule.setCurrentIndex(0)
        self.folder.suggest_in(data_folder(), "demo")

    def shut_down(self) -> None:
        """Stop what runs and let go of the canvas and the project."""
        self.check.stop()
        if self._run:
            self._run.cancel()
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
        purpose = QGroupBox(tr("3  What for"))
        form = QFormLayout(purpose)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.habitats)
        form.addRow(tr("Species present"), self.rule)
        form.addRow(tr("Assessment folder"), self.folder)
        steps = QWidget()
        layout = QVBoxLayout(steps)
        for widget in (self.resume, self.area, self.sources, purpose):
            layout.addWidget(widget)
        layout.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Steps(steps), 1)
        whole.addWidget(self.bar)  # always in sight, however long the steps are

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.cancel_button.clicked.connect(lambda: self._run and self._run.cancel())
        self.options_button.clicked.connect(self._open_dialog)
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
        if self._run is None:
            self.progress.clear()
        self.rule.allow(taxa_of(self.box.model_name()))
        self._warned = False
        self.check.look_again()
        self._show_check()

    def _checked(self) -> None:
        if self.check.fit:
            self.area.show_counted(self.check.fit)
        self._show_check()
        if self._wants_run:
            self._wants_run = False
            self.status.clear()
            self.run()

    def _show_check(self) -> None:
        """Show what the check has found, or what it still needs."""
        fit = self.check.fit
        if not self._can_check():
            self.model.checking.setText(tr("With an area chosen, and rasters where the model needs them, each "
                                           "predictor gets a light here: what it is taken from, and whether that can "
                                           "be right."))
        elif fit is None and not self.check.problem:
            self.model.checking.setText(tr("Checking area and predictors …"))
        else:
            self.model.checking.setText(f"⚠ {self.check.problem}" if self.check.problem else
                                        summary(fit))
        if fit or not self.check.is_pending:  # until then what was there stays: no flicker
            self.model.show_fit(fit)
        if fit or self.check.problem:
            self.habitats.setVisible(bool(fit and fit.survey))
        self.bar.show_concerns(fit.concerns() if fit else [])
        self._show_expected()

    def _show_expected(self) -> None:
        fit = self.check.fit
        told = self.area.cells > 0 and self.box.can_check() and not (fit and fit.pool)
        self.bar.expected.setVisible(told and self._run is None)
        self.bar.expected.setText(expected_text(recall(fit.model if fit else self.model.model_name()), self.area.cells))

    def _open_dialog(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(ASSESS, self.parameters())

    def _suggest_folder(self, *_: object) -> None:
        self.folder.suggest(self.area.name())

    def _resume(self, parameters: dict[str, Any]) -> None:
        if self._run is None:
            self.folder.setFilePath(parameters["OUTPUT"])
            self._start(parameters)

    def _start(self, parameters: dict[str, Any]) -> None:
        self.status.clear()
        self._run = Run(ASSESS, parameters, self)
        self.progress.follow(self._run)
        self._run.warning.connect(self.bar.add_warning)
        self._run.finished.connect(self._finished)
        self._run.failed.connect(self._failed)
        self._show_running(True)
        self.inputs.keep()
        self._run.start()

    def _show_running(self, running: bool) -> None:
        self.bar.show_running(running, self._runnable)
        self.resume.setEnabled(self._runnable and not running)
        self._show_expected()

    def _finished(self, results: dict[str, Any]) -> None:
        self._end()
        if not results:
            return
        if Path(results["OUTPUT"]).parent != data_folder():
            settings = PluginSettings.load()
            settings.last_output = results["OUTPUT"]
            settings.save()
        self.assessed.emit(results["OUTPUT"])
        self._suggest_folder()

    def _failed(self, reason: str) -> None:
        self._end()
        self.status.setText(reason)

    def _end(self) -> None:
        self._run = None
        self._show_running(False)
        self.resume.look()
