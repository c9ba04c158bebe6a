"""The domain: which cells have predictors like those the model was trained on.

MESS, the multivariate environmental similarity surface of Elith, Kearney & Phillips (2010), "The art of
modelling range-shifting species", Methods in Ecology and Evolution 1: 330–342, appendix S3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import Card, Predictor

TOLERANCE = 1e-4
"""Percent of a predictor's range by which a cell may exceed it: percentiles are rounded when written."""


def mess(card: Card, inputs: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """Return the MESS of n cells, in percent: 100 like the median plot, 0 at the edge, negative beyond it.

    `inputs` are those of `runtime.Session.rank`. The smallest similarity of all predictors for which the card
    gives the training plots' percentiles: of ``point`` inputs the value, of ``patch`` inputs the
    centre pixel. Values that stand for *no data* are passed over. NaN where the card gives no domain: it is
    unknown.
    """
    values = card.domain["values"] if card.domain else {}
    lowest = np.full(_cells(inputs), np.nan)
    for predictor, column in _columns(card, inputs):
        if predictor.name in values:
            percentiles = np.asarray(values[predictor.name], np.float32).astype(np.float64)
            lowest = np.fmin(lowest, similarity(column, percentiles))
    return lowest


def similarity(column: NDArray[np.float64], percentiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one predictor's similarity (n,) to training plots with `percentiles` (101,), 0th to 100th.

    With f the percent of plots that lie below a cell's value: 2 f up to the median and 2 (100 − f) above it;
    beyond the plots' range the distance to it in percent of the range, negative.
    """
    low, high = percentiles[0], percentiles[-1]
    above = np.clip(np.searchsorted(percentiles, column, side="left"), 1, 100)
    lower, upper = percentiles[above - 1], percentiles[above]
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.where(column <= low, 0.0, above - 1 + (column - lower) / (upper - lower))
        beyond = np.minimum(column - low, high - column) / (high - low) * 100
    within = np.where(below <= 50, 2 * below, 2 * (100 - below))
    return np.where((column < low) | (column > high), beyond, within)


def outside(card: Card, inputs: Mapping[str, NDArray[np.float32]]) -> NDArray[np.bool_]:
    """Return which of n cells lie outside the model's domain: MESS < 0, or a category never seen in training.

    All false where the card gives neither: *unknown*, not *inside* (`knows_domain`).
    """
    beyond = mess(card, inputs) < -TOLERANCE
    for predictor, column in _columns(card, inputs):
        if predictor.categorical and predictor.categories:
            beyond |= ~np.isin(column, predictor.categories) & ~np.isnan(column)
    return np.asarray(beyond, np.bool_)


def knows_domain(card: Card) -> bool:
    """Whether the card says anything about the model's domain."""
    return bool(card.domain) or any(predictor.categories for predictor in card.predictors)


def _columns(card: Card, inputs: Mapping[str, NDArray[np.float32]]
             ) -> Iterator[tuple[Predictor, NDArray[np.float64]]]:
    for entry in card.inputs:
        if entry.kind == "series":
            continue
        values = inputs[entry.name]
        if entry.kind == "patch":
            values = values[:, :, values.shape[2] // 2, values.shape[3] // 2]
        for number, predictor in enumerate(entry.predictors):
            column = values[:, number].astype(np.float64)
            if entry.missing is not None:
                column[column == np.float32(entry.missing)] = np.nan
            yield predictor, column


def _cells(inputs: Mapping[str, NDArray[np.float32]]) -> int:
    return len(next(iter(inputs.values())))
