"""Learning from an atlas: thousands of taxa in squares that were explored unequally.

The plots' inputs are the point, the patch around it, and the place: easting and northing in kilometres.

A perceptron sees a square's predictors, what lies around it (`Surroundings`) and its *effort*, log(number of taxa
recorded there). At prediction the effort is set to one stated level E, the same for every square: a square's own count
is never seen. E is the level at which, over the well explored squares learnt from, as many taxa are predicted as were
recorded. To its logit comes what the neighbours' records say beyond it (`atlas_field`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.atlas_field import Field, Smoothing, fit_field
from training.datasets.plots import Plots
from training.folds import Blocks
from training.surroundings import Surroundings

WELL = 300
"""A square with at least so many taxa recorded counts as well explored."""

LEVELS = (50.0, 2000.0)
"""E lies between these numbers of taxa."""


@dataclass(frozen=True)
class AtlasRecipe:
    """What is chosen before training. `windows` are the sides, in pixels, over which surroundings are averaged."""

    hidden: tuple[int, ...]
    members: int
    epochs: int
    learning_rate: float
    weight_decay: float
    dropout: float
    batch: int
    blocks: Blocks
    windows: tuple[int, ...]
    smoothing: Smoothing | None

    @property
    def words(self) -> str:
        """What is trained, for the card."""
        around = ", ".join(f"{side} × {side}" for side in self.windows)
        many = "a perceptron" if self.members == 1 else f"mean of the logits of {self.members} perceptrons"
        field = self.smoothing and ("; corrected by what the records of squares around say beyond it (Gaussian weights "
                                    f"of {self.smoothing.bandwidth:g} km)")
        return (f"binary cross-entropy; {many} with hidden layers of {' and '.join(map(str, self.hidden))}: a square's "
                f"predictors, their means and spreads over {around} pixels around it, the share of land there, and the "
                f"effort{field or ''}")

    def fit(self, plots: Plots, seed: int) -> FittedAtlas:
        """Return a model fitted to all `plots`."""
        return fit(self, plots, seed)


@dataclass
class FittedAtlas:
    """A fitted model: the mean logit of its members at effort `level`, with the field's correction, as probabilities.

    `effort_mean` and `effort_spread` standardise log(effort).
    """

    surroundings: Surroundings
    members: list[nn.Sequential]
    effort_mean: float
    effort_spread: float
    level: float = 0.0
    field: Field | None = None

    def effort_at(self, levels: NDArray[np.floating[Any]]) -> Tensor:
        """Return the standardised efforts (n, 1) of numbers of taxa (n,)."""
        return torch.from_numpy(((np.log(levels) - self.effort_mean) / self.effort_spread).astype(np.float32))[:, None]

    @torch.no_grad()
    def network(self, features: Tensor, levels: NDArray[np.floating[Any]]) -> Tensor:
        """Return the members' mean logit (n, taxa) at efforts of `levels` (n,) taxa."""
        x = torch.cat([features, self.effort_at(levels)], 1)
        total = self.members[0](x)
        for member in self.members[1:]:
            total += member(x)
        return total / len(self.members)

    def logits(self, plots: Plots) -> Tensor:
        """Return the logits (n, taxa) of being recorded, at the model's level of effort."""
        total = self.network(self.surroundings.of(plots), np.full(len(plots), self.level))
        return total if self.field is None else total + self.field.at(plots.more[1].values)

    def scores(self, plots: Plots) -> NDArray[np.float32]:
        """Return the chances (n, taxa) of being recorded, at the model's level of effort."""
        return torch.sigmoid(self.logits(plots)).numpy()

    def onnx(self, plots: Plots) -> bytes:
        """Return the ONNX file."""
        from training.atlas_graph import atlas_to_onnx

        return atlas_to_onnx(self, plots)


def fit(recipe: AtlasRecipe, plots: Plots, seed: int) -> FittedAtlas:
    """Return a model fitted to all `plots`, with its level of effort chosen on them."""
    if plots.effort is None:
        raise ValueError("an atlas needs the effort of its squares")
    surroundings = Surroundings(plots, recipe.windows)
    effort = np.log(plots.effort)
    fitted = FittedAtlas(surroundings, [], float(effort.mean()), float(effort.std()) or 1.0)
    features, present = surroundings.of(plots), torch.from_numpy(plots.present)
    x = torch.cat([features, fitted.effort_at(plots.effort)], 1)
    fitted.members = [_train(recipe, x, present, recipe.members * seed + number) for number in range(recipe.members)]
    if recipe.smoothing:
        chances = torch.sigmoid(fitted.network(features, plots.effort))
        fitted.field = fit_field(plots.more[1].values, present, chances, recipe.smoothing)
    fitted.level = effort_level(fitted, plots)
    return fitted


def effort_level(fitted: FittedAtlas, plots: Plots) -> float:
    """Return the whole number E at which the mean predicted richness of well explored squares is the one recorded."""
    well = plots.take(np.asarray(plots.effort) >= WELL)
    recorded, features = float(well.present.sum(1).mean()), fitted.surroundings.of(well)
    correction = fitted.field.at(well.more[1].values) if fitted.field else torch.zeros(1)
    low, high = LEVELS
    while high - low > 1:
        middle = (low + high) / 2
        richness = torch.sigmoid(fitted.network(features, np.full(len(well), middle)) + correction).sum(1).mean()
        low, high = (middle, high) if float(richness) < recorded else (low, middle)
    return float(round(high))


def _train(recipe: AtlasRecipe, x: Tensor, present: Tensor, seed: int) -> nn.Sequential:
    """Return a perceptron: AdamW, one cycle of the learning rate, a fixed number of epochs."""
    torch.manual_seed(seed)
    network = _network(recipe, x.shape[1], present)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * -(-len(x) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.learning_rate, total_steps=steps, pct_start=0.15)
    network.train()
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(x)).split(recipe.batch):
            logits = network(x[rows])
            optimiser.zero_grad()
            # the gradient of the cross-entropy by hand: no array of losses, a third of the time
            logits.backward(torch.sigmoid(logits.detach()).sub_(present[rows]).div_(len(rows)))
            optimiser.step()
            schedule.step()
    return network.eval()


def _network(recipe: AtlasRecipe, inputs: int, present: Tensor) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width in recipe.hidden:
        layers += [nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(recipe.dropout)]
        inputs = width
    head = nn.Linear(inputs, present.shape[1])
    with torch.no_grad():
        head.bias.copy_(torch.logit((present.sum(0) + 0.5) / (len(present) + 1)))
    return nn.Sequential(*layers, head)
