"""How far a faster way of encoding moves the scores of an area, measured on the area's own cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.encoders import Speed
from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale

TOP = 25
SLOWER: dict[Speed, Speed] = {"fast": "balanced", "balanced": "exact"}


@dataclass(frozen=True)
class Deviation:
    """On `cells` cells: the Jaccard index of a cell's best `top` taxa with those of the exact scores, mean and least.

    `probability` is the largest difference of a score as a probability, `coverage` the largest change of a taxon's
    coverage, in percentage points, where the best `top` are taken as present.
    """

    cells: int
    top: int
    jaccard: float
    jaccard_worst: float
    probability: float
    coverage: float


def deviation(exact: RankedScores, rough: RankedScores) -> Deviation:
    """Return how far `rough` scores of all taxa of n cells are from the `exact` ones."""
    cells, taxa = exact.ids.shape
    top = min(TOP, taxa)
    sets = [np.zeros((cells, taxa), np.bool_) for _ in range(2)]
    for chosen, ranked in zip(sets, (exact, rough), strict=True):
        np.put_along_axis(chosen, ranked.ids[:, :top].astype(np.intp), True, axis=1)
    shared = (sets[0] & sets[1]).sum(axis=1)
    jaccard = shared / (2 * top - shared)
    moved = np.abs(_probabilities(exact) - _probabilities(rough))
    coverage = np.abs(sets[0].mean(axis=0) - sets[1].mean(axis=0))
    return Deviation(cells, top, float(jaccard.mean()), float(jaccard.min()), float(moved.max()),
                     100 * float(coverage.max()))


def _probabilities(ranked: RankedScores) -> NDArray[np.float64]:
    """Return the scores in the order of the taxa, as probabilities where their scale allows."""
    dense = np.empty_like(ranked.values)
    np.put_along_axis(dense, ranked.ids.astype(np.intp), ranked.values, axis=1)
    return as_probability(dense, Scale(ranked.scale))


def usable_speed(wanted: Speed, tolerance: float, measure: Callable[[Speed], Deviation],
                 tell: Callable[[Speed, Deviation, bool], None]) -> Speed:
    """Return the fastest speed, from `wanted` down, whose mean Jaccard index is at least `tolerance`.

    `tell` hears of every measurement whether it was good enough.
    """
    while wanted != "exact":
        found = measure(wanted)
        good = found.jaccard >= tolerance
        tell(wanted, found, good)
        if good:
            return wanted
        wanted = SLOWER[wanted]
    return wanted
