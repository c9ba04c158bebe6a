"""What a model of an atlas is compared with, on the same folds: MaxEnt and GAM here, a forest in `atlas_forest`.

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
from training.folds import INNER_SEED, block_folds
from training.maxent import SETTINGS as MAXENT_SETTINGS
from training.maxent import best_multiplier, log_chances

Array = NDArray[np.floating[Any]]
SPECIES, SPECIES_SEED = 150, 12
CLASSES = (50, 100, 200, 500, 1000, 100_000)
"""Species are drawn in equal numbers from these classes of recorded squares."""

KNOTS, RIDGE = 5, 1.0
INNER_FOLDS = 3
"""Rivals are tuned on one of so many folds of the training blocks, by the model of the others."""

OF_SPECIES = (SPECIES, SPECIES_SEED, CLASSES)
OF_GAM = (*OF_SPECIES, KNOTS, RIDGE)
OF_MAXENT = (*OF_SPECIES, INNER_FOLDS, *MAXENT_SETTINGS)
"""What scores of a rival depend on besides data and folds."""


def drawn_species(plots: Plots) -> NDArray[np.int64]:
    """Return the columns (`SPECIES`,) of the species on which slow rivals are compared: by seed, within classes."""
    squares = plots.present.sum(0)
    rng, classes = np.random.default_rng(SPECIES_SEED), len(CLASSES) - 1
    return np.sort(np.concatenate([
        rng.choice(np.flatnonzero((squares >= low) & (squares < high)), SPECIES // classes, replace=False)
        for low, high in zip(CLASSES, CLASSES[1:], strict=False)]))


def maxent(recipe: AtlasRecipe, train: Plots, test: Plots, seed: int) -> Array:
    """Return log chances (n, taxa) of MaxEnt (`training.maxent`), its penalties tuned on `inner` blocks."""
    learnt, held = inner(recipe, train, seed)
    x, there = table(learnt, held)
    multiplier = best_multiplier(x, learnt.present, there, held.present)
    x, there = table(train, test)
    return log_chances(x, train.present, there, multiplier)


def inner(recipe: AtlasRecipe, train: Plots, seed: int) -> tuple[Plots, Plots]:
    """Return training squares to learn from, and the well explored ones of the blocks held out to choose by."""
    held = block_folds(train.xy, recipe.blocks, INNER_SEED + seed, INNER_FOLDS) == 0
    return train.take(~held), train.take(held & (np.asarray(train.effort) >= WELL))


def gam(train: Plots, test: Plots) -> Array:
    """Return logits (n, taxa) of a generalised additive model: cubic splines of every predictor, logistic, ridge."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import SplineTransformer

    x, held = table(train, test)
    splines = SplineTransformer(KNOTS, degree=3, knots="quantile", extrapolation="linear").fit(x)
    x, held = splines.transform(x), splines.transform(held)
    model = LogisticRegression(C=RIDGE, max_iter=200)
    return np.stack([model.fit(x, column).decision_function(held) for column in train.present.T], 1)


def table(train: Plots, test: Plots) -> tuple[Array, Array]:
    """Return standardised predictors with log effort of training squares, and of held-out ones as if well explored."""
    mean, spread = train.values.mean(0), train.values.std(0) + 1e-6
    return (np.c_[(train.values - mean) / spread, log_effort(train)],
            np.c_[(test.values - mean) / spread, explored(train, len(test))])


def log_effort(plots: Plots) -> Array:
    """Return the logarithm of the number of taxa recorded (n,)."""
    if plots.effort is None:
        raise ValueError("an atlas needs the effort of its squares")
    return np.log(plots.effort)


def explored(train: Plots, squares: int) -> Array:
    """Return the mean log effort of the well explored training squares, for each of `squares`."""
    log = log_effort(train)
    return np.full(squares, log[log >= np.log(WELL)].mean(), np.float32)
