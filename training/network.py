"""The network: many small multi-label perceptrons side by side, averaged.

All taxa share the hidden layers, so that rare ones learn from the gradients of common ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.datasets.plots import Plots
from training.features import Features


@dataclass(frozen=True)
class Group:
    """`members` perceptrons of `layers` hidden layers, `hidden` wide; `products` adds squares and products."""

    members: int
    hidden: int
    layers: int
    products: bool


class Members(nn.Module):
    """The perceptrons of a group, trained at once: weights (copies × members, in, out)."""

    def __init__(self, plots: Plots, group: Group, dropout: float, copies: int) -> None:
        super().__init__()
        self.features = Features(plots, group.products)
        self.dropout, self.copies = dropout, copies
        count = copies * group.members
        widths = [self.features.width, *[group.hidden] * group.layers, len(plots.taxa)]
        gains = [1.0] * group.layers + [0.5]
        self.weights = nn.ParameterList(
            torch.randn(count, a, b) * gain * (2 / a) ** 0.5 for a, b, gain in zip(widths, widths[1:], gains))
        self.biases = nn.ParameterList(torch.zeros(count, 1, b) for b in widths[1:])
        with torch.no_grad():
            self.biases[-1] += torch.logit(torch.from_numpy(plots.prevalence))

    def forward(self, values: Tensor) -> Tensor:
        """Return the logits of every member (copies, members, n, taxa)."""
        x = self.features(values).expand(len(self.weights[0]), -1, -1)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, x, weight)
            if layer < len(self.weights) - 1:
                x = nn.functional.dropout(torch.relu(x), self.dropout, self.training)
        return x.unflatten(0, (self.copies, -1))

    @torch.no_grad()
    def keep_first(self) -> None:
        """Drop all copies but the first."""
        for parameters in (self.weights, self.biases):
            for i, parameter in enumerate(parameters):
                parameters[i] = nn.Parameter(parameter[:len(parameter) // self.copies].clone())
        self.copies = 1


class Ensemble(nn.Module):
    """The mean logit of several groups, each the mean of its members.

    While it is trained it may hold `copies` of itself, which see different plots (`recipe.fit`).
    """

    def __init__(self, plots: Plots, groups: Sequence[Group], dropout: float, copies: int = 1) -> None:
        super().__init__()
        self.groups = nn.ModuleList(Members(plots, group, dropout, copies) for group in groups)

    def keep_first(self) -> None:
        """Drop all copies but the first."""
        for group in self.groups:
            group.keep_first()

    @torch.no_grad()
    def logits(self, values: NDArray[np.float32], chunk: int = 4096) -> NDArray[np.float32]:
        """Return the mean logit of every copy (copies, n, taxa) for raw predictors (n, p)."""
        self.eval()
        parts = [torch.stack([group(torch.from_numpy(values[i:i + chunk])).mean(1) for group in self.groups]).mean(0)
                 for i in range(0, len(values), chunk)]
        return torch.cat(parts, 1).numpy()
