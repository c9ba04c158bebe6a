"""When a species was recorded, by GBIF's own count of its records by month."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtWidgets import QCheckBox, QPushButton

from ..bridge.profile import read_recorded_months
from ..i18n import tr
from ..numbers import count_text
from .charts import MonthChart
from .gbif_part import GbifPart

MONTHS = "geoplantnet:speciesmonths"


class MonthsPart(GbifPart):
    """A chart, and below it where the counts come from, of which day, and what they do not say."""

    def __init__(self) -> None:
        button, choice = QPushButton(tr("Months")), QCheckBox(tr("Of this country alone"))
        button.setToolTip(tr("How many of GBIF's records of this species are of each month"))
        choice.setToolTip(tr("Records of the country of this site; GBIF then learns which one that is"))
        choice.setChecked(True)
        super().__init__(button, choice)
        self._folder = ""
        self._chart: MonthChart | None = None
        button.clicked.connect(self._start)

    def look_in(self, folder: str) -> None:
        """Ask for the country of the assessment in `folder`."""
        self._folder = folder

    def shut_down(self) -> None:
        """Ask no more, and show nothing."""
        super().shut_down()
        self._clear()

    def _start(self) -> None:
        self._clear()
        self._ask(MONTHS, {"FOLDER": self._folder if self.choice.isChecked() else ""}, "MONTHS", self._show)

    def _show(self, answer: dict[str, Any]) -> None:
        found = read_recorded_months(answer)
        where = found.country or tr("all countries")
        if sum(found.counts):
            self._chart = MonthChart(found.counts)
            self.content.addWidget(self._chart)
            told = tr("{count} records ({where}) with a month, {undated} without; counted by {source} on {day}. It is "
                      "when people found the plant, not when it flowers; those dated by year alone may stand in "
                      "January.")
        else:
            told = tr("GBIF has no record of it with a month ({where}); asked on {day}.")
        self._tell(told.format(count=count_text(sum(found.counts)), undated=count_text(found.undated), where=where,
                               source=answer["attribution"], day=found.day))

    def _clear(self) -> None:
        if self._chart:
            self._chart.hide()
            self._chart.deleteLater()
            self._chart = None
