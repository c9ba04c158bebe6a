"""A random forest for all taxa of an atlas at once, tuned: what the model must beat with the same inputs.

It is grown on the first principal components of the records; its leaves hold the shares of all taxa. Smallest leaf and
features tried at a split are chosen on inner blocks of the training squares (`atlas_rivals.inner`).
"""

from __future__ import annotations

from typing import Any, Union

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from training.atlas import AtlasRecipe
from training.atlas_rivals import INNER_FOLDS, explored, inner, log_effort
from training.datasets.plots import Plots
from training.metrics import mean_auc
from training.surroundings import Surroundings

Array = NDArray[np.floating[Any]]
Choice = tuple[int, Union[str, float]]

COMPONENTS, TREES, TUNING_TREES = 60, 30, 8
CHOICES: tuple[Choice, ...] = tuple((leaf, features) for leaf in (5, 10, 20, 40) for features in ("sqrt", 1 / 3))
"""Smallest leaf, and features tried at a split: of all, their square root or a third."""

SETTINGS = (COMPONENTS, TREES, TUNING_TREES, CHOICES, INNER_FOLDS)
"""What scores depend on besides data, folds and the windows of the surroundings."""


def forest(recipe: AtlasRecipe, train: Plots, test: Plots, seed: int) -> Array:
    """Return shares (n, taxa) of the squares of the leaves that hold each taxon."""
    learnt, held = inner(recipe, train, seed)
    grow = _Grown(recipe, learnt, held, seed)
    best = max(CHOICES, key=lambda choice: mean_auc(held.present, grow(TUNING_TREES, choice)))
    return _Grown(recipe, train, test, seed)(TREES, best)


class _Grown:
    """What forests on the same squares have in common."""

    def __init__(self, recipe: AtlasRecipe, train: Plots, test: Plots, seed: int) -> None:
        from sklearn.decomposition import PCA

        surroundings = Surroundings(train, recipe.windows)
        self.x, self.held = (np.c_[surroundings.of(plots).numpy(), effort]
                             for plots, effort in ((train, log_effort(train)), (test, explored(train, len(test)))))
        self.parts = PCA(min(COMPONENTS, len(train.taxa)), random_state=seed).fit_transform(train.present)
        self.present, self.seed = train.present, seed

    def __call__(self, trees: int, choice: Choice) -> Array:
        from sklearn.ensemble import RandomForestRegressor

        leaf, tried = choice
        model = RandomForestRegressor(trees, min_samples_leaf=leaf, max_features=tried, random_state=self.seed)
        model.fit(self.x, self.parts)
        shares = np.zeros((len(self.held), self.present.shape[1]), np.float32)
        for own, other in zip(model.apply(self.x).T, model.apply(self.held).T, strict=True):
            squares = csr_matrix((np.ones(len(own), np.float32), (own, np.arange(len(own)))), (own.max() + 1, len(own)))
            shares += ((squares @ self.present) / np.maximum(squares.sum(1), 1))[other]
        return shares / trees
