"""The species whose cells are ranked within larger squares; a click shows one on the map."""

from __future__ import annotations

import sqlite3

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ..common.assessment import RANKS_TABLE
from ..common.foreign import harmless
from ..common.tables import open_tables
from ..i18n import tr
from ..layers.manifest import Assessment
from ..layers.problem import LayerProblem
from ..layers.show import show_species
from .plain_label import plain_label
from .settling import Settling
from .survey_tab import why

WIDTHS = (28, 18, 24)
"""Widths of the first columns in characters."""


class RanksTab(QWidget):
    """Searchable; in the order of the raster's bands, what is to be looked for first."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search name or family"))
        self.search.setClearButtonEnabled(True)
        self.table = QTreeWidget()
        self.table.setAccessibleName(tr("Species with a map of ranks"))
        self.table.setHeaderLabels([tr("Name"), tr("Family"), tr("Why"), tr("Recorded")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width * self.table.fontMetrics().averageCharWidth())
        self.note = plain_label()
        self.note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        for widget in (self.search, self.table, self.note):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._filter)
        self._settling = Settling(self._show_highlighted, self)
        self.table.itemSelectionChanged.connect(self._settling.start)
        self.table.itemClicked.connect(self._show)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the species of another assessment."""
        self._assessment = assessment
        self.table.clear()
        self._settling.stop()
        self.note.setText(tr("A rank compares the cells of one square for one species: 1 the best, 0 the poorest. It "
                             "is no chance."))
        if assessment and assessment.ranks:
            self.table.addTopLevelItems([_item(row) for row in _read(assessment)])
            self._filter(self.search.text())

    def _filter(self, text: str) -> None:
        for item in map(self.table.topLevelItem, range(self.table.topLevelItemCount())):
            item.setHidden(not any(text.casefold() in item.text(column).casefold() for column in (0, 1)))

    def shut_down(self) -> None:
        """Map nothing more."""
        self._settling.stop()

    def _show_highlighted(self) -> None:
        for item in self.table.selectedItems():  # one at most, and none that the Tab key has merely passed
            self._show(item)

    def _show(self, item: QTreeWidgetItem, *_: object) -> None:
        """Map the species of a row: what is highlighted is what is mapped."""
        self._settling.stop()
        if self._assessment is None:
            return
        band = item.data(0, Qt.ItemDataRole.UserRole)
        species = next((entry for entry in self._assessment.species if entry.band == band), None)
        try:
            if species:
                show_species(QgsProject.instance(), self._assessment, species)
        except LayerProblem as problem:
            self.note.setText(str(problem))


def _read(assessment: Assessment) -> list[tuple]:
    query = f"SELECT band, name, family, reasons, recorded FROM {RANKS_TABLE} ORDER BY band"  # nosec B608
    try:
        with open_tables(assessment.geopackage) as connection:
            return connection.execute(query).fetchall()
    except sqlite3.Error:
        return []


def _item(row: tuple) -> QTreeWidgetItem:
    band, *texts, recorded = row
    name, family, reasons = (str(harmless(text or "")) for text in texts)
    where = {"here": tr("in a square of the site"), "near": tr("within 30 km")}.get(recorded, "–")
    item = QTreeWidgetItem([name, family, why(reasons), where])
    item.setData(0, Qt.ItemDataRole.UserRole, band)
    font = item.font(0)
    font.setItalic(True)
    item.setFont(0, font)
    return item
