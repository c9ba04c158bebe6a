"""The recipe: how an ensemble is fitted to plots, seeded, and calibrated on inner blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.datasets import Plots
from training.folds import Blocks, block_folds
from training.network import Ensemble, Group

INNER_SEED = 1000


@dataclass(frozen=True)
class Recipe:
    """What is chosen before training. `weight_decay` is AdamW's, `batch` in plots. `inner_folds` 0 leaves the
    ensemble as it is, uncalibrated. `forest_trees` and `forest_leaf` (the smallest leaf) are those of the random
    forest with which it is compared; the leaf is tuned as well.

    Chosen on the assignments `folds.TUNING` (``python -m training tune``), never on the reported ones.
    """

    groups: tuple[Group, ...]
    epochs: int
    learning_rate: float
    weight_decay: float
    dropout: float
    batch: int
    blocks: Blocks
    inner_folds: int
    forest_trees: int
    forest_leaf: int


def fit(recipe: Recipe, plots: Plots, seed: int) -> Ensemble:
    """Return an ensemble fitted to all `plots` with binary cross-entropy, calibrated on inner blocks.

    Calibration is a line on the logit, shared by all taxa (Platt 1999). It is fitted to the predictions of copies of
    the ensemble, trained beside it, each of which does not learn from one of the inner folds of blocks. Nothing
    outside `plots` is seen.
    """
    if not recipe.inner_folds:
        return train(recipe, plots, np.ones((1, len(plots)), bool), seed)
    inner = block_folds(plots.xy, recipe.blocks, INNER_SEED + seed, recipe.inner_folds)
    learnt = np.stack([np.ones(len(plots), bool), *(inner != fold for fold in range(recipe.inner_folds))])
    ensemble = train(recipe, plots, learnt, seed)
    with torch.no_grad():
        logits = ensemble.logits(torch.from_numpy(plots.values)).numpy()
    held_out = logits[1 + inner, np.arange(len(plots))]
    ensemble.keep_first()
    ensemble.calibrate(*platt(held_out, plots.present))
    return ensemble


def train(recipe: Recipe, plots: Plots, learnt: NDArray[np.bool_], seed: int) -> Ensemble:
    """Return copies of an ensemble; copy i learns from the plots where `learnt[i]` (copies, n) is true.

    AdamW with a cosine learning rate and a fixed number of epochs. The features are standardised over all plots.
    """
    torch.manual_seed(seed)
    ensemble = Ensemble(plots, recipe.groups, recipe.dropout, len(learnt))
    values, present = torch.from_numpy(plots.values), torch.from_numpy(plots.present)
    weight = torch.from_numpy(learnt.astype(np.float32))
    decayed = [p for name, p in ensemble.named_parameters() if ".weights." in name]
    plain = [p for name, p in ensemble.named_parameters() if ".biases." in name]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": recipe.weight_decay},
                                   {"params": plain, "weight_decay": 0.0}], lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, recipe.epochs)
    ensemble.train()
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(plots)).split(recipe.batch):
            optimiser.zero_grad()
            _loss(ensemble, values[rows], present[rows], weight[:, rows]).backward()
            optimiser.step()
        schedule.step()
    return ensemble.eval()


def _loss(ensemble: Ensemble, values: Tensor, present: Tensor, weight: Tensor) -> Tensor:
    """Return the sum over members of their own mean cross-entropy: members learn independently of each other."""
    share = (weight / weight.sum(1, keepdim=True).clamp_min(1))[:, None, :, None]
    losses = []
    for group in ensemble.groups:
        logits = group(values)
        losses.append((nn.functional.binary_cross_entropy_with_logits(
            logits, present.expand_as(logits), reduction="none") * share).sum())
    return torch.stack(losses).sum()


def platt(logits: NDArray[np.float32], present: NDArray[np.float32]) -> tuple[float, float]:
    """Return slope and shift of the line on the logit with the least cross-entropy."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=np.inf).fit(logits.reshape(-1, 1), present.ravel())
    return float(line.coef_[0, 0]), float(line.intercept_[0])
