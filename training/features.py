"""Features: what the perceptrons and the logistic regression see of a plot's raw predictors."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from training.datasets.plots import Plots

CLIP = 6.0
"""Standardised features are held within ± this many standard deviations, so that nothing explodes far outside the
plots."""


class Features(nn.Module):
    """Raw predictors (n, p) → standardised numbers and one-hot codes, optionally with all pairwise products.

    A code that was not there in training gives zeros.
    """

    def __init__(self, plots: Plots, products: bool) -> None:
        super().__init__()
        self.numbers = [i for i, codes in enumerate(plots.categorical) if not codes]
        self.codes = {i: codes for i, codes in enumerate(plots.categorical) if codes}
        self.products = products
        self.pairs = list(zip(*np.triu_indices(len(self.numbers)))) if products else []
        numbers = torch.from_numpy(plots.values[:, self.numbers])
        self.register_buffer("mean", numbers.mean(0))
        self.register_buffer("spread", numbers.std(0).clamp_min(1e-6))
        squared = self._pairwise((numbers - self.mean) / self.spread)
        self.register_buffer("product_mean", squared.mean(0))
        self.register_buffer("product_spread", squared.std(0).clamp_min(1e-6) if self.pairs else squared[0])

    @property
    def width(self) -> int:
        """The number of features."""
        return len(self.numbers) + len(self.pairs) + sum(len(codes) for codes in self.codes.values())

    def _pairwise(self, numbers: Tensor) -> Tensor:
        if not self.pairs:
            return numbers[:, :0]
        first, second = (list(side) for side in zip(*self.pairs))
        return numbers[:, first] * numbers[:, second]

    def forward(self, values: Tensor) -> Tensor:
        """Return the features (n, width)."""
        numbers = (values[:, self.numbers] - self.mean) / self.spread
        parts = [numbers.clamp(-CLIP, CLIP)]
        if self.pairs:
            squared = (self._pairwise(numbers) - self.product_mean) / self.product_spread
            parts.append(squared.clamp(-CLIP, CLIP))
        for column, codes in self.codes.items():
            parts.append((values[:, column, None] == torch.tensor(codes, dtype=torch.float32)).float())
        return torch.cat(parts, 1)
