"""The columns of the table of species, and what of a table is known before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ..common.assessment import HEADINGS
from ..i18n import tr
from ..layers.coverage import CoverageRow
from ..numbers import decimal_text
from .species_filters import Tally, filters, tally
from .status_icons import IUCN_COLORS

IUCN_ORDER = tuple(IUCN_COLORS)
SHARE_COLUMN = 1
YES = 2
"""The value of a column of icons where the icon is shown."""

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


def columns(others: Iterable[str] = (), dates: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Return the columns in the language of QGIS; `others` are the titles of further columns of the table.

    `dates` are those of the lists behind a status, by the engine's heading.
    """
    def dated(tip: str, heading: str) -> str:
        date = (dates or {}).get(heading)
        return tr("{tip}; as of {date}").format(tip=tip, date=date) if date else tip

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
        Column(tr("IUCN"), dated(tr("Red List category; blank: unknown"), HEADINGS.iucn), _red_list_rank,
               attrgetter("iucn"), badge=True),
        _mark("tree", tr("Tree"), tr("Trees; blank: no or unknown"), attrgetter("tree")),
        _mark("invasive", tr("Invasive"),
              dated(tr("Invasive alien species; blank: no or unknown"), HEADINGS.invasive), attrgetter("invasive")),
        _mark("directive", tr("EU directive"),
              dated(tr("Listed in the EU Habitats Directive; blank: no or unknown"), HEADINGS.eu_directive),
              attrgetter("in_directive")),
        _mark("endemic", tr("Endemic"), dated(tr("Endemic species; blank: no or unknown"), HEADINGS.endemic),
              attrgetter("endemic")),
        Column(tr("Common name"), tr("Common name"), lambda row: row.common_name.casefold(),
               attrgetter("common_name")),
        Column(tr("Family"), tr("Family"), attrgetter("family"), attrgetter("family")),
        *(Column(_title(title), _title(title), _sortable(_other(index)), _other(index))
          for index, title in enumerate(others)),
    )


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return tr("< {least}").format(least=decimal_text(0.1, 1)) if 0 < share < LEAST_SHOWN else decimal_text(share, 1)


def _interval(row: CoverageRow) -> str:
    return "" if row.low is None or row.high is None else f"{decimal_text(row.low, 1)} – {decimal_text(row.high, 1)}"


def _mark(icon: str, title: str, tip: str, answer: Callable[[CoverageRow], bool | None]) -> Column:
    """Return a column for an answer; sorting puts yes before no before unknown."""
    return Column(title, tip, lambda row: {True: YES, False: 1, None: 0}[answer(row)],
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
class SpeciesRows:
    """Rows, the highest share first, with what the table asks of all at once; `prepared` makes it, in any thread.

    `words` is what a search looks through, `blank` the columns that say nothing of any row, `tallies` count what each
    filter keeps, by its title.
    """

    rows: tuple[CoverageRow, ...]
    columns: tuple[Column, ...]
    words: tuple[str, ...]
    blank: frozenset[int]
    tallies: dict[str, Tally]


def _dates(rows: Sequence[CoverageRow]) -> dict[str, str]:
    """Return the dates of the lists that speak of any species, by the heading of their column."""
    found: dict[str, set[str]] = {}
    for told in {dict(row.others).get(HEADINGS.as_of, "") for row in rows}:
        for entry in filter(None, told.split("; ")):
            heading, _, date = entry.partition(": ")
            found.setdefault(heading, set()).add(date)
    return {heading: ", ".join(sorted(dates)) for heading, dates in found.items()}


def prepared(rows: Sequence[CoverageRow]) -> SpeciesRows:
    """Return `rows` ready to be shown."""
    dates = _dates(rows)
    own = columns((title for title, _ in rows[0].others), dates) if rows else columns()
    rows = sorted(rows, key=own[SHARE_COLUMN].value, reverse=True)
    return SpeciesRows(
        tuple(rows), own, tuple(f"{row.name} {row.common_name} {row.family}".casefold() for row in rows),
        frozenset(index for index, column in enumerate(own) if _is_blank(column, rows)),
        {chosen.title: tally(chosen, rows, dates.get(chosen.heading, "")) for chosen in filters()})


def _is_blank(column: Column, rows: Sequence[CoverageRow]) -> bool:
    """Whether a column says nothing of any species; a column of icons does so without a yes."""
    if column.icon:
        return not any(column.value(row) == YES for row in rows)
    return not any(column.text(row) for row in rows)
