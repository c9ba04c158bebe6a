"""The species of an assessment as a table that stays quick with thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor

from ..i18n import tr
from ..layers.coverage import CoverageRow

IUCN_COLORS = {"EX": "#000000", "EW": "#542344", "CR": "#d81e05", "EN": "#fc7f3f", "VU": "#f9e814", "NT": "#cce226",
               "LC": "#60c659", "DD": "#d1d1c6", "NE": "#ffffff"}
"""The Red List's own colours (IUCN Red List brand guidelines)."""

DARK = ("EX", "EW", "CR")
SORT_ROLE = Qt.ItemDataRole.UserRole
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column:
    """A column: `value` is what it sorts by, `text` what it shows."""

    title: str
    tip: str
    value: Callable[[CoverageRow], Any]
    text: Callable[[CoverageRow], str]


def columns() -> tuple[Column, ...]:
    """Return the columns in the language of QGIS."""
    return (
        Column(tr("Species"), tr("Accepted scientific name"), lambda row: row.name.casefold(), lambda row: row.name),
        Column(tr("Cells (%)"), tr("Share of the area's cells in which the species is predicted"),
               lambda row: row.coverage, lambda row: f"{row.coverage:.1f}"),
        Column(tr("Common name"), tr("English common name"), lambda row: row.common_name.casefold(),
               lambda row: row.common_name),
        Column(tr("Family"), tr("Family"), lambda row: row.family, lambda row: row.family),
        Column(tr("IUCN"), tr("Red List category; blank: unknown"), lambda row: row.iucn, lambda row: row.iucn),
        Column(tr("Marks"), tr("T tree, I invasive alien, D EU directive, E endemic; blank: no or unknown"), _marks,
               _marks),
    )


def _marks(row: CoverageRow) -> str:
    marks = ((row.tree, "T"), (row.invasive, "I"), (row.in_directive, "D"), (row.endemic, "E"))
    return " ".join(letter for true, letter in marks if true)


class SpeciesModel(QAbstractTableModel):
    """Rows of the coverage table; `ROW_ROLE` gives the row itself."""

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._rows: Sequence[CoverageRow] = ()
        self._columns = columns()

    def show_rows(self, rows: Sequence[CoverageRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> CoverageRow:
        """Return a row."""
        return self._rows[number]

    def is_blank(self, column: int) -> bool:
        """Whether a column says nothing of any species."""
        return bool(self._rows) and not any(self._columns[column].text(row) for row in self._rows)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of species."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return titles and tips of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return self._columns[section].tip if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, sort value, colours and alignment of a cell."""
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == SORT_ROLE:
            return column.value(row)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{name}: score {mean:.2f} on average, {highest:.2f} at most").format(
                name=row.name, mean=row.mean_score, highest=row.max_score)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self._color(row, role) if index.column() == 4 else None

    def _color(self, row: CoverageRow, role: int) -> QBrush | None:
        if row.iucn not in IUCN_COLORS:
            return None
        if role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(QColor(IUCN_COLORS[row.iucn]))
        if role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor("#ffffff" if row.iucn in DARK else "#000000"))
        return None


@dataclass(frozen=True)
class Filter:
    """A named choice of species."""

    title: str
    keeps: Callable[[CoverageRow], bool]


def filters() -> tuple[Filter, ...]:
    """Return the filters in the language of QGIS."""
    return (
        Filter(tr("All species"), lambda row: True),
        Filter(tr("Trees"), lambda row: row.tree is True),
        Filter(tr("Threatened (VU, EN, CR)"), lambda row: row.iucn in ("VU", "EN", "CR")),
        Filter(tr("EU Habitats Directive"), lambda row: row.in_directive is True),
        Filter(tr("Invasive alien"), lambda row: row.invasive is True),
        Filter(tr("Endemic"), lambda row: row.endemic is True),
    )


class SpeciesProxy(QSortFilterProxyModel):
    """Sorts, searches (name, common name, family) and filters."""

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)
        self._words: list[str] = []
        self._filter = filters()[0]

    def search(self, text: str) -> None:
        """Keep rows that contain every word of `text`."""
        self._words = text.casefold().split()
        self.invalidateFilter()

    def use(self, chosen: Filter) -> None:
        """Keep the rows of a filter."""
        self._filter = chosen
        self.invalidateFilter()

    def filterAcceptsRow(self, number: int, parent: QModelIndex) -> bool:
        """Whether a row is kept."""
        row = self.sourceModel().row(number)
        if not self._filter.keeps(row):
            return False
        text = f"{row.name} {row.common_name} {row.family}".casefold() if self._words else ""
        return all(word in text for word in self._words)
