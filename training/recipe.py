"""The recipe: how an ensemble is fitted to plots, seeded, and calibrated on inner blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.calibrate import platt, probabilities
from training.datasets.plots import Plots
from training.folds import INNER_SEED, Blocks, block_folds
from training.network import Ensemble, Group
from training.parts import Forest, Linear, Mix


@dataclass(frozen=True)
class Recipe:
    """What is chosen before training. `weight_decay` is AdamW's, `batch` in plots. `inner_folds` 0 leaves the
    ensemble as it is, uncalibrated. `forest_trees` and `forest_leaf` (the smallest leaf) are those of the random
    forest with which it is compared; the leaf is tuned as well.

    Chosen on other assignments than the reported ones, or on inner blocks (``python -m training tune``).
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
    mix: Mix = field(default_factory=Mix)

    @property
    def calibrated(self) -> bool:
        """Whether a line on the logit is fitted to predictions for inner blocks."""
        return bool(self.inner_folds)

    @property
    def words(self) -> str:
        """What is trained, for the card."""
        members = sum(group.members for group in self.groups)
        if self.mix == Mix():
            return f"binary cross-entropy; mean of the logits of {members} perceptrons"
        parts = [f"{self.mix.network:.0%} {members} perceptrons"]
        if self.mix.forest:
            parts.append(f"{self.mix.forest:.0%} a random forest of {self.mix.trees} trees")
        if self.mix.linear:
            parts.append(f"{self.mix.linear:.0%} a logistic regression with squares and products")
        return f"binary cross-entropy; mean of the logits of {', '.join(parts)}"

    def fit(self, plots: Plots, seed: int) -> Fitted:
        """Return a model fitted to all `plots` (see `fit`)."""
        return fit(self, plots, seed)


@dataclass
class Fitted:
    """A fitted model: the mean logit of its parts, calibrated, as probabilities."""

    ensemble: Ensemble
    forest: Forest | None
    linear: Linear | None
    mix: Mix
    slope: float = 1.0
    shift: float = 0.0

    def logits(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the uncalibrated logits (n, taxa) of the first copy for raw predictors (n, p)."""
        return self._mixed(self.ensemble.logits(values)[0], values)

    def _mixed(self, network: NDArray[np.float32], values: NDArray[np.float32]) -> NDArray[np.float64]:
        total = self.mix.network * network.astype(np.float64)
        for weight, part in ((self.mix.forest, self.forest), (self.mix.linear, self.linear)):
            if part is not None:
                total += weight * part.logits(values)
        return total

    def scores(self, plots: Plots) -> NDArray[np.float32]:
        """Return the calibrated probabilities (n, taxa)."""
        return probabilities(self.logits(plots.values), self.slope, self.shift)

    def onnx(self, plots: Plots) -> bytes:
        """Return the ONNX file."""
        from training.graph import to_onnx

        return to_onnx(self, plots)


def fit(recipe: Recipe, plots: Plots, seed: int) -> Fitted:
    """Return a model fitted to all `plots` with binary cross-entropy, calibrated on inner blocks.

    Calibration is a line on the logit, shared by all taxa (Platt 1999). It is fitted to the predictions of copies of
    the model, trained beside it, each of which does not learn from one of the inner folds of blocks. Nothing
    outside `plots` is seen.
    """
    everything = np.ones((1, len(plots)), bool)
    if not recipe.inner_folds:
        return _parts(recipe, plots, train(recipe, plots, everything, seed), seed)
    inner = block_folds(plots.xy, recipe.blocks, INNER_SEED + seed, recipe.inner_folds)
    learnt = np.stack([everything[0], *(inner != fold for fold in range(recipe.inner_folds))])
    ensemble = train(recipe, plots, learnt, seed)
    network = ensemble.logits(plots.values)
    ensemble.keep_first()
    held_out = np.empty(plots.present.shape)
    for copy, rows in enumerate(learnt[1:], 1):
        other = _parts(recipe, plots.take(rows), ensemble, seed)
        held_out[~rows] = other._mixed(network[copy][~rows], plots.values[~rows])
    fitted = _parts(recipe, plots, ensemble, seed)
    fitted.slope, fitted.shift = platt(held_out, plots.present)
    return fitted


def _parts(recipe: Recipe, plots: Plots, ensemble: Ensemble, seed: int) -> Fitted:
    """Fit what the network is averaged with."""
    mix = recipe.mix
    forest = Forest(plots, mix.trees, recipe.forest_leaf, seed) if mix.forest else None
    return Fitted(ensemble, forest, Linear(plots) if mix.linear else None, mix)


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
