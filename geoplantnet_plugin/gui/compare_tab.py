"""Results: one indicator or species of this assessment beside that of another one."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.apart import apart
from ..layers.build import area_layer, indicator_layer, species_layer
from ..layers.difference import Comparable, check_grids, comparables, write_difference
from ..layers.manifest import Assessment, NotAnAssessment, SpeciesBand, read_assessment
from ..layers.problem import LayerProblem
from ..layers.show import show_difference, show_indicator, show_species
from .background import Background
from .other_combo import OtherCombo
from .plain_label import plain_label
from .scrolling import scrolling
from .swipe_button import SwipeButton

COMPARE = "geoplantnet:compareassessments"


def warning_of(first: Assessment, second: Assessment) -> str:
    """Return in what two assessments were made differently, marked as a warning; blank where in nothing."""
    told = apart(first, second)
    return f"⚠ {told}" if told else ""


class CompareTab(QWidget):
    """Choose another assessment and what to compare; see the difference, or swipe between the two."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._second: Assessment | None = None
        self.other = OtherCombo()
        self.folder_button = QPushButton(tr("Folder …"))
        self.folder_button.setToolTip(tr("Compare with an assessment that is not in the project"))
        self.what = QComboBox()
        self.what.setAccessibleName(tr("What to compare"))
        self.what.setEditable(True)
        self.what.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.what.completer().setFilterMode(Qt.MatchFlag.MatchContains)
        self.what.completer().setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.difference_button = QPushButton(tr("Difference on the map"))
        self.difference_button.setToolTip(tr("Makes a layer: this assessment minus the other one"))
        self.swipe_button = SwipeButton(iface.mapCanvas(), self._swiped_layers)
        self.tables_button = QPushButton(tr("As tables …"))
        self.tables_button.setToolTip(tr("Shares with their intervals and means of indicators, side by side; also "
                                         "where areas or grids differ"))
        self.warning, self.message = plain_label(), plain_label()
        for label in (self.warning, self.message):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.work = Background(tr("Difference of two assessments"), self)
        self._arrange()
        self.other.currentIndexChanged.connect(self._use_other)
        self.folder_button.clicked.connect(self._choose_folder)
        self.difference_button.clicked.connect(self._make_difference)
        self.tables_button.clicked.connect(self._compare_tables)
        self.what.activated.connect(self.swipe_button.follow)
        self.work.done.connect(self._show_difference)
        self.work.failed.connect(self.message.setText)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Compare another assessment from now on."""
        self.work.stop()
        self.swipe_button.give_back()
        self._assessment = assessment
        if self.isVisible():
            self._list()

    def shut_down(self) -> None:
        """Give the canvas back."""
        self.work.stop()
        self.swipe_button.shut_down()

    def showEvent(self, event) -> None:
        """Look which assessments the project shows now."""
        super().showEvent(event)
        self._list()

    def _arrange(self) -> None:
        other = QHBoxLayout()
        other.addWidget(self.other, 1)
        other.addWidget(self.folder_button)
        form = QFormLayout()
        form.addRow(tr("Compare with"), other)
        form.addRow(tr("What"), self.what)
        buttons = QHBoxLayout()
        buttons.addWidget(self.difference_button)
        buttons.addWidget(self.swipe_button)
        buttons.addWidget(self.tables_button)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(form)
        layout.addLayout(buttons)
        layout.addWidget(self.warning)
        layout.addWidget(self.message)
        layout.addStretch()
        page = QVBoxLayout(self)
        page.setContentsMargins(4, 4, 4, 4)
        page.addWidget(scrolling(content))

    def _list(self) -> None:
        self.other.list_others(self._assessment)
        self._use_other()

    def _use_other(self) -> None:
        folder, title = self.other.currentData(), self.what.currentText()
        self._second, found = None, []
        self.warning.clear()
        self.message.setText(tr("Open another assessment, or choose its folder."))
        if self._assessment and folder:
            try:
                self._second = read_assessment(Path(folder))
                self.warning.setText(warning_of(self._assessment, self._second))
                check_grids(self._assessment, self._second)
                found = comparables(self._assessment, self._second)
                self.message.setText(tr("Orange is less here than there, purple is more.") if found else tr(
                    "The two assessments have no indicator and no species in common."))
            except LayerProblem:  # the warning says it, with what can still be compared
                self.message.clear()
            except NotAnAssessment as problem:
                self.message.setText(str(problem))
        self.warning.setVisible(bool(self.warning.text()))
        self.tables_button.setEnabled(self._second is not None)
        self.what.clear()
        for entry in found:
            self.what.addItem(entry.title, entry)
        self.what.setCurrentIndex(max(self.what.findText(title), 0) if found else -1)
        for widget in (self.what, self.difference_button, self.swipe_button):
            widget.setEnabled(bool(found))

    def _compare_tables(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(COMPARE, {"FIRST": str(self._assessment.folder), "SECOND": str(self._second.folder)})

    def _chosen(self) -> Comparable | None:
        index = self.what.findText(self.what.currentText())
        return self.what.itemData(index) if index >= 0 else None

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Assessment folder"))
        if folder:
            self.other.add_folder(Path(folder).resolve())

    def _make_difference(self) -> None:
        chosen, first, second = self._chosen(), self._assessment, self._second
        if chosen is None or first is None or second is None:
            return
        self.message.setText(tr("Computing the difference …"))
        self.work.start(lambda stopped: (chosen, first, second, write_difference(first, second, chosen, stopped)))

    def _show_difference(self, found: tuple[Comparable, Assessment, Assessment, Path | None]) -> None:
        chosen, first, second, path = found
        if path is not None:
            layer = show_difference(QgsProject.instance(), first, second, chosen, path)
            self.message.setText(tr("On the map: {name}").format(name=layer.name()))

    def _swiped_layers(self) -> list[QgsMapLayer]:
        """Map what was chosen of this assessment, and return the layers of the other one, none without a choice."""
        chosen = self._chosen()
        if chosen is None:
            return []
        if isinstance(chosen.what, SpeciesBand):
            show_species(QgsProject.instance(), self._assessment, chosen.what)
            other = species_layer(self._second, chosen.other)
        else:
            show_indicator(QgsProject.instance(), self._assessment, chosen.what)
            other = indicator_layer(self._second, chosen.other)
        self.message.setText(tr("Left of the mouse: {first}. Right of it: {second}.").format(
            first=self._assessment.folder.name, second=self._second.folder.name))
        return [area_layer(self._second), other]
