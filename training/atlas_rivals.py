"""What a model of an atlas is compared with, on the same folds: forest, MaxEnt and GAM.

All of them are told the effort, like the model, and score held-out squares at one effort for all: the geometric mean
of that of the well explored training squares. The forest sees all the model sees; MaxEnt and GAM, species by species,
the predictors of the square itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.atlas import WELL, AtlasRecipe
from training.datasets.plots import Plots
from training.surroundings import Surroundings

Array = NDArray[np.floating[Any]]
COMPONENTS, SPECIES, SPECIES_SEED = 60, 150, 12
FLOOR = 1e-4
CLASSES = (50, 100, 200, 500, 1000, 100_000)
"""Species are drawn in equal numbers from these classes of recorded squares."""

OF_SPECIES = (SPECIES, SPECIES_SEED, CLASSES)
OF_GAM, OF_MAXENT = OF_SPECIES, OF_SPECIES
"""What scores of a rival depend on besides data and folds."""


def of_forest(recipe: AtlasRecipe) -> tuple[Any, ...]:
    """Return what a forest's scores depend on besides data and folds."""
    return COMPONENTS, recipe.forest_trees, recipe.forest_leaf, recipe.windows


def drawn_species(plots: Plots) -> NDArray[np.int64]:
    """Return the columns (`SPECIES`,) of the species on which slow rivals are compared: by seed, within classes."""
    squares = plots.present.sum(0)
    rng, classes = np.random.default_rng(SPECIES_SEED), len(CLASSES) - 1
    return np.sort(np.concatenate([
        rng.choice(np.flatnonzero((squares >= low) & (squares < high)), SPECIES // classes, replace=False)
        for low, high in zip(CLASSES, CLASSES[1:], strict=False)]))


def forest(recipe: AtlasRecipe, train: Plots, test: Plots, seed: int) -> Array:
    """Return logits (n, taxa) of a random forest for all taxa at once.

    It is grown on the first principal components of the records; its leaves hold the shares of all taxa.
    """
    from scipy.sparse import csr_matrix
    from sklearn.decomposition import PCA
    from sklearn.ensemble import RandomForestRegressor

    surroundings = Surroundings(train, recipe.windows)
    x, held = (np.c_[surroundings.of(plots).numpy(), effort]
               for plots, effort in ((train, _log_effort(train)), (test, _explored(train, len(test)))))
    parts = PCA(COMPONENTS, random_state=seed).fit_transform(train.present)
    model = RandomForestRegressor(recipe.forest_trees, min_samples_leaf=recipe.forest_leaf, max_features=1 / 3,
                                  random_state=seed).fit(x, parts)
    shares = np.zeros((len(test), train.present.shape[1]), np.float32)
    for own, other in zip(model.apply(x).T, model.apply(held).T, strict=True):
        leaves = csr_matrix((np.ones(len(own), np.float32), (own, np.arange(len(own)))), (own.max() + 1, len(own)))
        shares += ((leaves @ train.present) / np.maximum(leaves.sum(1), 1))[other]
    return _logit(shares / recipe.forest_trees)


def maxent(train: Plots, test: Plots) -> Array:
    """Return logits (n, taxa) of MaxEnt (elapid; linear, quadratic and hinge features; absences are background)."""
    from elapid import MaxentModel

    x, held = _table(train, test)
    scores = np.zeros((len(test), train.present.shape[1]))
    for taxon, column in enumerate(train.present.T):
        model = MaxentModel(feature_types=["linear", "quadratic", "hinge"], n_cpus=1)
        model.fit(x, column.astype(int))
        scores[:, taxon] = model.predict(held)
    return _logit(scores)


def gam(train: Plots, test: Plots) -> Array:
    """Return logits (n, taxa) of a generalised additive model: cubic splines of every predictor, logistic, ridge."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import SplineTransformer

    x, held = _table(train, test)
    splines = SplineTransformer(5, degree=3, knots="quantile", extrapolation="linear").fit(x)
    x, held = splines.transform(x), splines.transform(held)
    model = LogisticRegression(C=1.0, max_iter=200)
    return np.stack([model.fit(x, column).decision_function(held) for column in train.present.T], 1)


def _table(train: Plots, test: Plots) -> tuple[Array, Array]:
    """Return standardised predictors with log effort of training squares, and of held-out ones as if well explored."""
    mean, spread = train.values.mean(0), train.values.std(0) + 1e-6
    return (np.c_[(train.values - mean) / spread, _log_effort(train)],
            np.c_[(test.values - mean) / spread, _explored(train, len(test))])


def _log_effort(plots: Plots) -> Array:
    if plots.effort is None:
        raise ValueError("an atlas needs the effort of its squares")
    return np.log(plots.effort)


def _explored(train: Plots, squares: int) -> Array:
    log = _log_effort(train)
    return np.full(squares, log[log >= np.log(WELL)].mean(), np.float32)


def _logit(shares: Array) -> Array:
    held = np.clip(shares, FLOOR, 1 - FLOOR)
    return np.log(held / (1 - held))
