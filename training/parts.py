"""What a network can be averaged with: a random forest and a logistic regression, in arrays that a graph can hold.

Both learn from the same plots as the network and give a logit for every taxon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.baselines import RIDGE, grow_forest, one_hot, presence_shares
from training.datasets.plots import Plots
from training.features import Features

Array = NDArray[np.float64]
FLOOR = 0.005
"""Shares of a forest are held within [FLOOR, 1 − FLOOR] before their logit is taken: a share of 0 has none."""


@dataclass(frozen=True)
class Mix:
    """Weights of the parts' logits: those of `network`, `forest` (of `trees` trees) and `linear`; they sum to 1."""

    network: float = 1.0
    forest: float = 0.0
    linear: float = 0.0
    trees: int = 100


class Forest:
    """A random forest for all taxa at once (scikit-learn)."""

    def __init__(self, plots: Plots, trees: int, leaf: int, seed: int) -> None:
        self.plots = plots
        self.model = grow_forest(plots, seed, trees, leaf)

    def logits(self, values: NDArray[np.float32]) -> Array:
        """Return the logit (n, taxa) of the trees' mean share."""
        share = np.clip(presence_shares(self.model, one_hot(self.plots, values)), FLOOR, 1 - FLOOR)
        return np.asarray(np.log(share / (1 - share)))

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of ONNX's TreeEnsembleRegressor that gives the mean share (cells, taxa).

        Its input is `one_hot`. Leaves in which a taxon is not there have no entry for it.
        """
        nodes: dict[str, list[Any]] = {key: [] for key in (
            "treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")}
        targets: dict[str, list[Any]] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
        trees = self.model.estimators_
        for number, tree in enumerate(trees):
            inner = tree.tree_
            leaf = inner.children_left < 0
            columns = (np.full(len(leaf), number), np.arange(len(leaf)), np.where(leaf, 0, inner.feature),
                       np.where(leaf, 0, inner.threshold), np.where(leaf, "LEAF", "BRANCH_LEQ"),
                       np.where(leaf, 0, inner.children_left), np.where(leaf, 0, inner.children_right))
            for key, column in zip(nodes, columns):
                nodes[key] += column.tolist()
            shares = _presence(inner.value, self.model.classes_)
            for node, taxon in np.argwhere((shares > 0) & leaf[:, None]):
                for key, value in zip(targets, (number, node, taxon, shares[node, taxon] / len(trees))):
                    targets[key].append(value)
        return {"n_targets": len(self.plots.taxa), "aggregate_function": "SUM", "post_transform": "NONE",
                **{f"nodes_{key}": value for key, value in nodes.items()},
                **{f"target_{key}": value for key, value in targets.items()}}


def _presence(value: Array, classes: list[NDArray[np.int_]]) -> Array:
    """Return each taxon's share (nodes, taxa) in nodes whose class shares are `value` (nodes, taxa, classes)."""
    shares = np.zeros(value.shape[:2])
    for taxon, known in enumerate(classes):
        if 1 in known:
            column = value[:, taxon, :len(known)]
            shares[:, taxon] = column[:, list(known).index(1)] / column.sum(1)
    return shares


class Linear:
    """Logistic regression, taxon by taxon, on the network's features with squares and products; ridge penalty."""

    def __init__(self, plots: Plots) -> None:
        from sklearn.linear_model import LogisticRegression

        self.features = Features(plots, products=True)
        x = self.features(torch.from_numpy(plots.values)).numpy()
        taxa = len(plots.taxa)
        self.weight = np.zeros((x.shape[1], taxa), np.float32)
        self.bias = np.log(plots.prevalence / (1 - plots.prevalence)).astype(np.float32)
        for taxon, column in enumerate(plots.present.T):
            if column.min() < column.max():
                line = LogisticRegression(C=RIDGE, max_iter=500).fit(x, column)
                self.weight[:, taxon], self.bias[taxon] = line.coef_[0], line.intercept_[0]

    def logits(self, values: NDArray[np.float32]) -> Array:
        """Return the logits (n, taxa)."""
        return np.asarray(self.features(torch.from_numpy(values)).numpy() @ self.weight + self.bias)
