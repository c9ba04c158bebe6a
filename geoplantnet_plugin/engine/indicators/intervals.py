"""How sure an indicator is: lower and upper layers, and the probability of a worst label.

The scores are taken as calibrated probabilities of presence, independent between the taxa of a cell; errors shared by
neighbouring cells do not matter, because each cell is judged for itself. Errors shared by the taxa of a cell do: the
model card states a `dispersion` (``calibration.richness``, variance of observed richness around Σ p in held-out plots
over Σ p(1 − p)) by which variances are multiplied. Without it there are no layers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import NODATA_CLASS
from geoplantnet_plugin.engine.indicators.base import Context, Question, Uncertainty
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL, Z
from geoplantnet_plugin.engine.scores.presences import Presences

MOST_EXACT = 32
"""Up to so many taxa the distribution of their number is computed exactly; it costs their number squared."""


def count_interval(presences: Presences, among: NDArray[np.bool_], context: Context
                   ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper number (n,) of taxa `among` (taxa,) that are present, at `LEVEL`.

    Taxa that were not kept count as absent in the lower and as likely as the floor in the upper number.
    """
    if among.sum() <= MOST_EXACT and context.dispersion in (None, 1.0):
        return _exact_interval(presences, among)
    low = presences.among(among).dispersed(context.dispersion or 1.0)
    left_out = among.sum() - among[presences.ids].sum(axis=1)
    high = low.plus(left_out, presences.floor)
    lower = np.clip(np.floor(low.quantile(-Z) + 0.5), 0, among.sum())
    upper = np.clip(np.ceil(high.quantile(Z) - 0.5), lower, among.sum())
    return lower, upper


def richness_interval(presences: Presences, context: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper number (n,) of present taxa, worked out once for the indicators that need it."""
    dispersion = context.dispersion or 1.0
    if dispersion not in presences.richness:
        presences.richness[dispersion] = count_interval(presences, np.ones(presences.taxa_count, bool), context)
    return presences.richness[dispersion]


def _exact_interval(presences: Presences, among: NDArray[np.bool_]
                    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    position = np.cumsum(among) - 1
    rows, columns = np.nonzero(among[presences.ids])
    likely = np.zeros((len(presences.probability), int(among.sum())))
    likely[rows, position[presences.ids[rows, columns]]] = presences.probability[rows, columns]
    most = np.repeat(presences.floor[:, None], likely.shape[1], axis=1)
    most[rows, position[presences.ids[rows, columns]]] = presences.probability[rows, columns]
    tail = (1 - LEVEL) / 2
    lower = (number_present(likely).cumsum(axis=1) <= tail).sum(axis=1)
    upper = (number_present(most).cumsum(axis=1) < 1 - tail).sum(axis=1)
    return lower.astype(np.float64), np.minimum(upper, among.sum()).astype(np.float64)


def number_present(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(number of present taxa = k) (n, m + 1) for independent taxa of `probability` (n, m)."""
    n, m = probability.shape
    result = np.zeros((n, m + 1))
    result[:, 0] = 1.0
    for taxon in range(m):
        p = probability[:, taxon, None]
        result[:, 1:taxon + 2] = (1 - p) * result[:, 1:taxon + 2] + p * result[:, :taxon + 1]
        result[:, 0] *= 1 - p[:, 0]
    return result


def of_count(question: Question | None) -> Uncertainty:
    """Return the uncertainty of a number of taxa; of richness where there is no question."""

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        interval = (richness_interval(presences, context) if question is None
                    else count_interval(presences, context.ask(question)[0], context))
        return tuple(_where_known(values, bound) for bound in interval)

    return Uncertainty(("lower", "upper"), compute)


def of_diversity(index: str) -> Uncertainty:
    """Return the uncertainty of an index (``shannon``, ``simpson``): its value for the fewest and the most taxa.

    Both indices rise with every further taxon of lower score; an assemblage of none has index 0.
    """

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        kept = presences.probability.shape[1]
        return tuple(_index_of_best(presences.probability, np.minimum(size, kept).astype(np.int64), index)
                     for size in richness_interval(presences, context))

    return Uncertainty(("lower", "upper"), compute)


def _index_of_best(probability: NDArray[np.float64], size: NDArray[np.int64], index: str) -> NDArray[np.float32]:
    """Return the index (n,) of the `size` (n,) best taxa of each cell."""
    probability = probability[:, :max(size.max(initial=0), 1)]
    if index == "shannon":
        terms = probability * np.log(probability, where=probability > 0, out=np.zeros_like(probability))
    else:
        terms = probability**2
    rows, last = np.arange(len(probability)), np.maximum(size - 1, 0)
    total = probability.cumsum(axis=1)[rows, last]
    summed = terms.cumsum(axis=1)[rows, last]
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.log(total) - summed / total if index == "shannon" else 1 - summed / total**2
    return np.where((size > 0) & (total > 0), np.maximum(result, 0), 0).astype(np.float32)


def of_proportion(question: Question) -> Uncertainty:
    """Return the uncertainty of a proportion among the taxa of known answer, by the delta method for a ratio."""

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        yes, known = context.ask(question)
        ours, others = (presences.among(taxa).dispersed(context.dispersion or 1.0) for taxa in (yes, known & ~yes))
        total = ours.mean + others.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = ours.mean / total
            deviation = np.sqrt(others.mean**2 * ours.variance + ours.mean**2 * others.variance) / total**2
        return tuple(_where_known(values, np.clip(ratio + z * deviation, 0, 1)) for z in (-Z, Z))

    return Uncertainty(("lower", "upper"), compute)


def at_least_one(presences: Presences, among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the probability (n,) that at least one kept taxon `among` (n, kept) is present: 1 − Π (1 − p)."""
    none_there: NDArray[np.float64] = np.prod(1.0 - presences.probability * among, axis=1)
    return 1.0 - none_there


def of_presence(question: Question) -> Uncertainty:
    """Return the probability that at least one such taxon is present; taxa that were not kept do not count."""

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        among = context.ask(question)[0][presences.ids]
        return (_where_known(values, at_least_one(presences, among)),)

    return Uncertainty(("probability",), compute)


def _where_known(values: NDArray[Any], bound: NDArray[np.float64]) -> NDArray[np.float32]:
    unknown = values == NODATA_CLASS if values.dtype == np.uint8 else np.isnan(values)
    return np.where(unknown, np.nan, bound).astype(np.float32)
