"""How sure a ratio of taxa is: its value for drawn assemblages, as calibrated presences with their shared factor give.

Diversity indices and proportions are no sums, so that their distribution is drawn: `DRAWS` times the taxa of a cell are
taken as present or not (`Moments.shared` says how presences go together). The draws are the same for all cells and
runs: a map has no noise of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.indicators.base import COUNTED, Context, Question, Uncertainty
from geoplantnet_plugin.engine.indicators.intervals import TAIL, Estimate, factor, where_known
from geoplantnet_plugin.engine.scores.presences import Presences

DRAWS = 96
LEAST_DRAWN, NEARLY_ALL = 128, 0.99
"""The best so many taxa of a cell are drawn, and more until they hold this share of the number expected."""

SEED = 13
GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it, modulo 1, fill the interval evenly: the draws have the factor's weights."""


@cache
def _uniforms(part: int) -> NDArray[np.float32]:
    """Return the draws (`DRAWS`, `LEAST_DRAWN`) of a part of the ranks: the same however many are drawn."""
    return np.random.default_rng(SEED + part).random((DRAWS, LEAST_DRAWN), np.float32)


def _best(presences: Presences) -> NDArray[np.float32]:
    """Return the probabilities (n, ranks) of the taxa that are drawn; 0 beyond a cell's own."""
    p = presences.probability
    before = p.cumsum(axis=1) - p
    drawn = before < NEARLY_ALL * p.sum(axis=1, keepdims=True)
    drawn[:, :LEAST_DRAWN] = True
    return np.where(drawn, p, 0)[:, :int(drawn.any(axis=0).sum())].astype(np.float32)


def drawn(p: NDArray[np.float32], shared_sd: float) -> Iterator[NDArray[np.bool_]]:
    """Yield `DRAWS` times which of the taxa of probability `p` (n, ranks), a cell's best, are present (n, ranks)."""
    nodes, weights = zip(*factor(shared_sd), strict=True)
    variance = p * (1 - p)
    parts = [_uniforms(part) for part in range(max(1, -(-p.shape[1] // LEAST_DRAWN)))]
    for i in range(DRAWS):
        uniform = np.concatenate([part[i] for part in parts])[:p.shape[1]]
        place = np.searchsorted(np.cumsum(weights), i * GOLDEN % 1, side="right")
        yield p + np.float32(nodes[min(int(place), len(nodes) - 1)]) * variance > uniform


def _estimate(values: NDArray[np.float32]) -> Estimate:
    """Return mean and quantiles of drawn `values` (draws, n), those that are NaN left out; NaN where all are."""
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(ordered)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(count > 0, np.nansum(ordered, axis=0) / np.maximum(count, 1), np.nan).astype(np.float64)
    first = np.floor(TAIL * (count + 1)) - 1
    places = (first, count - 1 - first)
    low, high = (np.take_along_axis(ordered, np.clip(place, 0, None).astype(np.int64)[None], 0)[0].astype(np.float64)
                 for place in places)
    return mean, np.fmin(low, mean), np.fmax(high, mean)


def of_diversity(index: str) -> Uncertainty:
    """Return the uncertainty of an index (``shannon``, ``simpson``) of the taxa truly present, by their scores.

    Cells drawn empty have no index and are left out.
    """

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        p = _best(presences)
        terms = p * np.log(p, where=p > 0, out=np.zeros_like(p)) if index == "shannon" else p * p
        found = np.empty((DRAWS, len(p)), np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            for row, there in zip(found, drawn(p, context.shared_sd), strict=True):
                total, summed = np.einsum("ij,ij->i", p, there), np.einsum("ij,ij->i", terms, there)
                row[:] = np.log(total) - summed / total if index == "shannon" else 1 - summed / total**2
        return tuple(where_known(values, np.maximum(layer, 0)) for layer in _estimate(found))

    return Uncertainty(COUNTED, compute)


def of_proportion(question: Question, needs: str) -> Uncertainty:
    """Return the uncertainty of a proportion among the taxa of known answer that are truly present."""

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        p = _best(presences)
        ids = presences.ids[:, :p.shape[1]]
        yes, known = (answer[ids] for answer in context.ask(question))
        found = np.empty((DRAWS, len(ids)), np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            for row, there in zip(found, drawn(p, context.shared_sd), strict=True):
                row[:] = (there & yes).sum(axis=1) / (there & known).sum(axis=1)
        return tuple(where_known(values, layer) for layer in _estimate(found))

    return Uncertainty(COUNTED, compute, needs)
