"""What a perceptron sees of a square: its predictors, and those of the land around it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from training.datasets.plots import Plots

CLIP = 4.0
"""Standardised numbers are held within ± this many standard deviations."""

CHUNK = 1024


class Surroundings(nn.Module):
    """Point (n, p) and patch (n, p, side, side) → standardised numbers: the point's, and of each window mean, standard
    deviation and share of land. Missing pixels count for nothing.
    """

    def __init__(self, plots: Plots, windows: Sequence[int]) -> None:
        super().__init__()
        patch = plots.more[0]
        self.windows, self.missing, self.side = tuple(windows), float(patch.entry.missing or 0), patch.values.shape[-1]
        values = torch.from_numpy(plots.values)
        self.register_buffer("mean", values.mean(0))
        self.register_buffer("spread", values.std(0).clamp_min(1e-6))
        raw = torch.cat([self.raw(values[i:i + CHUNK], torch.from_numpy(patch.values[i:i + CHUNK]))
                         for i in range(0, len(values), CHUNK)])
        self.register_buffer("centre", raw.mean(0))
        self.register_buffer("width", raw.std(0).clamp_min(1e-6))

    def raw(self, point: Tensor, patch: Tensor) -> Tensor:
        """Return the numbers (n, p · (1 + 2 · windows) + windows) before they are standardised over the squares."""
        parts = [(point - self.mean) / self.spread]
        known = (patch > self.missing + 1).float()
        scaled = (patch - self.mean[:, None, None]) / self.spread[:, None, None] * known
        for window in self.windows:
            start = (self.side - window) // 2
            rows = slice(start, start + window)
            there, inside = known[:, :, rows, rows], scaled[:, :, rows, rows]
            count = there.sum((2, 3)).clamp_min(1)
            mean = inside.sum((2, 3)) / count
            spread = ((inside * inside).sum((2, 3)) / count - mean * mean).clamp_min(0).sqrt()
            parts += [mean, spread, there[:, :1].mean((2, 3))]
        return torch.cat(parts, 1)

    def forward(self, point: Tensor, patch: Tensor) -> Tensor:
        """Return the features (n, width), held within ± `CLIP`."""
        return ((self.raw(point, patch) - self.centre) / self.width).clamp(-CLIP, CLIP)

    @torch.no_grad()
    def of(self, plots: Plots) -> Tensor:
        """Return the features of plots."""
        patch = plots.more[0].values
        return torch.cat([self(torch.from_numpy(plots.values[i:i + CHUNK]), torch.from_numpy(patch[i:i + CHUNK]))
                          for i in range(0, len(plots), CHUNK)])
