"""How good scores are: the figures of cards and reports. Arrays are (plots, taxa)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
BINS = 10


def auc(present: Array, scores: Array) -> NDArray[np.float64]:
    """Return each taxon's area under the ROC curve (taxa,), ties counted half (Mann & Whitney 1947).

    NaN for a taxon that is everywhere or nowhere.
    """
    with_taxon = present.sum(0, dtype=np.float64)
    without = len(present) - with_taxon
    ranks = np.array([_rank_sum(*columns) for columns in zip(present.T, scores.T, strict=True)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return (ranks - with_taxon * (with_taxon + 1) / 2) / (with_taxon * without)


def _rank_sum(present: Array, scores: Array) -> float:
    """Return the sum of the ranks, from 1, of the scores of the plots with the taxon; ties share their mean rank."""
    ordered, where = np.sort(scores), np.sort(scores[present > 0])
    return float((np.searchsorted(ordered, where) + np.searchsorted(ordered, where, "right") + 1).sum() / 2)


def mean_auc(present: Array, scores: Array) -> float:
    """Return the taxon-mean AUC over the taxa that have one."""
    return float(np.nanmean(auc(present, scores)))


def calibration_bins(present: Array, scores: Array) -> list[tuple[float, float, int]]:
    """Return mean score, share present and number for each of ten equally wide bins of probability that has any."""
    p, y = scores.ravel(), present.ravel()
    number = np.minimum((p * BINS).astype(int), BINS - 1)
    return [(float(p[number == b].mean()), float(y[number == b].mean()), int((number == b).sum()))
            for b in range(BINS) if (number == b).any()]


def ece(present: Array, scores: Array) -> float:
    """Return the expected calibration error over all plots and taxa: the bins' mean |score − share|, by size."""
    bins = calibration_bins(present, scores)
    return sum(abs(score - share) * count for score, share, count in bins) / sum(count for *_, count in bins)


def tss(present: Array, taken: Array) -> float:
    """Return the taxon-mean true skill statistic, sensitivity + specificity − 1, of taken sets (0/1)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        sensitivity = (taken * present).sum(0) / present.sum(0)
        specificity = ((1 - taken) * (1 - present)).sum(0) / (1 - present).sum(0)
    return float(np.nanmean(sensitivity + specificity - 1))


def f1(present: Array, taken: Array) -> dict[str, float]:
    """Return F1 of taken sets (0/1): mean over plots, over all pairs at once, mean over taxa; 0/0 counts 0."""
    def of(axis: int | None) -> Array:
        both, size = (taken * present).sum(axis), (taken + present).sum(axis)
        return np.asarray(2 * both / np.maximum(size, 1))

    return {"samples": float(of(1).mean()), "micro": float(of(None)), "macro": float(of(0).mean())}


def recall_at(present: Array, scores: Array, k: int) -> float:
    """Return the mean share of a plot's present taxa among its k best-scored; plots without taxa are left out."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    found, some = np.take_along_axis(present, best, 1).sum(1), present.sum(1)
    return float((found[some > 0] / some[some > 0]).mean())


def prevalence_thresholds(present: Array, scores: Array) -> NDArray[np.float64]:
    """Return each taxon's λ (taxa,): as many scores lie above it as plots hold the taxon.

    The midpoint between the last score taken and the first one left (scores > λ are taken); one half above the
    last score where a taxon is everywhere.
    """
    count = present.sum(0).round().astype(int)
    ordered = -np.sort(-np.asarray(scores, np.float64), axis=0)
    below = np.vstack([ordered, np.maximum(ordered[-1:] - 0.5, 0)])
    taxa = np.arange(scores.shape[1])
    return (below[np.maximum(count - 1, 0), taxa] + below[count, taxa]) / 2
