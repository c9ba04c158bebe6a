"""What a sample of cells says of the whole site, and how sure it is.

Horvitz–Thompson: the sum of y ÷ inclusion probability over the cells that were visited estimates the site's total
without bias, whatever the model (Horvitz & Thompson 1952, Journal of the American Statistical Association 47: 663–685).
Inclusion probabilities are those of the points really visited: m points of a stratum, of which each falls into a cell
with the chance `draw`, expect m × draw points in it. The interval takes the points as drawn one by one with replacement
(Hansen & Hurwitz 1943), which is on the safe side for points that are better spread than that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance

LEVEL = 0.95


@dataclass(frozen=True)
class Visit:
    """One visited point: the chance of a draw to fall into its cell, its stratum with its cells, and the value `y`."""

    draw: float
    stratum: str
    stratum_cells: int
    y: float


@dataclass(frozen=True)
class Estimate:
    """The mean over all cells of the site with its 95 % interval; None where two points of each stratum are lacking.

    The values are counts, so the interval ends at 0.
    """

    mean: float
    low: float | None
    high: float | None
    points: int


def horvitz_thompson(visits: Sequence[Visit]) -> Estimate | None:
    """Return the estimated mean of `y` over the cells of all strata that were visited; None without any visit."""
    strata: dict[tuple[str, int], list[float]] = defaultdict(list)
    for visit in visits:
        strata[visit.stratum, visit.stratum_cells].append(visit.y / (visit.draw * visit.stratum_cells))
    cells = sum(size for _, size in strata)
    if not cells:
        return None
    mean = sum(size / cells * fmean(values) for (_, size), values in strata.items())
    if any(len(values) < 2 for values in strata.values()):
        return Estimate(mean, None, None, len(visits))
    spread = math.sqrt(sum((size / cells) ** 2 * variance(values) / len(values)
                           for (_, size), values in strata.items()))
    half = student(len(visits) - len(strata)) * spread
    return Estimate(mean, max(0.0, mean - half), mean + half, len(visits))


def student(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t (Abramowitz & Stegun 1964, 26.7.5; exact for 1 and 2)."""
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    if freedom == 1:
        return math.tan(math.pi * LEVEL / 2)
    if freedom == 2:
        return LEVEL * math.sqrt(2 / (1 - LEVEL ** 2))
    terms = ((z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
             (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384)
    return float(z + sum(term / freedom ** power for power, term in enumerate(terms, 1)))


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `hits` among `tries` (Wilson 1927, Journal of the American Statistical
    Association 22: 209–212)."""
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    share = hits / tries
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < tries else 1.0
