"""The pages on an assessment: each is made and filled when its turn comes, or at once when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry

from ..i18n import tr
from ..layers.manifest import Assessment, read_assessment
from ..layers.species_card import SpeciesCard
from .card_page import CardPage
from .compare_tab import CompareTab
from .field_tab import FieldTab
from .indicators_tab import IndicatorsTab
from .lazy_tabs import LazyTabs, page
from .parts_tab import PartsTab
from .point_tab import PointTab
from .ranks_tab import RanksTab
from .report_tab import ReportTab
from .slices import Slices
from .species_tab import SpeciesTab
from .summary_tab import SummaryTab
from .survey_tab import SurveyTab


class ResultTabs(LazyTabs):
    """Every page but the card of a species has `show_assessment`; what holds on to map or project has `shut_down`."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._assessment: Assessment | None = None
        self._waiting: list[page] = []
        self._filling = Slices(self)
        self.currentChanged.connect(self._fill_current)

    @page(lambda: tr("Summary"))
    def summary(self) -> SummaryTab:
        """The five verdicts."""
        return SummaryTab()

    @page(lambda: tr("Survey list"))
    def survey(self) -> SurveyTab:
        """What to look for."""
        return SurveyTab()

    @page(lambda: tr("Ranks"))
    def ranks(self) -> RanksTab:
        """Ranks within larger squares."""
        return RanksTab()

    @page(lambda: tr("Species"))
    def species(self) -> SpeciesTab:
        """The coverage table."""
        made = SpeciesTab(self._iface)
        made.card_wanted.connect(self._show_card)
        made.subarea.naming.saved.connect(lambda: self.parts.show_assessment(self._assessment))
        return made

    @page(lambda: tr("Card"))
    def card(self) -> CardPage:
        """One species."""
        return CardPage()

    @page(lambda: tr("Indicators"))
    def indicators(self) -> IndicatorsTab:
        """The indicators, one at a time on the map."""
        return IndicatorsTab()

    @page(lambda: tr("Point"))
    def point(self) -> PointTab:
        """One cell."""
        return PointTab(self._iface)

    @page(lambda: tr("Parts"))
    def parts(self) -> PartsTab:
        """Named parts of the area."""
        made = PartsTab()
        made.shown.connect(self._show_part)
        return made

    @page(lambda: tr("Compare"))
    def compare(self) -> CompareTab:
        """Beside another assessment."""
        return CompareTab(self._iface)

    @page(lambda: tr("Report"))
    def report(self) -> ReportTab:
        """Reports and print layouts."""
        return ReportTab(self._iface)

    @page(lambda: tr("Field"))
    def field(self) -> FieldTab:
        """Packing for the field, and reading what comes back."""
        made = FieldTab()
        made.surveyed.connect(lambda: self.species.show_assessment(read_assessment(Path(self._assessment.folder))))
        return made

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show another assessment, None for none."""
        self._assessment = assessment
        self.setEnabled(assessment is not None)
        self._waiting = list(self.pages)
        self._offer()
        self._fill_current()
        self._filling.start(self._fill_all())

    @property
    def is_filled(self) -> bool:
        """Whether every page shows the assessment by now."""
        return not self._waiting

    def shut_down(self) -> None:
        """Let go of the project and the canvas."""
        self._filling.stop()
        super().shut_down()

    def _fill_current(self, *_: object) -> None:
        index = self.currentIndex()
        self._fill(next(entry for entry in self.pages if self.index_of(entry) == index))

    def _fill_all(self) -> Iterator[None]:
        yield  # the page in sight is being drawn
        for wanted in self.pages:
            if wanted in self._waiting:
                for step in (self.make, self.made, self._fill):
                    step(wanted)
                    yield

    def _fill(self, wanted: page) -> None:
        if wanted not in self._waiting:
            return
        self._waiting.remove(wanted)
        made = self.made(wanted)
        if isinstance(made, CardPage):
            made.forget()
        else:
            made.show_assessment(self._assessment)

    def _offer(self) -> None:
        """Offer what there is: neither a list nor ranks have cells to count, to point at or to compare."""
        survey, ranks = (self._assessment.survey, self._assessment.ranks) if self._assessment else (None, None)
        kind = ResultTabs
        only = kind.ranks if ranks else kind.survey if survey and survey.pool else None
        shown = {kind.survey: survey is not None, kind.ranks: ranks is not None, kind.summary: True, kind.report: True}
        for entry in self.pages:
            self.setTabVisible(self.index_of(entry), shown.get(entry, only is None))
        if only:
            self.setCurrentIndex(self.index_of(only))

    def _show_card(self, card: SpeciesCard, where: str) -> None:
        self.card.show_card(self._assessment, card, where, self.species.bar.layer())
        self.setCurrentWidget(self.card)

    def _show_part(self, name: str, outline: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> None:
        self.setCurrentWidget(self.species)
        self.species.subarea.use_polygons(name, [outline], crs, kept=True)
