"""Sums over boxes: what every patch along one axis takes of a map of the land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Places = NDArray[np.int64]

TOGETHER = 32
"""Boxes that are summed in one matrix product: neighbours overlap, so that few of its factors are zero."""


@dataclass(frozen=True)
class Boxes:
    """The places (boxes, places of a box) of a map that each box sums, and their `weights`, alike in shape."""

    places: Places
    weights: Values

    @classmethod
    def at(cls, places: NDArray[np.float64], size: int) -> Boxes:
        """Return boxes of places of a map of `size`; one between two places is taken from both, by its distance.

        Places beyond the map count as its last ones.
        """
        below = np.floor(places)
        beside = (places - below).astype(np.float32)
        both = np.concatenate([below, below + 1], axis=1).clip(0, size - 1).astype(np.int64)
        return cls(both, np.concatenate([1 - beside, beside], axis=1))

    def dense(self, first: int, count: int, boxes: slice = slice(None)) -> Values:
        """Return the weights of the places from `first` on as a matrix (boxes, count)."""
        places, weights = self.places[boxes] - first, self.weights[boxes]
        inside = (places >= 0) & (places < count)
        matrix = np.zeros((len(places), count), np.float32)
        np.add.at(matrix, (np.nonzero(inside)[0], places[inside]), weights[inside])
        return matrix

    def add(self, values: Values, first: int, sums: Values) -> None:
        """Add to the `sums` over each box (channels, rows, boxes) what the `values` (channels, rows, places) hold.

        These are the places from `first` on.
        """
        for start in range(0, len(self.places), TOGETHER):
            boxes = slice(start, start + TOGETHER)
            there = self.places[boxes][self.weights[boxes] > 0] - first
            low, high = max(int(there.min()), 0), min(int(there.max()) + 1, values.shape[-1])
            if low < high:
                sums[..., boxes] += np.matmul(values[..., low:high], self.dense(first + low, high - low, boxes).T)

    def sums(self, values: Values) -> Values:
        """Return the sums over each box along the last axis of `values` (channels, rows, places)."""
        found = np.zeros((*values.shape[:-1], len(self.places)), np.float32)
        self.add(values, 0, found)
        return found
