"""Conformal assemblages: the set of all taxa above one threshold that holds a stated share of the taxa present.

Conformal risk control (Angelopoulos et al., arXiv 2208.02814). The event covered is the *expected share of a plot's
present taxa that the set contains*; a plot without any of the taxa counts as covered. Thresholds are calibrated on
out-of-fold scores of other blocks than those tested. Plots of one block are not exchangeable with those of another,
so that coverage is measured, not guaranteed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
LEVELS = (0.8, 0.9)
TOO_WIDE = 2.0
SMALLEST_BLOCK = 5
"""A block with fewer plots is not looked at as the worst one: its coverage is chance."""

DRAWS, DRAW_SEED = 1000, 7


def threshold(present: Array, scores: Array, level: float) -> float:
    """Return the largest threshold for which n / (n + 1) · risk + 1 / (n + 1) ≤ 1 − level on these plots.

    The risk is the mean share of a plot's present taxa whose score is not above the threshold. It grows with the
    threshold in steps at the scores of present taxa; 0 where no threshold is low enough.
    """
    plots, taxa = np.nonzero(present)
    values = np.asarray(scores, np.float64)[plots, taxa]
    order = np.argsort(values, kind="stable")
    lost = np.cumsum(1 / present.sum(1)[plots[order]]) / len(present)
    allowed = ((1 - level) * (len(present) + 1) - 1) / len(present)
    first_lost = int(np.searchsorted(lost, allowed, side="right"))
    if first_lost == 0:
        return 0.0
    ordered = values[order]
    return float(ordered[first_lost - 1])


def covered(present: Array, taken: Array) -> NDArray[np.float64]:
    """Return the share (plots,) of each plot's present taxa that its set holds; 1 where there are none."""
    some = present.sum(1)
    return np.where(some > 0, (present * taken).sum(1) / np.maximum(some, 1), 1.0)


def figures(present: Array, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]],
            block: NDArray[np.int64]) -> dict[str, Any]:
    """Return the card's ``conformal`` entry from out-of-fold scores of several assignments of blocks to folds."""
    return {
        "method": "conformal risk control (arXiv 2208.02814), calibrated on other folds of blocks than those tested",
        "event": "expected share of the present taxa that the set contains",
        "levels": [_level(present, scores, folds, block, level) for level in LEVELS],
    }


def _level(present: Array, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]], block: NDArray[np.int64],
           level: float) -> dict[str, Any]:
    share, size = np.zeros(len(present)), np.zeros(len(present))
    for one, fold in zip(scores, folds):
        for held in (fold == number for number in np.unique(fold)):
            taken = one[held] > threshold(present[~held], one[~held], level)
            share[held] += covered(present[held], taken) / len(scores)
            size[held] += taken.sum(1) / len(scores)
    plots = np.bincount(block)
    by_block = np.bincount(block, share)
    low, high = _interval(by_block, plots)
    richness, mean_size = float(present.sum(1).mean()), float(size.mean())
    final = threshold(np.concatenate([present] * len(scores)), np.concatenate(scores), level)
    return {"level": level, "threshold": round(final, 6), "coverage": round(float(share.mean()), 4),
            "interval": [round(low, 4), round(high, 4)],
            "worst_block": round(float((by_block / plots)[plots >= SMALLEST_BLOCK].min()), 4),
            "mean_size": round(mean_size, 2), "mean_richness": round(richness, 2),
            "too_wide": mean_size > TOO_WIDE * richness}


def _interval(by_block: Array, plots: Array) -> tuple[float, float]:
    """Return the 95 % interval of pooled coverage over bootstrap draws of whole blocks."""
    drawn = np.random.default_rng(DRAW_SEED).integers(len(plots), size=(DRAWS, len(plots)))
    pooled = by_block[drawn].sum(1) / plots[drawn].sum(1)
    low, high = np.quantile(pooled, (0.025, 0.975))
    return float(low), float(high)
