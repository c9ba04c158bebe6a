"""When a species was recorded: a person's records counted by month."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import read_table
from geoplantnet_plugin.engine.taxa.match import Matcher
from geoplantnet_plugin.engine.taxa.read import find_columns, list_row
from geoplantnet_plugin.engine.taxa.records import KNOWN, Seen, what_it_says
from geoplantnet_plugin.engine.taxa.table import Taxon

DATE_HEADERS = ("eventdate", "date", "observedon", "dateobs", "dateobservation", "datedebut", "datum", "fundatum")
MONTH_HEADERS = ("month", "mois", "monat")
ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
NUMBERS = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
"""A day and a month, in an order that the column as a whole tells."""


@dataclass(frozen=True)
class Months:
    """`counts` (12) of the records of a taxon by month; `undated` of its records say no month, or not which."""

    file: str
    counts: list[int]
    undated: int

    @property
    def records(self) -> int:
        """How many records have a month."""
        return sum(self.counts)


def months(folder: AssessmentFolder, taxon: Taxon, path: Path, reporter: Reporter) -> Months:
    """Count the records of a taxon by the month of their date (Darwin Core ``eventDate`` or ``month``).

    Records of absence and doubtful ones do not count. A date such as 03/05/2021 counts where another row of the
    column shows whether the day or the month comes first, else it is undated.

    Raises:
        EngineError: ``months_no_dates``, no column holds dates; the file cannot be read.
    """
    table = read_table(path, (*KNOWN, *DATE_HEADERS, *MONTH_HEADERS), reporter)
    columns, header = find_columns(table), table.header
    dates, numbers = (next((header.index(name) for name in known if name in header), None)
                      for known in (DATE_HEADERS, MONTH_HEADERS))
    if not columns.header or (dates is None and numbers is None):
        raise EngineError("months_no_dates", file=path, found=table.rows[0])
    month_of = _reader([] if dates is None else [cells[dates] for cells in table.rows[1:]])
    matches = _matcher(folder, taxon)
    counts, undated = [0] * 12, 0
    for cells in table.rows[1:]:
        row = list_row(cells, columns)
        if not matches(row.name, row.accepted_name, row.gbif_id) or (
                what_it_says(header, cells, row.name) is not Seen.PRESENT):
            continue
        found = (month_of(cells[dates]) if dates is not None else None) or (
            _month(cells[numbers]) if numbers is not None else None)
        if found:
            counts[found - 1] += 1
        else:
            undated += 1
    return Months(path.name, counts, undated)


def _matcher(folder: AssessmentFolder, taxon: Taxon) -> Callable[[str, str, str], bool]:
    """Return whether names are those of the taxon, each name looked up once."""
    matcher, known = Matcher(folder.taxa), {}

    def matches(*names: str) -> bool:
        if names not in known:
            known[names] = any(match.taxon is not None and match.how.carries
                               and folder.taxa[match.taxon].id == taxon.id for match in matcher.find(*names))
        return known[names]

    return matches


def _reader(column: Sequence[str]) -> Callable[[str], int | None]:
    """Return how a column's dates are read: its rows tell whether the day or the month comes first."""
    pairs = [(int(found[1]), int(found[2])) for text in column if (found := NUMBERS.match(text.strip()))]
    day_first, month_first = any(first > 12 for first, _ in pairs), any(second > 12 for _, second in pairs)
    dotted = any("." in text for text in column)  # no country writes the month first before a dot

    def month_of(text: str) -> int | None:
        text = text.strip()
        if ISO.match(text):
            return _of_iso(*text.split("/"))
        numbers = NUMBERS.match(text)
        if not numbers:
            return None
        first, second = int(numbers[1]), int(numbers[2])
        if first == second or first > 12 or ((day_first or dotted) and not month_first):
            return _month(str(second))
        return _month(str(first)) if second > 12 or (month_first and not day_first) else None

    return month_of


def _of_iso(begin: str, end: str = "", *more: str) -> int | None:
    """Return the month of an ISO date or interval; None where it spans several or says none."""
    first = _iso(begin)
    if re.fullmatch(r"\d{1,2}-\d{1,2}", end):  # 2007-11-13/12-02
        end = f"{begin[:4]}-{end}"
    elif re.fullmatch(r"\d{1,2}", end):  # 2007-11-13/15
        end = begin[:8] + end
    return first if not more and (not end or _iso(end) == first) else None


def _iso(text: str) -> int | None:
    """Return the month of an ISO date, None where it has none or there is no such day."""
    found = ISO.match(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)).month
    except ValueError:
        return None


def _month(text: str) -> int | None:
    number = text.strip().split(".")[0]
    return int(number) if number.isascii() and number.isdigit() and 1 <= int(number) <= 12 else None
