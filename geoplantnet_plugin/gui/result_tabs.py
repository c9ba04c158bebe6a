"""The pages on an assessment; the one in sight is filled first, the others one at a time, so that QGIS answers."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QMenu, QTabWidget, QToolButton, QWidget

from ..i18n import tr
from ..layers.manifest import Assessment, read_assessment
from ..layers.species_card import SpeciesCard
from .card_page import CardPage
from .compare_tab import CompareTab
from .field_tab import FieldTab
from .indicators_tab import IndicatorsTab
from .parts_tab import PartsTab
from .point_tab import PointTab
from .ranks_tab import RanksTab
from .report_tab import ReportTab
from .species_tab import SpeciesTab
from .summary_tab import SummaryTab
from .survey_tab import SurveyTab


class ResultTabs(QTabWidget):
    """Every page but the card of a species has `show_assessment`; what holds on to map or project has `shut_down`."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self.summary, self.survey, self.ranks = SummaryTab(), SurveyTab(), RanksTab()
        self.species, self.card, self.indicators = SpeciesTab(iface), CardPage(), IndicatorsTab()
        self.point, self.parts, self.compare = PointTab(iface), PartsTab(), CompareTab(iface)
        self.report, self.field = ReportTab(iface), FieldTab()
        self._pages = [
            (self.summary, tr("Summary")), (self.survey, tr("Survey list")), (self.ranks, tr("Ranks")),
            (self.species, tr("Species")), (self.card, tr("Card")), (self.indicators, tr("Indicators")),
            (self.point, tr("Point")), (self.parts, tr("Parts")), (self.compare, tr("Compare")),
            (self.report, tr("Report")), (self.field, tr("Field"))]
        for page, title in self._pages:
            self.addTab(page, title)
        self.setCornerWidget(self._list_of_pages())
        self._waiting: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._fill_next)
        self.currentChanged.connect(self._fill_current)
        self.species.card_wanted.connect(self._show_card)
        self.species.subarea.naming.saved.connect(lambda: self.parts.show_assessment(self._assessment))
        self.parts.shown.connect(self._show_part)
        self.field.surveyed.connect(lambda: self.species.show_assessment(read_assessment(
            Path(self._assessment.folder))))

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show another assessment, None for none."""
        self._assessment = assessment
        self.setEnabled(assessment is not None)
        self._waiting = [page for page, _ in self._pages if page is not self.card]
        self.card.forget()
        self._offer()
        self._fill_current()
        self._timer.start(0)

    @property
    def is_filled(self) -> bool:
        """Whether every page shows the assessment by now."""
        return not self._waiting

    def shut_down(self) -> None:
        """Let go of the project and the canvas."""
        self._timer.stop()
        for page in (self.species, self.card, self.indicators, self.point, self.compare):
            page.shut_down()

    def _fill_current(self, *_: object) -> None:
        self._fill(self.currentWidget())

    def _fill_next(self) -> None:
        if self._waiting:
            self._fill(self._waiting[0])
        else:
            self._timer.stop()

    def _fill(self, page: QWidget) -> None:
        if page in self._waiting:
            self._waiting.remove(page)
            page.show_assessment(self._assessment)

    def _offer(self) -> None:
        """Offer what there is: neither a list nor ranks have cells to count, to point at or to compare."""
        survey, ranks = (self._assessment.survey, self._assessment.ranks) if self._assessment else (None, None)
        only = self.ranks if ranks else self.survey if survey and survey.pool else None
        self._set_visible(self.survey, survey is not None)
        self._set_visible(self.ranks, ranks is not None)
        for page in (self.species, self.card, self.indicators, self.point, self.parts, self.compare, self.field):
            self._set_visible(page, only is None)
        if only:
            self.setCurrentWidget(only)

    def _set_visible(self, page: QWidget, visible: bool) -> None:
        self.setTabVisible(self.indexOf(page), visible)

    def _list_of_pages(self) -> QToolButton:
        """Return a button that lists the pages: a narrow dock shows few tabs at a time."""
        button = QToolButton()
        button.setAutoRaise(True)
        button.setArrowType(Qt.ArrowType.DownArrow)
        button.setAccessibleName(tr("All pages"))
        button.setToolTip(tr("All pages"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.listed = QMenu(button)
        self.listed.aboutToShow.connect(self._list_pages)
        button.setMenu(self.listed)
        return button

    def _list_pages(self) -> None:
        self.listed.clear()
        for page, title in self._pages:
            if self.isTabVisible(self.indexOf(page)):
                self.listed.addAction(title, lambda page=page: self.setCurrentWidget(page))

    def _show_card(self, card: SpeciesCard, where: str) -> None:
        self.card.show_card(self._assessment, card, where, self.species.bar.layer())
        self.setCurrentWidget(self.card)

    def _show_part(self, name: str, outline: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> None:
        self.setCurrentWidget(self.species)
        self.species.subarea.use_polygons(name, [outline], crs, kept=True)
