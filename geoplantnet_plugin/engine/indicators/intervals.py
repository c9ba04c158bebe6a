"""How sure a number of taxa is: estimate and interval of how many are truly present, and the probability of some.

The scores are taken as calibrated probabilities of presence. Errors shared by neighbouring cells do not matter, because
each cell is judged for itself; errors shared by the taxa of a cell do: the model card states how far presences go
together (`Calibration.shared_sd`). The estimate lies within the interval; both speak of the true number and not of the
set rule's.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import NODATA_CLASS
from geoplantnet_plugin.engine.indicators.base import COUNTED, Context, Question, Uncertainty
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL, Z
from geoplantnet_plugin.engine.scores.presences import Presences

TAIL = (1 - LEVEL) / 2
MOST_EXACT = 16
"""Up to so many taxa the distribution of their number is computed exactly; it costs their number squared."""

Estimate = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""Expected value, lower and upper bound (n,) at `LEVEL`."""


def count_estimate(presences: Presences, among: NDArray[np.bool_], shared_sd: float) -> Estimate:
    """Return how many taxa `among` (taxa,) are present.

    Bounds are whole numbers, but for one that the estimate itself lies beyond. The tails are cut at half the
    probability of a number (Lancaster's mid-P), which in the long run holds about the stated share of true numbers;
    quantiles at whole probabilities would hold more. Taxa that were not kept count as absent in estimate and lower
    bound and as likely as the floor in the upper bound.
    """
    moments = presences.among(among)
    exact = among.sum() <= MOST_EXACT
    lower, upper = (_exact if exact else _approximate)(presences, among, shared_sd)
    most = float(among.sum())
    return moments.mean, np.clip(np.minimum(lower, moments.mean), 0, most), np.clip(
        np.maximum(upper, moments.mean), 0, most)


def _approximate(presences: Presences, among: NDArray[np.bool_], shared_sd: float
                 ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low = presences.among(among)
    high = low.plus(among.sum() - among[presences.ids].sum(axis=1), presences.floor)
    return np.ceil(low.shared(shared_sd).quantile(-Z)), np.floor(high.shared(shared_sd).quantile(Z))


def _exact(presences: Presences, among: NDArray[np.bool_], shared_sd: float
           ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    position = np.cumsum(among) - 1
    rows, columns = np.nonzero(among[presences.ids])
    least = np.zeros((len(presences.probability), int(among.sum())))
    most = np.repeat(presences.floor[:, None], least.shape[1], axis=1)
    for table in (least, most):
        table[rows, position[presences.ids[rows, columns]]] = presences.probability[rows, columns]
    low = number_present(least, shared_sd)
    high = number_present(most, shared_sd) if presences.floor.any() else low
    lower = ((low.cumsum(axis=1) - low / 2) <= TAIL).sum(axis=1)
    upper = ((high.cumsum(axis=1) - high / 2) < 1 - TAIL).sum(axis=1) - 1
    return lower.astype(np.float64), upper.astype(np.float64)


def number_present(probability: NDArray[np.float64], shared_sd: float) -> NDArray[np.float64]:
    """Return P(number of present taxa = k) (n, m + 1) for taxa of `probability` (n, m) that share a factor.

    The factor is that of `Moments.shared`.
    """
    variance = probability * (1 - probability)
    result = np.zeros((len(probability), probability.shape[1] + 1))
    for node, weight in factor(shared_sd):
        result += weight * _independent(probability + node * variance)
    return result


def factor(shared_sd: float) -> tuple[tuple[float, float], ...]:
    """Return values and weights of a symmetrical factor of mean 0 and standard deviation `shared_sd`, at most 1.

    Three values as Gauss and Hermite take them for a normal factor; none lies beyond ±1, where probabilities would
    leave 0 to 1: then the outer ones weigh more.
    """
    sd = min(shared_sd, 1.0)
    if not sd:
        return ((0.0, 1.0),)
    outer = min(sqrt(3) * sd, 1.0)
    weight = sd * sd / (2 * outer * outer)
    return (-outer, weight), (0.0, 1 - 2 * weight), (outer, weight)


def _independent(probability: NDArray[np.float64]) -> NDArray[np.float64]:
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
        among, sd = ((np.ones(presences.taxa_count, bool), context.shared_sd) if question is None
                     else (context.ask(question)[0], context.grouped_sd))
        return tuple(where_known(values, layer) for layer in count_estimate(presences, among, sd))

    return Uncertainty(COUNTED, compute)


def at_least_one(presences: Presences, among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the probability (n,) that at least one kept taxon `among` (n, kept) is present: 1 − Π (1 − p)."""
    none_there: NDArray[np.float64] = np.prod(1.0 - presences.probability * among, axis=1)
    return 1.0 - none_there


def of_presence(question: Question) -> Uncertainty:
    """Return the probability that at least one such taxon is present; taxa that were not kept do not count."""

    def compute(presences: Presences, values: NDArray[Any], context: Context) -> tuple[NDArray[np.float32], ...]:
        among = context.ask(question)[0][presences.ids]
        return (where_known(values, at_least_one(presences, among)),)

    return Uncertainty(("probability",), compute)


def where_known(values: NDArray[Any], layer: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a layer as it is written: nodata where the indicator's `values` are."""
    unknown = values == NODATA_CLASS if values.dtype == np.uint8 else np.isnan(values)
    return np.where(unknown, np.nan, layer).astype(np.float32)
