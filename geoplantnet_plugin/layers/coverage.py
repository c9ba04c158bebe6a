"""Reads the coverage table of an assessment."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from .manifest import Assessment


@dataclass(frozen=True)
class CoverageRow:
    """One taxon: `coverage` in % of the area's cells; blank texts and None are *unknown*.

    `eu_directive` is the annex, or ``no`` for a taxon that was looked up and is not listed.
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
    coverage: float
    mean_score: float
    max_score: float

    @property
    def in_directive(self) -> bool | None:
        """Whether the taxon is listed in the EU Habitats Directive."""
        return self.eu_directive != "no" if self.eu_directive else None


_ANSWERS = {"yes": True, "no": False}


def read_coverage(assessment: Assessment) -> list[CoverageRow]:
    """Return the rows of ``coverage.csv``, as it is sorted; none while the assessment is unfinished."""
    if assessment.coverage_file is None or not assessment.coverage_file.is_file():
        return []
    with assessment.coverage_file.open(encoding="utf-8-sig", newline="") as file:
        return [_row(values) for values in csv.DictReader(file)]


def _row(values: dict[str, str]) -> CoverageRow:
    return CoverageRow(
        values["Id"], values["Name"], values["Family"], values["Common name"], values["IUCN"],
        _ANSWERS.get(values["Tree"]), _ANSWERS.get(values["Invasive"]), values["EU directive"],
        _ANSWERS.get(values["Endemic"]), float(values["Coverage %"]), float(values["Mean score"]),
        float(values["Max score"]))
