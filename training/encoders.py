"""Encoders: one a modality, from raw values to `width` features. Standardisation is part of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.datasets.plots import POINT, Modality, Plots, Records
from training.features import CLIP, Features

CHANNELS = 16
SMALLEST_POOLED = 8
"""Patches from this side on are halved once between the convolutions."""


class Point(nn.Module):
    """The plot's own cell: standardised numbers and one-hot codes, two layers."""

    name = POINT

    def __init__(self, plots: Plots, width: int, dropout: float) -> None:
        super().__init__()
        self.features = Features(plots, products=False)
        self.body = nn.Sequential(nn.Linear(self.features.width, width), nn.ReLU(), nn.Dropout(dropout),
                                  nn.Linear(width, width), nn.ReLU())

    def forward(self, values: Tensor) -> Tensor:
        """Return the features (n, width) of raw predictors (n, p)."""
        return self.body(self.features(values))


class Grown(nn.Module):
    """What a patch and a series share: bands standardised over all plots and places, held within ± `CLIP`."""

    def __init__(self, modality: Modality, body: nn.Sequential) -> None:
        super().__init__()
        self.name, self.body = modality.entry.name, body
        axes = (0, *range(2, modality.values.ndim))
        shape = (-1, *[1] * (modality.values.ndim - 2))
        self.register_buffer("mean", torch.from_numpy(modality.values.mean(axes).reshape(shape)))
        self.register_buffer("spread", torch.from_numpy(modality.values.std(axes).reshape(shape)).clamp_min(1e-6))

    def forward(self, values: Tensor) -> Tensor:
        """Return the features (n, width) of raw values (n, bands, …)."""
        return self.body(((values - self.mean) / self.spread).clamp(-CLIP, CLIP))


def patch(modality: Modality, width: int, dropout: float) -> Grown:
    """A patch: two convolutions and the mean over the patch."""
    bands, *size = modality.values.shape[1:]
    halve = [nn.MaxPool2d(2)] if min(size) >= SMALLEST_POOLED else []
    return Grown(modality, nn.Sequential(
        nn.Conv2d(bands, CHANNELS, 3, padding=1), nn.ReLU(), *halve, nn.Conv2d(CHANNELS, width, 3, padding=1),
        nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout)))


def series(modality: Modality, width: int, dropout: float) -> Grown:
    """A series over one or two axes of time: a convolution, then a layer that knows the steps apart."""
    bands, *time = modality.values.shape[1:]
    convolution = {1: nn.Conv1d, 2: nn.Conv2d}[len(time)]
    return Grown(modality, nn.Sequential(
        convolution(bands, CHANNELS, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Dropout(dropout),
        nn.Linear(CHANNELS * int(np.prod(time)), width), nn.ReLU()))


KINDS = {"patch": patch, "series": series}


def encoders(plots: Plots, width: int, dropout: float) -> list[nn.Module]:
    """Return one untrained encoder for each input of `plots`."""
    point: Sequence[nn.Module] = [Point(plots, width, dropout)] if plots.predictors else []
    return [*point, *(KINDS[one.entry.kind](one, width, dropout) for one in plots.more)]


def arrays(plots: Plots | Records) -> dict[str, NDArray[np.float32]]:
    """Return every input's values by name."""
    return {POINT: plots.values, **{one.entry.name: one.values for one in plots.more}}
