"""The domain: which cells have predictors like those the model was trained on.

MESS, the multivariate environmental similarity surface of Elith, Kearney & Phillips (2010), "The art of
modelling range-shifting species", Methods in Ecology and Evolution 1: 330–342, appendix S3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import EDGE, INSIDE, OUTSIDE
from geoplantnet_plugin.engine.cube.block import CellValues, Patches
from geoplantnet_plugin.engine.models.card import Card, ModelInput, Predictor
from geoplantnet_plugin.engine.scores.quality import NO_PREDICTOR, UNKNOWN

TOLERANCE = 1e-4
"""Percent of a predictor's range by which a cell may exceed it: percentiles are rounded when written."""
EDGE_PERCENT = 2.5
"""Percent of the training plots on either side that make up the edge of the domain."""


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


@dataclass(frozen=True)
class Look:
    """How n cells lie to the training data: see `quality.Quality` for `domain` and `furthest`.

    `beyond` (n, predictors of all inputs) says which predictors lie beyond them.
    """

    domain: NDArray[np.uint8]
    furthest: NDArray[np.uint16]
    beyond: NDArray[np.bool_]


def look(card: Card, inputs: Mapping[str, CellValues]) -> Look:
    """Look at every predictor of n cells beside the training data; `inputs` are those of `runtime.Session.rank`.

    A predictor lies *beyond* them where its similarity (see `similarity`) is negative, or, without percentiles in the
    card, where a class was never seen or any value (of a patch its centre, of a series any step) exceeds the
    card's range. It lies *at the edge* where fewer than `EDGE_PERCENT` percent of the plots have as low a value, or as
    high a one. A cell lies outside the domain where a predictor with percentiles or classes is beyond, else at its
    edge where one is at the edge, else inside; unknown where it has none of these predictors. *Furthest* is the
    predictor of the smallest similarity among those at the edge or beyond, an unseen class before all.
    """
    cells, values = _cells(inputs), card.domain["values"] if card.domain else {}
    domain = np.full(cells, UNKNOWN, np.uint8)
    furthest, lowest = np.full(cells, NO_PREDICTOR, np.uint16), np.full(cells, np.inf)
    beyond = np.zeros((cells, len(card.predictors)), np.bool_)
    for number, predictor, columns in _columns(card, inputs):
        known = ~np.isnan(columns).all(axis=1)
        edge, similar = np.zeros(cells, np.bool_), np.full(cells, np.inf)
        decides = columns.shape[1] == 1 and (predictor.name in values or _has_classes(predictor))
        if columns.shape[1] == 1 and predictor.name in values:
            percentiles = np.asarray(values[predictor.name], np.float32).astype(np.float64)
            similar = similarity(columns[:, 0], percentiles)
            out = np.asarray(similar < -TOLERANCE, np.bool_)
            low, high = np.interp((EDGE_PERCENT, 100 - EDGE_PERCENT), np.arange(101), percentiles)
            edge = ~out & ((columns[:, 0] < low) | (columns[:, 0] > high))
        elif _has_classes(predictor):
            out = np.any(~np.isin(columns, predictor.categories) & ~np.isnan(columns), axis=1)
            similar = np.where(out, -np.inf, np.inf)
        elif predictor.range:
            out, similar = _beyond_range(columns, predictor.range)
        else:
            continue
        beyond[:, number] = out
        further = (out | edge) & ((similar < lowest) | (furthest == NO_PREDICTOR))
        furthest[further], lowest[further] = number, similar[further]
        if decides:
            domain[known & (domain == UNKNOWN)] = INSIDE
            domain[edge] = np.maximum(domain[edge], EDGE)
            domain[out] = OUTSIDE
    return Look(domain, furthest, beyond)


def _has_classes(predictor: Predictor) -> bool:
    return predictor.categorical and bool(predictor.categories)


def _beyond_range(columns: NDArray[np.float64], limits: tuple[float, float]
                  ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which cells exceed a range, and by how much, in percent of it, negative."""
    low, high = (float(np.float32(limit)) for limit in limits)
    with np.errstate(divide="ignore", invalid="ignore"):
        by = np.fmin.reduce(np.minimum(columns - low, high - columns), axis=1) / (high - low) * 100
    out = by < -TOLERANCE
    return out, np.where(out, by, np.inf)


def knows_domain(card: Card) -> bool:
    """Whether the card says anything about the model's domain."""
    return bool(card.domain) or any(predictor.categories for predictor in card.predictors)


def of_cells(entry: ModelInput, values: CellValues) -> NDArray[np.float32]:
    """Return what an input's values (n, predictors, …) say of the cells themselves: of a patch its centre."""
    if isinstance(values, Patches):
        return values.centres()
    return values[:, :, values.shape[2] // 2, values.shape[3] // 2] if entry.kind == "patch" else values


def _columns(card: Card, inputs: Mapping[str, CellValues]
             ) -> Iterator[tuple[int, Predictor, NDArray[np.float64]]]:
    """Yield each predictor's number in the card and its values (n, steps): of a patch the centre; NaN is missing."""
    first = 0
    for entry in card.inputs:
        values = of_cells(entry, inputs[entry.name])
        for number, predictor in enumerate(entry.predictors):
            # Spelt out: NumPy cannot infer a side of −1 for a strip without cells.
            columns = values[:, number].reshape(len(values), math.prod(values.shape[2:])).astype(np.float64)
            if entry.missing is not None:
                columns[columns == np.float32(entry.missing)] = np.nan
            yield first + number, predictor, columns
        first += len(entry.predictors)


def _cells(inputs: Mapping[str, CellValues]) -> int:
    return len(next(iter(inputs.values())))
