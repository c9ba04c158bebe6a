"""Reads the coverage table of an assessment."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ..common.assessment import ANSWERS, HEADINGS, NOT_LISTED, is_threatened
from ..common.foreign import harmless
from ..common.tables import open_tables
from ..common.vernacular import NAME_COLUMNS, NAME_LANGUAGES, common_name
from ..i18n import language, tr
from .manifest import Assessment
from .survey import outcomes

KNOWN = frozenset(HEADINGS[:HEADINGS.index(HEADINGS.scale) + 1])
"""The columns that a row has fields for; further ones are shown as they are."""


@dataclass(frozen=True)
class CoverageRow:
    """One taxon: blank texts and None are *unknown*. Shares are in % of the area's cells.

    `expected` is the share in which the taxon is by expectation, with its interval `low` to `high`; None where the
    scores are not calibrated. `coverage` is the share of the cells whose set holds the taxon, by the set rule.

    `eu_directive` is the annex, or ``no`` for a taxon that was looked up and is not listed. `others` are the titles
    and texts of further columns.
    """

    id: str
    name: str
    family: str
    common_name: str
    iucn: str
    tree: bool | None
    invasive: bool | None
    eu_directive: str
    endemic: bool | None
    expected: float | None
    low: float | None
    high: float | None
    coverage: float
    mean_score: float
    max_score: float
    others: tuple[tuple[str, str], ...] = ()

    @property
    def main(self) -> float:
        """The share to read first: the expected one, else coverage."""
        return self.coverage if self.expected is None else self.expected

    @property
    def is_threatened(self) -> bool | None:
        """Whether the Red List counts the taxon as threatened."""
        return is_threatened(self.iucn)

    @property
    def in_directive(self) -> bool | None:
        """Whether the taxon is listed in the EU Habitats Directive."""
        return self.eu_directive != NOT_LISTED if self.eu_directive else None



def read_coverage(assessment: Assessment) -> list[CoverageRow]:
    """Return the rows of ``coverage.csv``, as it is sorted; none while the assessment is unfinished.

    Thousands of rows take too long for QGIS's main thread: those read last are kept, and whoever loads an
    assessment in a worker thread reads them there first.
    """
    if assessment.coverage_file is None or not assessment.coverage_file.is_file():
        return []
    stat = assessment.coverage_file.stat()
    rows = list(_rows(assessment.coverage_file, assessment.geopackage, language(), stat.st_mtime_ns, stat.st_size))
    surveyed = outcomes(assessment.folder)
    if not surveyed:
        return rows
    return [replace(row, others=((tr("Field survey"), surveyed.get(row.id, "")), *row.others)) for row in rows]


@lru_cache(maxsize=4)
def _rows(coverage_file: Path, geopackage: Path, spoken: str, modified: int, size: int) -> tuple[CoverageRow, ...]:
    names = _common_names(geopackage, spoken)
    with coverage_file.open(encoding="utf-8-sig", newline="") as file:
        rows = tuple(_row(harmless(values)) for values in csv.DictReader(file))
    return tuple(replace(row, common_name=names.get(row.id) or row.common_name) for row in rows) if names else rows


def _row(values: dict[str, str]) -> CoverageRow:
    return CoverageRow(
        values[HEADINGS.id], values[HEADINGS.name], values[HEADINGS.family], values[HEADINGS.common_name],
        values[HEADINGS.iucn], ANSWERS.get(values[HEADINGS.tree]), ANSWERS.get(values[HEADINGS.invasive]),
        values[HEADINGS.eu_directive], ANSWERS.get(values[HEADINGS.endemic]),
        *(_share(values.get(title)) for title in (HEADINGS.expected, HEADINGS.low, HEADINGS.high)),
        float(values[HEADINGS.coverage]), float(values[HEADINGS.mean_score]), float(values[HEADINGS.max_score]),
        tuple((title, text or "") for title, text in values.items() if title and title not in KNOWN))


def _share(text: str | None) -> float | None:
    return float(text) if text else None


def _common_names(geopackage: Path, spoken: str) -> dict[str, str]:
    """Return the names that QGIS's language shows, by taxon id; the table beside the assessment has English ones."""
    if not geopackage.is_file() or spoken == "en" or spoken not in NAME_LANGUAGES:
        return {}
    with open_tables(geopackage) as connection:
        present = [column for _, column, *_ in connection.execute("PRAGMA table_info(taxa)") if column in NAME_COLUMNS]
        return {id: common_name(dict(zip(present, names)), spoken)
                for id, *names in connection.execute(f"SELECT {', '.join(('id', *present))} FROM taxa")}  # nosec B608
