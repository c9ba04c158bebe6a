"""What neighbouring squares' records say beyond the predictors: a field of corrections to the logit.

A species is often recorded more, or less, in a whole landscape than its predictors tell. The field holds, at the nodes
of a lattice and for every taxon, one Newton step towards the records around the node,

    Σ w (y − p) ÷ (Σ w p (1 − p) + λ),   w = exp(−d² ÷ 2 b²),

where y are the records of the squares learnt from, p the model's chances there at the squares' own effort, d the
distance from the node, b the bandwidth. λ holds it near 0 where little is known. It is kept as a product of `rank`
columns and read between nodes bilinearly; off the lattice it is 0. Held-out squares' records are never in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

LEAST_WEIGHT = 0.05
"""A node around which the squares' weights add up to less has no correction: the sea."""

@dataclass(frozen=True)
class Smoothing:
    """`bandwidth` b and `spacing` of the nodes in kilometres; `prior` λ; `rank`."""

    bandwidth: float
    spacing: float
    prior: float
    rank: int


@dataclass(frozen=True)
class Field:
    """`nodes` (nodes, rank) × `taxa` (rank, taxa) on a lattice: `rows` northings by `columns` eastings, in kilometres.

    The nodes of a row of the lattice follow each other.
    """

    columns: NDArray[np.float32]
    rows: NDArray[np.float32]
    spacing: float
    nodes: NDArray[np.float32]
    taxa: NDArray[np.float32]

    def at(self, place: NDArray[np.float32]) -> Tensor:
        """Return the corrections (n, taxa) at places (n, 2): easting and northing in kilometres."""
        east, north = (torch.from_numpy(tents(place[:, [i]], axis, self.spacing))
                       for i, axis in enumerate((self.columns, self.rows)))
        shares = (north[:, :, None] * east[:, None, :]).flatten(1)
        return (shares @ torch.from_numpy(self.nodes)) @ torch.from_numpy(self.taxa)


def tents(values: NDArray[np.float32], axis: NDArray[np.float32], spacing: float) -> NDArray[np.float32]:
    """Return the weights (n, nodes) of bilinear interpolation along an axis for values (n, 1)."""
    return np.maximum(1 - np.abs(values - axis) / np.float32(spacing), 0).astype(np.float32)


def fit_field(place: NDArray[np.float32], present: Tensor, chances: Tensor, smoothing: Smoothing) -> Field:
    """Return the field of squares at `place` (n, 2, kilometres) with records and chances (n, taxa)."""
    step = smoothing.spacing
    columns, rows = (np.arange(np.floor(place[:, i].min() / step), np.ceil(place[:, i].max() / step) + 1,
                               dtype=np.float32) * np.float32(step) for i in (0, 1))
    nodes = np.stack(np.meshgrid(columns, rows), -1).reshape(-1, 2)
    squared = ((nodes[:, None] - place[None]) ** 2).sum(2)
    near = np.exp(-squared / (2 * smoothing.bandwidth ** 2)).astype(np.float32)
    known = near.sum(1) > LEAST_WEIGHT
    weights = torch.from_numpy(near[known])
    steps = (weights @ (present - chances)) / (weights @ (chances * (1 - chances)) + smoothing.prior)
    basis, taxa = _low_rank(steps.numpy(), smoothing.rank)
    values = np.zeros((len(nodes), basis.shape[1]), np.float32)
    values[known] = basis
    return Field(columns, rows, step, values, taxa)


def _low_rank(steps: NDArray[np.float32], rank: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the two factors of the best approximation of `rank` columns."""
    _, vectors = np.linalg.eigh(steps @ steps.T)
    basis = np.ascontiguousarray(vectors[:, ::-1][:, :rank], np.float32)
    return basis, np.ascontiguousarray(basis.T @ steps)
