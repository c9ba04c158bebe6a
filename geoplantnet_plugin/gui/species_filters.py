"""The filters of the table of species: how many pass each, and why none does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from ..common.assessment import HEADINGS
from ..i18n import tr
from ..layers.coverage import CoverageRow


@dataclass(frozen=True)
class Filter:
    """A named choice of species: those of which `answer` is True (None is *unknown*), or all without one.

    `heading` is the engine's for the lists that it rests on.
    """

    title: str
    answer: Callable[[CoverageRow], bool | None] | None
    heading: str = ""

    def keeps(self, row: CoverageRow) -> bool:
        """Whether the species passes."""
        return self.answer is None or self.answer(row) is True


@dataclass(frozen=True)
class Tally:
    """How many of `total` species pass a filter, and of how many it is not known; `as_of` dates the lists behind it."""

    passing: int
    unknown: int
    total: int
    as_of: str = ""

    @property
    def tip(self) -> str:
        """Why nothing passes, and of what day the lists are."""
        return " ".join(filter(None, (self.reason, tr("Lists as of {date}.").format(date=self.as_of)
                                      if self.as_of else "")))

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
        Filter(tr("All species"), None),
        Filter(tr("Trees"), attrgetter("tree")),
        Filter(tr("Threatened (VU, EN, CR)"), attrgetter("is_threatened"), HEADINGS.iucn),
        Filter(tr("EU Habitats Directive"), attrgetter("in_directive"), HEADINGS.eu_directive),
        Filter(tr("Invasive alien"), attrgetter("invasive"), HEADINGS.invasive),
        Filter(tr("Endemic"), attrgetter("endemic"), HEADINGS.endemic),
    )


def tally(chosen: Filter, rows: Sequence[CoverageRow], as_of: str) -> Tally:
    """Return how many species a filter keeps, whatever is searched for."""
    answers = [chosen.answer(row) for row in rows] if chosen.answer else [True] * len(rows)
    return Tally(sum(answer is True for answer in answers), sum(answer is None for answer in answers), len(answers),
                 as_of)
