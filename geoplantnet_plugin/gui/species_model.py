"""The species of an assessment as a table that stays quick with thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt

from ..common.assessment import HEADINGS
from ..i18n import tr
from ..layers.coverage import CoverageRow
from .status_icons import IUCN_COLORS, status_icon

ROW_ROLE = Qt.ItemDataRole.UserRole
BADGE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The Red List category to be painted as a badge."""

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the text is a number."""

IUCN_ORDER = tuple(IUCN_COLORS)
SHARE_COLUMN = 1
LEAST_SHOWN = 0.05
"""A share in % below this is no 0.0 but less than 0.1."""


@dataclass(frozen=True)
class Column:
    """A column: `value` is what it sorts by, `text` what it shows, copies and exports.

    A column with an `icon` shows that icon where the value is True and nothing where it is not known.
    """

    title: str
    tip: str
    value: Callable[[CoverageRow], Any]
    text: Callable[[CoverageRow], str]
    icon: str = ""
    number: bool = False
    badge: bool = False


def columns(others: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return the columns in the language of QGIS; `others` are the titles of further columns of the table."""
    return (
        Column(tr("Species"), tr("Accepted scientific name"), lambda row: row.name.casefold(), attrgetter("name")),
        Column(tr("Expected (%)"),
               tr("Expected share of the area's cells, from calibrated scores; blank: not calibrated"),
               attrgetter("main"),
               lambda row: _share(row.expected), number=True),
        Column(tr("90 % interval"), tr("Interval of the expected share, in %; blank: not stated"),
               lambda row: row.high or 0.0, _interval, number=True),
        Column(tr("In set (%)"), tr("Coverage: share of the cells whose set holds the species, by the set rule"),
               attrgetter("coverage"), lambda row: _share(row.coverage), number=True),
        Column(tr("IUCN"), tr("Red List category; blank: unknown"), _red_list_rank, attrgetter("iucn"),
               badge=True),
        _mark("tree", tr("Tree"), tr("Trees; blank: no or unknown"), attrgetter("tree")),
        _mark("invasive", tr("Invasive"), tr("Invasive alien species; blank: no or unknown"), attrgetter("invasive")),
        _mark("directive", tr("EU directive"), tr("Listed in the EU Habitats Directive; blank: no or unknown"),
              attrgetter("in_directive")),
        _mark("endemic", tr("Endemic"), tr("Endemic species; blank: no or unknown"), attrgetter("endemic")),
        Column(tr("Common name"), tr("Common name"), lambda row: row.common_name.casefold(),
               attrgetter("common_name")),
        Column(tr("Family"), tr("Family"), attrgetter("family"), attrgetter("family")),
        *(Column(_title(title), _title(title), _sortable(_other(index)), _other(index))
          for index, title in enumerate(others)),
    )


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return tr("< 0.1") if 0 < share < LEAST_SHOWN else f"{share:.1f}"


def _interval(row: CoverageRow) -> str:
    return "" if row.low is None or row.high is None else f"{row.low:.1f} – {row.high:.1f}"


def _mark(icon: str, title: str, tip: str, answer: Callable[[CoverageRow], bool | None]) -> Column:
    """Return a column for an answer; sorting puts yes before no before unknown."""
    return Column(title, tip, lambda row: {True: 2, False: 1, None: 0}[answer(row)],
                  lambda row: {True: tr("yes"), False: tr("no"), None: ""}[answer(row)], icon=icon)


def _other(index: int) -> Callable[[CoverageRow], str]:
    return lambda row: row.others[index][1]


def _sortable(text_of: Callable[[CoverageRow], str]) -> Callable[[CoverageRow], tuple[int, float, str]]:
    """Return a value to sort by: blanks, then texts, then numbers by their size."""
    def value(row: CoverageRow) -> tuple[int, float, str]:
        text = text_of(row)
        try:
            return 2, float(text), ""
        except ValueError:
            return int(bool(text)), 0.0, text.casefold()
    return value


def _title(title: str) -> str:
    """Return a further column of the engine in the language of QGIS; a person's own list keeps its name."""
    return {HEADINGS.alien_in: tr("Alien in"), HEADINGS.origin: tr("Native or alien"),
            HEADINGS.as_of: tr("Lists as of")}.get(title, title)


def _red_list_rank(row: CoverageRow) -> int:
    """Order categories by the risk of extinction, the unknown last."""
    return IUCN_ORDER.index(row.iucn) if row.iucn in IUCN_COLORS else len(IUCN_ORDER)


@dataclass(frozen=True)
class Filter:
    """A named choice of species: those of which `answer` is True; None is *unknown*."""

    title: str
    answer: Callable[[CoverageRow], bool | None]

    def keeps(self, row: CoverageRow) -> bool:
        """Whether the species passes."""
        return self.answer(row) is True


@dataclass(frozen=True)
class Tally:
    """How many of `total` species pass a filter, and of how many it is not known."""

    passing: int
    unknown: int
    total: int

    @property
    def reason(self) -> str:
        """Why nothing passes; blank where something does."""
        if self.passing or not self.total:
            return ""
        if self.unknown == self.total:
            return tr("Status unknown for all {total}: not “no”. A list that says it can be imported.").format(
                total=self.total)
        return tr("None of {known} with a known status; unknown for {unknown}.").format(
            known=self.total - self.unknown, unknown=self.unknown)


def filters() -> tuple[Filter, ...]:
    """Return the filters in the language of QGIS."""
    return (
        Filter(tr("All species"), lambda row: True),
        Filter(tr("Trees"), attrgetter("tree")),
        Filter(tr("Threatened (VU, EN, CR)"), attrgetter("is_threatened")),
        Filter(tr("EU Habitats Directive"), attrgetter("in_directive")),
        Filter(tr("Invasive alien"), attrgetter("invasive")),
        Filter(tr("Endemic"), attrgetter("endemic")),
    )


class SpeciesModel(QAbstractTableModel):
    """Sorts, searches (name, common name, family) and filters by itself; `ROW_ROLE` gives the row.

    A proxy model would ask Python once for every comparison: seconds instead of milliseconds for 10,000 rows.
    """

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[CoverageRow, str]] = []
        self._shown: list[CoverageRow] = []
        self.columns = columns()
        self._words: list[str] = []
        self._filter = filters()[0]
        self._sorted_by = (SHARE_COLUMN, Qt.SortOrder.DescendingOrder)

    @property
    def total(self) -> int:
        """The number of species, whatever is shown."""
        return len(self._rows)

    def show_rows(self, rows: Sequence[CoverageRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.columns = columns(title for title, _ in rows[0].others) if rows else columns()
        if self._sorted_by[0] >= len(self.columns):
            self._sorted_by = (SHARE_COLUMN, Qt.SortOrder.DescendingOrder)
        self._rows = [(row, f"{row.name} {row.common_name} {row.family}".casefold()) for row in rows]
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
        answers = [chosen.answer(row) for row, _ in self._rows]
        return Tally(sum(answer is True for answer in answers), sum(answer is None for answer in answers), len(answers))

    @property
    def reason(self) -> str:
        """Why the table is empty; blank where it is not."""
        if self._shown or not self._rows:
            return ""
        return self.tally(self._filter).reason or tr("No species matches the search.")

    def row_of(self, id: str) -> int | None:
        """Return where a taxon stands in the table, None where it is not shown."""
        return next((number for number, row in enumerate(self._shown) if row.id == id), None)

    def rows(self) -> list[CoverageRow]:
        """Return the rows that are shown, in their order."""
        return list(self._shown)

    def is_blank(self, column: int) -> bool:
        """Whether a column says nothing of any species; a column of icons does so without a yes."""
        if self.columns[column].icon:
            return not any(self.columns[column].value(row) == 2 for row, _ in self._rows)
        return not any(self.columns[column].text(row) for row, _ in self._rows)

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
            return status_icon(column.icon) if column.icon and column.value(row) == 2 else None
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
        keeps, words = self._filter.keeps, self._words
        shown = [row for row, text in self._rows if keeps(row) and all(word in text for word in words)]
        column, order = self._sorted_by
        self._shown = sorted(shown, key=self.columns[column].value, reverse=order == Qt.SortOrder.DescendingOrder)


def _tip(row: CoverageRow, column: Column) -> str:
    if column.icon == "directive" and row.in_directive:
        return tr("EU Habitats Directive: {annex}").format(annex=row.eu_directive)
    if column.icon:
        return tr("{title}: {answer}").format(title=column.title, answer=column.text(row) or tr("unknown"))
    return tr("{name}: score {mean:.2f} on average, {highest:.2f} at most").format(
        name=row.name, mean=row.mean_score, highest=row.max_score)
