"""Baselines: what a network must beat, fitted to the same plots of the same folds.

Each takes training plots, raw predictors to score (n, p) and a seed, and returns scores (n, taxa). Categories are
one-hot for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.plots import Plots
from training.folds import INNER_SEED, Blocks, block_folds
from training.maxent import SETTINGS as MAXENT_SETTINGS
from training.maxent import best_multiplier, log_chances
from training.metrics import mean_auc

TREES, TUNING_TREES, TUNING_FOLDS, TUNING_PLOTS = 300, 30, 3, 1000
"""Rivals are tuned on as many of the inner folds of the training plots as hold `TUNING_PLOTS`, at most all of them."""

FOREST_CHOICES: tuple[tuple[int, str | float], ...] = tuple(
    (leaf, features) for leaf in (1, 3, 5, 10, 20, 40, 80) for features in ("sqrt", 1.0))
"""Smallest leaf and features tried at a split (of all, or their square root)."""
KNOTS, SPLINE_RIDGE = 5, 0.03
INNER_BLOCKS = 30

NETWORK = "network"
"""The model itself, with whatever its network is averaged with."""
FOREST = "random forest"

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


def tuned_forest(plots: Plots, values: Array, seed: int) -> Array:
    """Random forest, leaf and number of features (`FOREST_CHOICES`) chosen on inner blocks of the training plots."""
    return _tuned("RandomForestClassifier", plots, values, seed)


def extra_trees(plots: Plots, values: Array, seed: int) -> Array:
    """Extremely randomised trees (Geurts et al. 2006), chosen as those of `tuned_forest`."""
    return _tuned("ExtraTreesClassifier", plots, values, seed)


def _tuned(kind: str, plots: Plots, values: Array, seed: int) -> Array:
    held = list(_inner(plots, seed))
    present = np.concatenate([test.present for _, test in held])
    scored = {choice: np.concatenate([_trees(kind, train, test.values, seed, TUNING_TREES, *choice)
                                      for train, test in held]) for choice in FOREST_CHOICES}
    best = max(FOREST_CHOICES, key=lambda choice: mean_auc(present, scored[choice]))
    return _trees(kind, plots, values, seed, TREES, *best)


def _inner(plots: Plots, seed: int) -> Iterator[tuple[Plots, Plots]]:
    """Yield plots to learn from and plots held out to tune by, on inner blocks of the training plots."""
    folds, seen = block_folds(plots.xy, Blocks(_side(plots)), INNER_SEED + seed, TUNING_FOLDS), 0
    for fold in range(TUNING_FOLDS):
        if seen < TUNING_PLOTS:
            yield plots.take(folds != fold), plots.take(folds == fold)
            seen += int((folds == fold).sum())


def _side(plots: Plots) -> float:
    """Return a side of inner blocks that gives about thirty of them, whatever the land."""
    width, height = np.ptp(plots.xy, axis=0)
    return float(np.sqrt(max(width * height, 1.0) / INNER_BLOCKS))


def _trees(kind: str, plots: Plots, values: Array, seed: int, trees: int, leaf: int, features: str | float) -> Array:
    from sklearn import ensemble

    forest = getattr(ensemble, kind)(trees, min_samples_leaf=leaf, max_features=features, random_state=seed)
    forest.fit(one_hot(plots, plots.values), plots.present.astype(int))
    return presence_shares(forest, one_hot(plots, values))


def tuned_maxent(plots: Plots, values: Array, seed: int) -> Array:
    """MaxEnt with linear, quadratic, hinge and product features, its penalties chosen on inner blocks (`maxent`)."""
    flags = len(_category_columns(plots))
    multipliers = [best_multiplier(_flags_last(plots, train.values), train.present, _flags_last(plots, test.values),
                                   test.present, flags) for train, test in _inner(plots, seed)]
    return np.exp(log_chances(_flags_last(plots, plots.values), plots.present, _flags_last(plots, values),
                              float(np.median(multipliers)), flags))


def _flags_last(plots: Plots, values: Array) -> Array:
    """Return `one_hot` with the columns of categories behind the numbers."""
    columns, flags = one_hot(plots, values), _category_columns(plots)
    return np.hstack([np.delete(columns, flags, 1), columns[:, flags]])


def additive(plots: Plots, values: Array, seed: int) -> Array:
    """Generalised additive model: logistic regression on cubic splines of the numbers, ridge penalty, taxon by taxon.

    Five knots at quantiles (Hastie & Tibshirani 1986; scikit-learn's splines).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer, StandardScaler

    numbers = [i for i, codes in enumerate(plots.categorical) if not codes]
    splines = SplineTransformer(KNOTS, knots="quantile", extrapolation="linear").fit(plots.values[:, numbers])

    def features(rows: Array) -> Array:
        return np.hstack([splines.transform(rows[:, numbers]), one_hot(plots, rows)[:, _category_columns(plots)]])

    model = make_pipeline(StandardScaler(), LogisticRegression(C=SPLINE_RIDGE, max_iter=500))
    return _taxon_by_taxon(model, features(plots.values), plots.present, features(values))


def forest_and_additive(plots: Plots, values: Array, seed: int) -> Array:
    """The plain mean of a random forest (smallest leaf 3) and of `additive`."""
    return (random_forest(plots, values, seed, TREES, 3) + additive(plots, values, seed)) / 2


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

RIVALS: dict[str, Baseline] = {"tuned forest": tuned_forest, "extra trees": extra_trees, "tuned MaxEnt": tuned_maxent,
                               "GAM": additive, "forest + GAM": forest_and_additive}
"""What `rivals` compares beside them."""

TUNING = (TREES, TUNING_TREES, TUNING_FOLDS, TUNING_PLOTS)
SETTINGS = {**dict.fromkeys(("tuned forest", "extra trees"), (*TUNING, FOREST_CHOICES)),
            "tuned MaxEnt": (*TUNING, *MAXENT_SETTINGS),
            **dict.fromkeys(("GAM", "forest + GAM"), (TREES, KNOTS, SPLINE_RIDGE))}
"""What scores of a rival depend on besides data and folds."""
