"""The results of an assessment: which one, its species, its indicators, one cell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from operator import attrgetter
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..bridge.settings import PluginSettings
from ..i18n import tr
from ..layers.find import assessment_folders
from ..layers.manifest import Assessment, NotAnAssessment, read_assessment
from ..numbers import count_text, length_text
from .assessment_menu import fill_menu
from .forward import bring_forward
from .open_button import OpenButton
from .progress_line import ProgressLine
from .result_tabs import ResultTabs
from .run import Run
from .slices import Later, Slices

LOAD = "geoplantnet:loadassessment"


class ResultsPanel(QWidget):
    """Offers the assessments whose layers are in the project; others are opened from their folder."""

    summary, survey, ranks = (property(attrgetter(f"tabs.{name}")) for name in ("summary", "survey", "ranks"))
    species, card, indicators = (property(attrgetter(f"tabs.{name}")) for name in ("species", "card", "indicators"))
    point, parts, compare = (property(attrgetter(f"tabs.{name}")) for name in ("point", "parts", "compare"))
    report, field = (property(attrgetter(f"tabs.{name}")) for name in ("report", "field"))

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._assessment: Assessment | None = None
        self.assessments = QComboBox()
        self.assessments.setAccessibleName(tr("Assessment"))
        self.open_button = OpenButton(lambda menu, folder: fill_menu(menu, self, folder))
        self.more_button = QToolButton()
        self.more_button.setText(tr("More"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more_button.setToolTip(tr("Report, fieldwork, comparison, export and folder of this assessment"))
        self.more = QMenu(self.more_button)
        self.more_button.setMenu(self.more)
        self.zoom_button = QPushButton(tr("Zoom to"))
        self.zoom_button.setToolTip(tr("Bring this assessment to the front and show its whole area"))
        self.progress = ProgressLine(tr("Progress of opening"))
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.RichText)
        self.tabs = ResultTabs(iface)
        self._opening = Slices(self)
        self._listing, self._keeping = Later(self._list_assessments, self), Later(self._remember, self)
        self._arrange()
        self.open_button.chosen.connect(lambda folder: self.load(folder))
        self.zoom_button.clicked.connect(self.bring_forward)
        self.more.aboutToShow.connect(self._list_more)
        self.assessments.currentIndexChanged.connect(self._show_chosen)
        QgsProject.instance().layersAdded.connect(self._listing.begin)
        QgsProject.instance().layersRemoved.connect(self._list_assessments)
        self._list_assessments()
        self._show_chosen()

    def open_folder(self, folder: str) -> None:
        """Choose the assessment in `folder`, whose layers may still be on their way into the project."""
        self._list_assessments()
        index = self.assessments.findData(str(Path(folder).resolve()))
        if index >= 0:
            self.assessments.setCurrentIndex(index)

    def bring_forward(self, *_: object) -> None:
        """Unfold and zoom to the assessment that is shown."""
        if self._assessment:
            bring_forward(self._iface, self._assessment)

    def work_on(self, folder: str, then: Callable[[], object]) -> None:
        """Show the assessment in `folder`, loaded if it is not in the project, and do `then`."""
        if self.assessments.findData(folder) >= 0:
            self.open_folder(folder)
            then()
        else:
            self.load(folder, then)

    def load(self, folder: str, then: Callable[[], object] = lambda: None) -> None:
        """Load an assessment folder with the algorithm that does it; do `then` when it is shown."""
        run = Run(LOAD, {"FOLDER": folder}, self)
        self.progress.follow(run, tr("Opening {name}").format(name=Path(folder).name))
        run.finished.connect(lambda results: self._opening.start(self._opened(folder, then if results else None)))
        run.failed.connect(self.about.setText)
        run.start()

    def _opened(self, folder: str, then: Callable[[], object] | None) -> Iterator[object]:
        yield self.open_folder(folder)
        yield then and then()
        yield self.bring_forward()
        self.progress.clear()  # what is open speaks for itself

    def shut_down(self) -> None:
        """Let go of the project and the canvas."""
        for waiting in (self._opening, self._listing, self._keeping):
            waiting.stop()
        self.tabs.shut_down()
        QgsProject.instance().layersAdded.disconnect(self._listing.begin)
        QgsProject.instance().layersRemoved.disconnect(self._list_assessments)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.assessments, 1)
        top.addWidget(self.open_button)
        top.addWidget(self.zoom_button)
        top.addWidget(self.more_button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.progress)
        layout.addWidget(self.about)
        layout.addWidget(self.tabs)

    def _list_assessments(self, *_: object) -> None:
        """Offer the project's assessments; the chosen one stays chosen while it is there."""
        folders = [str(folder) for folder in assessment_folders(QgsProject.instance())]
        if folders == [self.assessments.itemData(index) for index in range(self.assessments.count())]:
            return
        chosen = self.assessments.currentData()
        self.assessments.blockSignals(True)
        self.assessments.clear()
        for folder in folders:
            self.assessments.addItem(Path(folder).name, folder)
        self.assessments.setCurrentIndex(max(self.assessments.findData(chosen), 0) if folders else -1)
        self.assessments.blockSignals(False)
        if self.assessments.currentData() != chosen:
            self._show_chosen()

    def _show_chosen(self) -> None:
        folder = self.assessments.currentData()
        assessment: Assessment | None = None
        self.about.setText(tr("No assessment is open yet. Run one, or open its folder."))
        if folder:
            try:
                assessment = read_assessment(Path(folder))
                self.about.setText(_about(assessment))
                self.about.setToolTip(f"<p>{escape(assessment.rule)}</p>")
                self._keeping.begin()
            except NotAnAssessment as error:
                self.about.setText(escape(str(error)))
        self._assessment = assessment
        self.zoom_button.setEnabled(assessment is not None)
        self.more_button.setEnabled(assessment is not None)
        self.tabs.show_assessment(assessment)

    def _remember(self) -> None:
        """Put the assessment that is shown on top of those opened last."""
        if self._assessment:
            PluginSettings.load().remember(str(self._assessment.folder))

    def _list_more(self) -> None:
        self.more.clear()
        fill_menu(self.more, self, self.assessments.currentData())


def _about(assessment: Assessment) -> str:
    warning = tr("Simulated data: not a real place.")
    simulated = f"<b>{warning}</b> " if assessment.simulated else ""
    if assessment.survey and assessment.survey.pool:
        return simulated + tr("The square of {side} around the site. {source}. Expected by a model and by "
                              "records, not observed on the site.").format(
            side=length_text(assessment.resolution), source=escape(assessment.source_title))
    if assessment.ranks:
        return simulated + tr("Cells of {size}, ranked within squares of {side}. {source}. No chances "
                              "and no sums; predicted, not observed.").format(
            size=length_text(assessment.resolution), side=length_text(assessment.ranks.side),
            source=escape(assessment.source_title))
    return simulated + tr("{cells} cells of {size}. {source}. Predicted, not observed.").format(
        cells=count_text(assessment.cells), size=length_text(assessment.resolution),
        source=escape(assessment.source_title))
