"""Baselines: what a network must beat, fitted to the same plots of the same folds.

Each takes training plots, raw predictors to score (n, p) and a seed, and returns scores (n, taxa). Categories are
one-hot for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.datasets import Plots

Array = NDArray[np.floating]
Baseline = Callable[[Plots, Array, int], Array]

TREES, LEAF = 500, 3
"""The forest's trees and smallest leaf: 3 was the best of 1, 3, 5, 8 on the tuning assignments of the Alps."""


def random_forest(plots: Plots, values: Array, seed: int) -> Array:
    """Random forest for all taxa at once (Breiman 2001; scikit-learn)."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=seed, n_jobs=2)
    forest.fit(one_hot(plots, plots.values), plots.present.astype(int))
    shares = forest.predict_proba(one_hot(plots, values))
    return np.stack([_presence(share, classes) for share, classes in zip(shares, forest.classes_)], 1)


def most_frequent(plots: Plots, values: Array, seed: int) -> Array:
    """Every plot gets the taxa's frequencies in the training plots; no predictor is looked at."""
    return np.tile(plots.present.mean(0), (len(values), 1))


def one_hot(plots: Plots, values: Array) -> Array:
    """Return numbers as they are and every category of the training plots as its own column."""
    parts = [values[:, [i]] if not codes else (values[:, [i]] == np.asarray(codes)).astype(values.dtype)
             for i, codes in enumerate(plots.categorical)]
    return np.hstack(parts)


def _presence(share: Array, classes: Array) -> Array:
    """Return the column of class 1; a taxon that is everywhere or nowhere in training has one class only."""
    return share[:, list(classes).index(1)] if 1 in classes else np.zeros(len(share))


BASELINES: dict[str, Baseline] = {"random forest": random_forest, "most frequent taxa": most_frequent}
