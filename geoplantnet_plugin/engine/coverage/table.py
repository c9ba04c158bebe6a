"""The taxa of an area: the expected share of its cells, and coverage, the share whose assemblage holds the taxon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import HEADINGS, NOT_LISTED, UNSURE, yes_no
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.indicators.share_interval import Estimate, ExpectedShare, Shares
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, SHIPPED_KINDS, ListInfo, TaxaTable, Taxon

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.scores.presences import Presences


@dataclass(frozen=True)
class CoverageRow:
    """One taxon of an area.

    The set rule takes it as present in `cells` cells, which are `share` % of the area's: its coverage. `mean` and
    `max` are its scores over these cells, on the score source's scale. `expected` is the expected share in %,
    Σ p ÷ n over all cells, None where nobody states that the scores are calibrated; `low` and `high` are its 90 %
    interval (see `share_interval`), None where nobody states how far it may be off. Coverage has no interval: the rule
    decides it.
    """

    taxon: Taxon
    cells: int
    share: float
    mean: float
    max: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def main(self) -> float:
        """The figure to read first, in %: the expected share, else coverage."""
        return self.share if self.expected is None else self.expected


def by_share(rows: Iterable[CoverageRow]) -> list[CoverageRow]:
    """Return rows by the figure to read first, highest first."""
    return sorted(rows, key=lambda row: (-row.main, row.taxon.accepted_name))


class Coverage:
    """Adds up assemblages block by block."""

    def __init__(self, taxa: TaxaTable, calibration: Calibration | None = None) -> None:
        self.taxa = taxa
        self._calibration = calibration
        self._expected = ExpectedShare(len(taxa), calibration.block_sd) if calibration else None
        self.cells = 0
        """Cells added so far, empty assemblages included."""
        self._present = np.zeros(len(taxa), np.int64)
        self._sum = np.zeros(len(taxa), np.float64)
        self._max = np.full(len(taxa), -np.inf, np.float64)

    def add_presences(self, presences: Presences, cells: NDArray[np.bool_] | None = None) -> None:
        """Add what the expected share needs of the cells of a block, or of those where `cells` (n,) is true."""
        if self._expected:
            self._expected.add(presences, cells)

    def add(self, assemblage: Assemblage) -> None:
        """Add the cells of a block."""
        size = len(self.taxa)
        self.cells += len(assemblage)
        self._present += np.bincount(assemblage.ids, minlength=size)
        self._sum += np.bincount(assemblage.ids, assemblage.values, minlength=size)
        np.maximum.at(self._max, assemblage.ids, assemblage.values)

    def merge(self, other: Coverage) -> None:
        """Add what was added up elsewhere, of other cells and the same taxa."""
        self.cells += other.cells
        self._present += other._present
        self._sum += other._sum
        np.maximum(self._max, other._max, out=self._max)
        if self._expected and other._expected:
            self._expected.merge(other._expected)

    def richness(self) -> Estimate:
        """Return how many taxa a cell is expected to hold on average."""
        return self._expected.richness(self._calibration.richness_sd) if self._expected and self._calibration else (
            Estimate())

    def shares(self) -> Shares:
        """Return the expected shares of all taxa, also of those that no set holds."""
        return self._expected.shares() if self._expected else Shares()

    def rows(self) -> list[CoverageRow]:
        """Return the taxa present in at least one cell, by coverage descending, then by name."""
        shares = self.shares()
        rows = [CoverageRow(self.taxa[i], int(self._present[i]), 100.0 * self._present[i] / self.cells,
                            self._sum[i] / self._present[i], float(self._max[i]), *shares.of(i))
                for i in np.flatnonzero(self._present).tolist()]
        return sorted(rows, key=lambda row: (-row.cells, row.taxon.accepted_name))


def write_coverage_csv(path: Path, rows: Sequence[CoverageRow], scale: Scale, lists: Sequence[ListInfo] = (),
                       language: str = "en") -> None:
    """Write `rows` as UTF-8 CSV of `HEADINGS` and one column for each of the user's `lists`.

    What is unknown is blank. `language` picks the common names.
    """
    own = _own(lists)
    write_csv(path, (*HEADINGS, *(escape_formula(info.title) for info in own)),
              (_line(row, scale, own, language) for row in rows))


def write_coverage_by_area_csv(path: Path, areas: Mapping[str, Sequence[CoverageRow]], scale: Scale,
                               lists: Sequence[ListInfo] = (), language: str = "en") -> None:
    """Write the rows of several areas, by name, as one table that begins with the area's name."""
    own = _own(lists)
    write_csv(path, ("Area", *HEADINGS, *(escape_formula(info.title) for info in own)),
              ((escape_formula(name), *_line(row, scale, own, language))
               for name, rows in areas.items() for row in rows))


def _own(lists: Sequence[ListInfo]) -> list[ListInfo]:
    return [info for info in lists if info.kind not in (*SHIPPED_KINDS, *NAME_KINDS)]


def _line(row: CoverageRow, scale: Scale, own: Sequence[ListInfo], language: str) -> list[str]:
    return [*_cells(row, scale, language),
            *(escape_formula(statuses.shown(row.taxon, info.kind, language)) for info in own)]


def _cells(row: CoverageRow, scale: Scale, language: str) -> list[str]:
    taxon = row.taxon
    return [*map(escape_formula, (taxon.id, taxon.accepted_name, taxon.family,
                            taxon.common_name(language),
                            statuses.shown(taxon, "iucn", language))),
            yes_no(statuses.is_tree(taxon)), yes_no(statuses.is_listed(taxon, "invasive")),
            escape_formula(statuses.shown(taxon, "eu_directive", language)),
            yes_no(statuses.is_listed(taxon, "endemic")),
            _percent(row.expected), _percent(row.low), _percent(row.high), _percent(row.share), f"{row.mean:.4g}",
            f"{row.max:.4g}", scale.value, escape_formula(_alien_in(taxon)), statuses.origin(taxon),
            escape_formula(statuses.as_of(taxon))]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


def _alien_in(taxon: Taxon) -> str:
    """Return the territories whose lists call the taxon alien, but for lists that are not in force at the site."""
    return " ".join(sorted({status.territory for status in taxon.statuses
                            if status.kind == "alien" and status.in_force is not False
                            and status.value not in (NOT_LISTED, statuses.NATIVE)
                            and not status.value.startswith(UNSURE)}))
