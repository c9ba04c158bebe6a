"""Richness and diversity: they need no status, only the assemblage and its scores."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators.base import Context, Indicator
from geoplantnet_plugin.engine.indicators.draws import of_diversity
from geoplantnet_plugin.engine.indicators.intervals import of_count
from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.ranked import Scale

SHARES = (Scale.LOGIT, Scale.SIGMOID, Scale.SOFTMAX)
"""Scales whose scores can be shares of an assemblage; relative scores only rank."""

DECK_SHANNON = 4.0
"""Top of GeoPl@ntNet's Shannon legend (3.902), rounded up."""

MOST_RICHNESS, MOST_OF_SQUARES = 100, 1000
"""Tops of the legend of richness, of small cells and of squares of kilometres."""


def richness(assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Number of taxa of the assemblage; 0 for an empty one."""
    return assemblage.richness.astype(np.float32)


def shannon(assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Shannon index −Σ p ln p of the scores (see `as_probability`) renormalised to Σ p = 1 in each cell.

    In nats, between 0 and ln(richness). NaN where the assemblage is empty or all its scores are 0. Shannon
    (1948), as estopinj/model2indicators computes it.
    """
    weight = as_probability(assemblage.values, context.scale)
    total = assemblage.sum(weight)
    entropy = assemblage.sum(weight * np.log(weight, where=weight > 0, out=np.zeros_like(weight)))
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.log(total) - entropy / total
    # rounding may leave −1e-17 for a single taxon
    return np.where(total > 0, np.maximum(result, 0.0), np.nan).astype(np.float32)


def simpson(assemblage: Assemblage, context: Context) -> NDArray[np.float32]:
    """Gini–Simpson index 1 − Σ p² of the scores renormalised to Σ p = 1 in each cell.

    Between 0 and 1 − 1/richness; the Hill number of order 2 is 1 / (1 − index). NaN as for `shannon`. Simpson
    (1949).
    """
    weight = as_probability(assemblage.values, context.scale)
    total = assemblage.sum(weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = 1.0 - assemblage.sum(weight**2) / total**2
    return np.where(total > 0, np.maximum(result, 0.0), np.nan).astype(np.float32)


def _all(context: Context) -> int:
    return len(context.taxa)


DIVERSITY = (
    Indicator("richness", "continuous", "taxa", richness,
              lambda c: (0.0, float(min(len(c.taxa), MOST_OF_SQUARES if c.of_squares else MOST_RICHNESS))),
              _all, "GeoPl@ntNet (arXiv 2511.13790)", uncertainty=of_count(None)),
    Indicator("shannon", "continuous", "nats", shannon,
              lambda c: (0.0, min(math.inf if c.of_squares else DECK_SHANNON,
                                  math.ceil(100 * math.log(len(c.taxa))) / 100)), _all,
              "Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x", SHARES, uncertainty=of_diversity("shannon")),
    Indicator("simpson", "continuous", "probability", simpson, lambda c: (0.0, 1.0), _all,
              "Simpson (1949), doi:10.1038/163688a0", SHARES, uncertainty=of_diversity("simpson")),
)
