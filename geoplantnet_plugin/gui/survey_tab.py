"""The survey list of an assessment: what to look for, in its order."""

from __future__ import annotations

import sqlite3
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from ..common.assessment import SURVEY_TABLE
from ..common.tables import open_tables
from ..i18n import tr
from ..layers.manifest import Assessment
from ..numbers import decimal_text

COLUMNS = ("grp, name, family, reasons, endemic, chance, ratio, recorded, rare, weak, tier, seasonal, months, "
           "lists_as_of")
NAME_COLUMN, NUMBER_COLUMNS = 0, (3, 4)


class SurveyModel(QAbstractTableModel):
    """The rows of a group, or all; texts are made when they are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.titles = [tr("Name"), tr("Family"), tr("Why"), tr("Chance"), tr("× mean"), tr("Recorded"), tr("Habitat"),
                       tr("When to look"), tr("Lists as of")]
        self._all: list[tuple[Any, ...]] = []
        self._rows: list[tuple[Any, ...]] = []

    def show_rows(self, rows: list[tuple[Any, ...]]) -> None:
        """Show other rows, of all groups."""
        self._all = rows
        self.use("")

    def use(self, group: str) -> None:
        """Show one group, all where it is blank."""
        self.beginResetModel()
        self._rows = [row for row in self._all if not group or row[0] == group]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of species shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of columns."""
        return len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.titles[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; names are set in italics."""
        if role == Qt.ItemDataRole.FontRole and index.column() == NAME_COLUMN:
            font = QFont()
            font.setItalic(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBER_COLUMNS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _texts(self._rows[index.row()])[index.column()]


class SurveyTab(QWidget):
    """Shows the list of the chosen assessment, one group or all."""

    def __init__(self) -> None:
        super().__init__()
        self.group = QComboBox()
        for title, group in ((tr("All"), ""), (tr("A  Listed, invasive or endemic"), "a"),
                             (tr("B  Characteristic here"), "b"), (tr("C  The rest by chance"), "c")):
            self.group.addItem(title, group)
        self.group.setAccessibleName(tr("Part of the survey list"))
        self.model = SurveyModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Survey list"))
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 6)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setStretchLastSection(True)
        note = QLabel(tr("A chance is that of being recorded in the square, not of growing on the site. A species "
                         "absent from this list is not absent from the site."))
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.group)
        layout.addWidget(self.table)
        layout.addWidget(note)
        self.group.currentIndexChanged.connect(lambda: self.model.use(self.group.currentData()))

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the list of another assessment."""
        self.model.show_rows(_read(assessment) if assessment and assessment.survey else [])
        self.group.setCurrentIndex(0)
        character = self.table.fontMetrics().averageCharWidth()
        for column, width in enumerate((26, 15, 20, 12, 8, 16, 12)):
            self.table.setColumnWidth(column, width * character)


def _read(assessment: Assessment) -> list[tuple[Any, ...]]:
    try:
        with open_tables(assessment.geopackage) as connection:
            return connection.execute(f"SELECT {COLUMNS} FROM {SURVEY_TABLE} ORDER BY fid").fetchall()  # nosec B608
    except sqlite3.Error:
        return []


def why(reasons: str) -> str:
    """Return the kinds of status that make a species worth looking for in words."""
    words = {"endemic": tr("endemic"), "invasive": tr("invasive"), "eu_directive": tr("Habitats Directive"),
             "iucn": tr("threatened")}
    return "; ".join(words.get(reason, reason) for reason in reasons.split())


def _texts(row: tuple[Any, ...]) -> list[str]:
    _, name, family, reasons, endemic, chance, ratio, recorded, rare, weak, tier, seasonal, months, as_of = row
    told = [why(reasons)] if reasons else []
    if endemic == "subspecies":
        told.append(tr("a subspecies is endemic"))
    where = [{"here": tr("in this square"), "near": tr("within 30 km")}.get(recorded, "–")]
    fits = {"fits": tr("fits"), "does not fit": tr("does not fit"), "unknown": tr("unknown")}
    return [name, family, "; ".join(told),
            tr("not modelled") if chance is None else f"{decimal_text(100 * chance, 0)} %{' *' if weak else ''}",
            "–" if ratio is None else decimal_text(ratio, 1),
            "; ".join(where + ([tr("rarely recorded")] if rare else [])),
            fits.get(tier, ""), months or (tr("seasonal: plan spring visits") if seasonal else ""), as_of]
