"""The recipe: how an ensemble is fitted to plots, seeded, and calibrated on inner blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.datasets import Plots
from training.folds import Blocks, block_folds
from training.network import Ensemble, Group

INNER_FOLDS = 3
INNER_SEED = 1000


@dataclass(frozen=True)
class Recipe:
    """What is chosen before training. `weight_decay` is AdamW's; `batch` 0 takes all plots at once.

    Chosen on the assignments `folds.TUNING` (``python -m training tune``), never on the reported ones.
    """

    groups: tuple[Group, ...]
    epochs: int
    learning_rate: float
    weight_decay: float
    dropout: float
    batch: int
    blocks: Blocks


def fit(recipe: Recipe, plots: Plots, seed: int) -> Ensemble:
    """Return an ensemble fitted to all `plots` with binary cross-entropy, calibrated on inner blocks.

    Calibration is a line on the logit, shared by all taxa (Platt 1999), fitted to predictions for inner held-out
    blocks of these plots; nothing outside `plots` is seen.
    """
    ensemble = fit_uncalibrated(recipe, plots, seed)
    ensemble.calibrate(*_calibration(recipe, plots, seed))
    return ensemble


def fit_uncalibrated(recipe: Recipe, plots: Plots, seed: int) -> Ensemble:
    """Return an ensemble fitted to all `plots`: AdamW, cosine learning rate, a fixed number of epochs."""
    torch.manual_seed(seed)
    ensemble = Ensemble(plots, recipe.groups, recipe.dropout)
    values, present = torch.from_numpy(plots.values), torch.from_numpy(plots.present)
    decayed = [p for name, p in ensemble.named_parameters() if ".weights." in name]
    plain = [p for name, p in ensemble.named_parameters() if ".biases." in name]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": recipe.weight_decay},
                                   {"params": plain, "weight_decay": 0.0}], lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, recipe.epochs)
    size = recipe.batch or len(plots)
    ensemble.train()
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(plots)).split(size):
            optimiser.zero_grad()
            _loss(ensemble, values[rows], present[rows]).backward()
            optimiser.step()
        schedule.step()
    return ensemble.eval()


def _loss(ensemble: Ensemble, values: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """Return the sum over members of their own mean cross-entropy: members learn independently of each other."""
    losses = []
    for group in ensemble.groups:
        logits = group(values)
        losses.append(nn.functional.binary_cross_entropy_with_logits(logits, present.expand_as(logits)) * len(logits))
    return torch.stack(losses).sum() * present.shape[1]


def _calibration(recipe: Recipe, plots: Plots, seed: int) -> tuple[float, float]:
    folds = block_folds(plots.xy, recipe.blocks, INNER_SEED + seed, INNER_FOLDS)
    logits = np.empty_like(plots.present)
    for fold in range(INNER_FOLDS):
        held = folds == fold
        ensemble = fit_uncalibrated(recipe, plots.take(~held), seed)
        with torch.no_grad():
            logits[held] = ensemble.logits(torch.from_numpy(plots.values[held])).numpy()
    return platt(logits, plots.present)


def platt(logits: NDArray[np.float32], present: NDArray[np.float32]) -> tuple[float, float]:
    """Return slope and shift of the line on the logit with the least cross-entropy."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=np.inf).fit(logits.reshape(-1, 1), present.ravel())
    return float(line.coef_[0, 0]), float(line.intercept_[0])
