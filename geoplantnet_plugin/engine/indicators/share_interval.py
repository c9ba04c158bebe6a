"""The expected share of an area's cells in which a taxon is truly present, Σ p ÷ n, and its interval.

Errors of a species distribution model are shared by neighbouring cells, so that resampling cells would give intervals
that are far too narrow. What is resampled here are blocks that the model has not seen: its card states
(``calibration.coverage``) the standard deviation, on the logit, by which a taxon's scores were off in whole held-out
blocks. The interval is what the share comes to when all scores of a taxon are off by the normal quantiles of that
spread, together with the chance that is left in each cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.scores.presences import Presences

LEVEL = 0.90
"""An interval holds the true value in this share of cases, if the assumptions do."""
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
"""Normal deviate of such a central interval."""


def shift_logit(probability: NDArray[Any], shift: float) -> NDArray[np.float64]:
    """Return the probability whose logit is `shift` higher."""
    odds = float(np.exp(shift))
    result: NDArray[np.float64] = probability * odds / (1 + probability * (odds - 1))
    return result


def share_bounds(middle: NDArray[Any], extreme: NDArray[Any], variance: NDArray[Any], cells: int, side: int
                 ) -> NDArray[np.float64]:
    """Return the lower (`side` −1) or upper (+1) bound, from 0 to 1, of the share of `cells` cells that hold a taxon.

    `middle` and `extreme` are sums of probabilities without and with the shift, `variance` the sum of p (1 − p). The
    spread of the shift and the chance in each cell are independent and add up in quadrature.
    """
    half = np.sqrt((extreme - middle) ** 2 + Z * Z * variance)
    share: NDArray[np.float64] = np.clip((middle + side * half) / cells, 0, 1)
    return share


@dataclass(frozen=True)
class Shares:
    """Expected shares (taxa,) in % and their bounds, low ≤ expected ≤ high; None for what nobody states."""

    expected: NDArray[np.float64] | None = None
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None

    def of(self, taxon: int) -> tuple[float | None, float | None, float | None]:
        """Return expected share, lower and upper bound of one taxon."""
        expected, low, high = (None if values is None else float(values[taxon])
                               for values in (self.expected, self.low, self.high))
        return expected, low, high


@dataclass(frozen=True)
class Estimate:
    """A number with its bounds, low ≤ expected ≤ high; None for what nobody states."""

    expected: float | None = None
    low: float | None = None
    high: float | None = None


class ExpectedShare:
    """Adds up presences block by block; `block_sd` is the spread that the card states, None where it states none.

    Taxa that were not kept in a cell count as absent there in the expected share and its lower bound, and as likely as
    the cell's floor in the upper.
    """

    def __init__(self, taxa_count: int, block_sd: float | None) -> None:
        self._count = taxa_count
        self._stated = block_sd is not None
        self._shift = Z * (block_sd or 0.0)
        self._low, self._high = (np.zeros((3, taxa_count)) for _ in range(2))
        self._cells = 0

    def add(self, presences: Presences, cells: NDArray[np.bool_] | None = None) -> None:
        """Add the cells of a block, or those of them where `cells` (n,) is true."""
        chosen = slice(None) if cells is None else cells
        ids, p, floor = presences.ids[chosen], presences.probability[chosen], presences.floor[chosen]
        self._cells += len(ids)
        entries = ids.ravel()
        low, *both, high = self._sums(entries, p)
        self._low += np.stack([low, *both])
        self._high += np.stack([high, *both])
        if floor.any():
            everywhere = np.array([part.sum() for part in _parts(floor, self._shift)])[1:, None]
            middle, variance, high = everywhere - self._sums(entries, np.repeat(floor, p.shape[1]))[1:]
            self._high += np.stack([high, middle, variance])

    def _sums(self, entries: NDArray[np.int32], p: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([np.bincount(entries, part.ravel(), self._count) for part in _parts(p, self._shift)])

    def merge(self, other: ExpectedShare) -> None:
        """Add what was added up elsewhere, of other cells and the same taxa."""
        self._cells += other._cells
        self._low += other._low
        self._high += other._high

    def richness(self, sd: float | None) -> Estimate:
        """Return the expected number of taxa of a cell on average, and its bounds.

        `sd` is by what factor, on the natural logarithm, the mean number of a whole block is off; with the chance left
        in each cell it adds up in quadrature. None states no bounds.
        """
        cells = max(self._cells, 1)
        low, high = self._low[1].sum(), self._high[1].sum()
        if sd is None:
            return Estimate(low / cells)
        lower = low - np.hypot(low * (1 - np.exp(-Z * sd)), Z * np.sqrt(self._low[2].sum()))
        upper = high + np.hypot(high * (np.exp(Z * sd) - 1), Z * np.sqrt(self._high[2].sum()))
        return Estimate(low / cells, max(lower, 0.0) / cells, max(upper, low) / cells)

    def shares(self) -> Shares:
        """Return the shares of all taxa."""
        cells = max(self._cells, 1)
        expected = 100 * np.clip(self._low[1] / cells, 0, 1)
        if not self._stated:
            return Shares(expected)
        low, high = (share_bounds(middle, extreme, variance, cells, side)
                     for (extreme, middle, variance), side in ((self._low, -1), (self._high, 1)))
        return Shares(expected, 100 * low, np.maximum(100 * high, expected))


def _parts(p: NDArray[np.float64], shift: float) -> tuple[NDArray[np.float64], ...]:
    """Return p with the shift down, p, the variance p (1 − p), and p with the shift up."""
    return shift_logit(p, -shift), p, p * (1 - p), shift_logit(p, shift)
