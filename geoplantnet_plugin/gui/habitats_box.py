"""Habitats that are there: ticked by a person, for the survey list of a site."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QGroupBox, QLabel

from ..habitats import habitat_titles
from ..i18n import tr

COLUMNS = 4


class HabitatsBox(QGroupBox):
    """One tick a habitat; none ticked says nothing of the site."""

    def __init__(self) -> None:
        super().__init__(tr("Habitats on the site (for its survey list)"))
        self.ticks = [QCheckBox(title) for _, title in habitat_titles()]
        note = QLabel(tr("Species that do not fit any of them come last in the list; none is hidden."))
        note.setWordWrap(True)
        layout = QGridLayout(self)
        for number, tick in enumerate(self.ticks):
            tick.setToolTip(tr("Tick it if the site has any: the survey list then says which species fit"))
            layout.addWidget(tick, number // COLUMNS, number % COLUMNS)
        layout.addWidget(note, 1 + len(self.ticks) // COLUMNS, 0, 1, COLUMNS)

    def present(self) -> list[int]:
        """Return the numbers of the habitats that are ticked, as the algorithm takes them."""
        return [number for number, tick in enumerate(self.ticks) if tick.isChecked()] if not self.isHidden() else []
