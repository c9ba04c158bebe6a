"""Baselines: what a network must beat, fitted to the same plots of the same folds.

Each takes training plots, raw predictors to score (n, p) and a seed, and returns scores (n, taxa). Categories are
one-hot for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.plots import Plots

Array = NDArray[np.floating]
Baseline = Callable[[Plots, Array, int], Array]

RIDGE = 1.0
"""Inverse strength of the logistic regression's penalty (scikit-learn's default)."""


def random_forest(plots: Plots, values: Array, seed: int, trees: int, leaf: int) -> Array:
    """Random forest for all taxa at once (Breiman 2001; scikit-learn).

    `leaf`, its smallest leaf, is tuned too (`Recipe`); on these data the library's default of 1 is weaker.
    """
    return presence_shares(grow_forest(plots, seed, trees, leaf), one_hot(plots, values))


def grow_forest(plots: Plots, seed: int, trees: int, leaf: int) -> Any:
    """Return a fitted forest; its features are `one_hot`."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(trees, min_samples_leaf=leaf, random_state=seed)
    return forest.fit(one_hot(plots, plots.values), plots.present.astype(int))


def presence_shares(forest: Any, features: Array) -> Array:
    """Return the share (n, taxa) of a forest's votes for presence; taxa that are everywhere have one class only."""
    shares = forest.predict_proba(features)
    shares, known = (shares, forest.classes_) if isinstance(shares, list) else ([shares], [forest.classes_])
    return np.stack([_presence(share, classes) for share, classes in zip(shares, known)], 1)


def logistic(plots: Plots, values: Array, seed: int) -> Array:
    """Logistic regression with squares and products of the standardised numbers, ridge penalty, taxon by taxon.

    Columns that are linear combinations of others (a predictor's last category) are left to the penalty.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    numbers = [i for i, codes in enumerate(plots.categorical) if not codes]

    def features(rows: Array) -> Array:
        squared = PolynomialFeatures(2, include_bias=False).fit_transform(scaler.transform(rows[:, numbers]))
        return np.hstack([squared, one_hot(plots, rows)[:, _category_columns(plots)]])

    scaler = StandardScaler().fit(plots.values[:, numbers])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=RIDGE, max_iter=500))
    return _taxon_by_taxon(model, features(plots.values), plots.present, features(values))


def boosting(plots: Plots, values: Array, seed: int) -> Array:
    """Gradient boosting of shallow trees, taxon by taxon (Friedman 2001; scikit-learn's histogram variant)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(learning_rate=0.05, max_iter=100, max_leaf_nodes=8, min_samples_leaf=10,
                                           early_stopping=False, random_state=seed)
    return _taxon_by_taxon(model, one_hot(plots, plots.values), plots.present, one_hot(plots, values))


def maxent(plots: Plots, values: Array, seed: int) -> Array:
    """MaxEnt with elapid's linear, quadratic and hinge features; the absences are its background."""
    from elapid import MaxentModel

    scores = np.zeros((len(values), len(plots.taxa)))
    categories = [i for i, codes in enumerate(plots.categorical) if codes] or None
    for taxon, column in enumerate(plots.present.T):
        if column.min() < column.max():
            model = MaxentModel(feature_types=["linear", "quadratic", "hinge"], n_cpus=1)
            model.fit(plots.values, column.astype(int), categorical=categories)
            scores[:, taxon] = model.predict(values)
    return scores


def most_frequent(plots: Plots, values: Array, seed: int) -> Array:
    """Every plot gets the taxa's frequencies in the training plots; no predictor is looked at."""
    return np.tile(plots.present.mean(0), (len(values), 1))


def _taxon_by_taxon(model: Any, train: Array, present: Array, test: Array) -> Array:
    scores = np.tile(present.mean(0), (len(test), 1))
    for taxon, column in enumerate(present.T):
        if column.min() < column.max():
            scores[:, taxon] = model.fit(train, column).predict_proba(test)[:, 1]
    return scores


def _category_columns(plots: Plots) -> list[int]:
    """Return the columns of `one_hot` that are categories."""
    widths = [len(codes) or 1 for codes in plots.categorical]
    flags = [bool(codes) for codes, width in zip(plots.categorical, widths) for _ in range(width)]
    return [i for i, flag in enumerate(flags) if flag]


def one_hot(plots: Plots, values: Array) -> Array:
    """Return numbers as they are and every category of the training plots as its own column."""
    parts = [values[:, [i]] if not codes else (values[:, [i]] == np.asarray(codes)).astype(values.dtype)
             for i, codes in enumerate(plots.categorical)]
    return np.hstack(parts)


def _presence(share: Array, classes: Array) -> Array:
    return share[:, list(classes).index(1)] if 1 in classes else np.zeros(len(share))


BASELINES: dict[str, Baseline] = {"gradient boosting": boosting, "logistic regression": logistic, "maxent": maxent,
                                  "most frequent taxa": most_frequent}
"""All but the random forest, which has a parameter of its own."""
