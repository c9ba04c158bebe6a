"""MaxEnt for all taxa of an atlas at once.

Phillips, Anderson & Schapire (2006, doi:10.1016/j.ecolmodel.2005.03.026): of all distributions over the background
squares take q ∝ exp(f · b) with the b that minimises

    log Σ exp(f · b) − mean of f · b over the presences + Σ β |b|,

f being features of the predictors. R package maxnet (Phillips et al. 2017, doi:10.1111/ecog.03049) solves the same
by a weighted logistic regression. Features and their β are elapid's, which are maxnet's; as there, products are for
taxa with `PRODUCTS_FROM` presences or more (Phillips & Dudík 2008, doi:10.1111/j.0906-7590.2008.5203.x). Taxa share
the features, so that one matrix product serves them all: accelerated proximal gradients (Beck & Teboulle 2009,
doi:10.1137/080716542), restarted where they overshoot.

All squares are the background. One multiplier of the penalties, chosen on squares held out for that, serves all taxa.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from training.metrics import mean_auc

Array = NDArray[np.floating[Any]]
KINDS = ["linear", "quadratic", "hinge", "product"]
HINGES, PRODUCTS_FROM = 10, 80
LEAST = 2
"""A taxon with fewer presences gets its share of the squares everywhere."""

STEPS, TRIAL_STEPS, TOLERANCE, EVERY = 200, 60, 1e-4, 20
"""Steps at most, fewer in a trial; it ends when no taxon's objective falls by `TOLERANCE` in `EVERY` steps."""

NOISE = 1e-7
MULTIPLIERS = (4.0, 2.0, 1.0, 0.5)
"""Of the penalties, tried in this order, each from the solution of the one before."""

SETTINGS = (KINDS, HINGES, PRODUCTS_FROM, STEPS, TRIAL_STEPS, TOLERANCE, MULTIPLIERS)
"""What scores depend on besides the data."""


def log_chances(values: Array, present: Array, held: Array, multiplier: float, flags: int = 0) -> Array:
    """Return log(number of presences × a square's share of the background), (n, taxa), at the predictors `held`.

    `values` (squares, predictors) and `present` (squares, taxa) are learnt from; `flags` as in `Features`.
    """
    features, number = Features(values, flags), np.maximum(present.sum(0), 0.5)
    fitted = solve(features.fitted, present, multiplier * features.penalties(present))
    return np.asarray(features.of(held) @ fitted - logsumexp(features.fitted @ fitted, 0) + np.log(number))


def best_multiplier(values: Array, present: Array, held: Array, held_present: Array, flags: int = 0) -> float:
    """Return the one of `MULTIPLIERS` with the best mean AUC at the predictors `held`."""
    features = Features(values, flags)
    penalties, there = features.penalties(present), features.of(held)
    fitted, scored = None, {}
    for multiplier in MULTIPLIERS:
        fitted = solve(features.fitted, present, multiplier * penalties, fitted, TRIAL_STEPS)
        scored[multiplier] = mean_auc(held_present, there @ fitted)
    return max(MULTIPLIERS, key=scored.__getitem__)


class Features:
    """Linear, quadratic, hinge and product features (n, p) of predictors, held within the range of `values` and over
    it with standard deviation 1. The last `flags` columns are categories, 0 or 1, and stay as they are.
    """

    def __init__(self, values: Array, flags: int = 0) -> None:
        from elapid.features import MaxentFeatureTransformer

        self._numbers = values.shape[1] - flags
        self._transformer = MaxentFeatureTransformer(feature_types=KINDS, clamp=True, n_hinge_features=HINGES)
        self._transformer.fit(values[:, :self._numbers])
        self.labels = np.array(self._transformer.feature_names_ + ["categorical"] * flags)
        self.raw = self._raw(values)
        self._mean, self._spread = self.raw.mean(0), np.maximum(self.raw.std(0), 1e-6)

    def of(self, values: Array) -> Array:
        """Return the features of predictors (n, …)."""
        return self._scaled(self._raw(values))

    @property
    def fitted(self) -> Array:
        """The features of the predictors they were made for."""
        return self._scaled(self.raw)

    def _raw(self, values: Array) -> Array:
        return np.hstack([self._transformer.transform(values[:, :self._numbers]), values[:, self._numbers:]])

    def _scaled(self, raw: Array) -> Array:
        return np.asarray((raw - self._mean) / self._spread, np.float32)

    def penalties(self, present: Array) -> Array:
        """Return β (p, taxa) of the standardised features; infinite where a taxon does without one."""
        from elapid.features import compute_regularization

        found = np.full((len(self.labels), present.shape[1]), np.inf, np.float32)
        for taxon, column in enumerate(present.T):
            used = (self.labels != "product") | (column.sum() >= PRODUCTS_FROM)
            if column.sum() >= LEAST:
                found[used, taxon] = compute_regularization(column, self.raw[:, used], list(self.labels[used]), 1.0)
        return found / self._spread[:, None].astype(np.float32)


def solve(features: Array, present: Array, penalties: Array, start: Array | None = None, steps: int = STEPS) -> Array:
    """Return b (p, taxa) for features (n, p), presences (n, taxa) and β (p, taxa), from `start` on."""
    means = (features.T @ present) / np.maximum(present.sum(0), 1)
    here = np.zeros_like(means) if start is None else start.copy()
    curvature = np.full(means.shape[1], _curvature(features), np.float32)
    moved, heights = here, features @ here
    ahead, momentum, told = heights, np.ones(means.shape[1], np.float32), np.full(means.shape[1], np.inf)
    for step in range(steps):
        chances = _shares(ahead)
        slope = features.T @ chances - means
        after, reached, curvature = _descend(features, penalties, (moved, slope, ahead, chances), curvature)
        # a step against the way that was come overshot: begin anew from here
        overshot = ((moved - after) * (after - here)).sum(0) > 0
        ahead_by = (1 + np.sqrt(1 + 4 * momentum ** 2)) / 2
        share = np.where(overshot, 0, (momentum - 1) / ahead_by).astype(np.float32)
        momentum = np.where(overshot, 1, ahead_by).astype(np.float32)
        moved, ahead = after + share * (after - here), reached + share * (reached - heights)
        here, heights = after, reached
        if step % EVERY == EVERY - 1:
            objective = logsumexp(heights, 0) - (means * here).sum(0) + _size(penalties, here)
            if (told - objective < TOLERANCE).all():
                break
            told = objective
    return here


def _descend(features: Array, penalties: Array, begin: tuple[Array, Array, Array, Array], curvature: Array
             ) -> tuple[Array, Array, Array]:
    """Return the next b, f · b there and the curvature (taxa,) under which the step is safe.

    `begin` is where the step begins: b, the slope of the objective's smooth part, f · b and the squares' shares.
    """
    start, slope, heights, shares = begin
    after, reached = np.empty_like(start), np.empty_like(heights)
    open_ = np.arange(start.shape[1])
    while len(open_):
        bent = curvature[open_]
        after[:, open_] = _shrunk(start[:, open_] - slope[:, open_] / bent, penalties[:, open_] / bent)
        reached[:, open_] = features @ after[:, open_]
        allowed = bent / 2 * ((after[:, open_] - start[:, open_]) ** 2).sum(0)
        open_ = open_[_divergence(shares[:, open_], reached[:, open_] - heights[:, open_]) > allowed + NOISE]
        curvature[open_] *= 2
    return after, reached, curvature


def _divergence(shares: Array, rise: Array) -> Array:
    """Return by how much log Σ exp of heights that rise (n, taxa) exceeds its tangent (taxa,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        rise = rise - (shares * rise).sum(0)
        found = np.log1p((shares * (np.expm1(rise) - rise)).sum(0))
    return np.nan_to_num(found, nan=np.inf)


def _shares(heights: Array) -> Array:
    """Return each square's share (n, taxa) of Σ exp of the heights."""
    shares = np.exp(heights - heights.max(0))
    shares /= shares.sum(0)
    return shares


def _curvature(features: Array) -> float:
    """Return the largest eigenvalue of the features' covariance over the background."""
    vector = np.random.default_rng(0).standard_normal(features.shape[1]).astype(np.float32)
    for _ in range(20):
        vector /= np.linalg.norm(vector)
        vector = features.T @ (features @ vector) / len(features)
    return float(np.linalg.norm(vector))


def _shrunk(values: Array, by: Array) -> Array:
    return np.sign(values) * np.maximum(np.abs(values) - by, 0)


def _size(penalties: Array, here: Array) -> Array:
    return np.asarray((np.where(here == 0, 0, penalties) * np.abs(here)).sum(0))
