"""The species of an assessment as a table that stays quick with thousands of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt

from ..i18n import tr
from ..layers.coverage import CoverageRow
from .species_columns import SHARE_COLUMN, YES, Column, SpeciesRows, prepared
from .species_filters import Filter, Tally, filters
from .status_icons import IUCN_COLORS, status_icon

ROW_ROLE = Qt.ItemDataRole.UserRole
BADGE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The Red List category to be painted as a badge."""

HIGHEST_SHARE = (SHARE_COLUMN, Qt.SortOrder.DescendingOrder)
"""The order in which rows come."""

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the text is a number."""


class SpeciesModel(QAbstractTableModel):
    """Sorts, searches (name, common name, family) and filters by itself; `ROW_ROLE` gives the row.

    A proxy model would ask Python once for every comparison: seconds instead of milliseconds for 10,000 rows.
    """

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._all = prepared([])
        self._shown: Sequence[CoverageRow] = ()
        self._words: list[str] = []
        self._filter = filters()[0]
        self._sorted_by = HIGHEST_SHARE

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the rows."""
        return self._all.columns

    @property
    def total(self) -> int:
        """The number of species, whatever is shown."""
        return len(self._all.rows)

    def show_rows(self, rows: SpeciesRows) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._all = rows
        if self._sorted_by[0] >= len(self.columns):
            self._sorted_by = HIGHEST_SHARE
        self._choose()
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show rows that contain every word of `text`."""
        self._words = text.casefold().split()
        self._choose_again()

    def use(self, chosen: Filter) -> None:
        """Show the rows of a filter."""
        self._filter = chosen
        self._choose_again()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        if 0 <= column < len(self.columns):
            self._sorted_by = (column, order)
            self._choose_again()

    def tally(self, chosen: Filter) -> Tally:
        """Return how many species a filter keeps, whatever is searched for."""
        return self._all.tallies[chosen.title]

    @property
    def reason(self) -> str:
        """Why the table is empty; blank where it is not."""
        if self._shown or not self.total:
            return ""
        return self.tally(self._filter).reason or tr("No species matches the search.")

    def row_of(self, id: str) -> int | None:
        """Return where a taxon stands in the table, None where it is not shown."""
        return next((number for number, row in enumerate(self._shown) if row.id == id), None)

    def rows(self) -> list[CoverageRow]:
        """Return the rows that are shown, in their order."""
        return list(self._shown)

    def is_blank(self, column: int) -> bool:
        """Whether a column says nothing of any species."""
        return column in self._all.blank

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of species shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return titles, icons and tips of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if column.icon else column.title
        if role == Qt.ItemDataRole.DecorationRole and column.icon:
            return status_icon(column.icon)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.title
        return column.tip if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, icon, badge, row and tip of a cell."""
        row, column = self._shown[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if column.icon else column.text(row)
        if role == Qt.ItemDataRole.DecorationRole:
            return status_icon(column.icon) if column.icon and column.value(row) == YES else None
        if role == BADGE_ROLE:
            return row.iucn if column.badge and row.iucn in IUCN_COLORS else None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == NUMBER_ROLE:
            return column.number
        return None

    def _choose_again(self) -> None:
        self.beginResetModel()
        self._choose()
        self.endResetModel()

    def _choose(self) -> None:
        """Choose and sort; most often all rows in the order in which they come are wanted, which takes no time."""
        shown = self._all.rows
        if self._words or self._filter.answer:
            found = list(zip(shown, self._all.words))
            for word in self._words:
                found = [(row, text) for row, text in found if word in text]
            keeps = self._filter.keeps
            shown = [row for row, _ in found if keeps(row)] if self._filter.answer else [row for row, _ in found]
        column, order = self._sorted_by
        if self._sorted_by != HIGHEST_SHARE:
            shown = sorted(shown, key=self.columns[column].value, reverse=order == Qt.SortOrder.DescendingOrder)
        self._shown = shown


def _tip(row: CoverageRow, column: Column) -> str:
    if column.icon == "directive" and row.in_directive:
        return tr("EU Habitats Directive: {annex}").format(annex=row.eu_directive)
    if column.icon:
        return tr("{title}: {answer}").format(title=column.title, answer=column.text(row) or tr("unknown"))
    return tr("{name}: score {mean:.2f} on average, {highest:.2f} at most").format(
        name=row.name, mean=row.mean_score, highest=row.max_score)
