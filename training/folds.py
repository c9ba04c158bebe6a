"""Folds: which plots are held out together. Defined here and nowhere else, so that figures can be repeated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
REPORTED = tuple(range(10))
"""Seeds of the ten assignments whose figures are reported."""

INNER_SEED = 1000
"""The inner folds of a model fitted with seed s are those of seed INNER_SEED + s: never one that is reported."""


@dataclass(frozen=True)
class Blocks:
    """Square spatial blocks: sides of `side` metres counted from `origin` (x, y) in the plots' CRS.

    Block (i, j) holds the plots with i = ⌊(x − x₀) / side⌋ and j = ⌊(y − y₀) / side⌋.
    """

    side: float
    origin: tuple[float, float] = (0.0, 0.0)

    def of(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the number (n,) of each plot's block, 0 … blocks − 1 in ascending (i, j)."""
        cells = np.floor((xy - np.asarray(self.origin)) / self.side).astype(np.int64)
        return np.asarray(np.unique(cells, axis=0, return_inverse=True)[1]).reshape(-1)


def held_places(xy: NDArray[np.float64], held: NDArray[np.float64], blocks: Blocks) -> NDArray[np.bool_]:
    """Return which of the places `xy` (n, 2) lie in a block that holds one of the places `held`."""
    number = blocks.of(np.concatenate([held, xy]))
    return np.isin(number[len(held):], number[:len(held)])


def block_folds(xy: NDArray[np.float64], blocks: Blocks, seed: int, folds: int = FOLDS) -> NDArray[np.int64]:
    """Return each plot's fold (n,): whole blocks, in the order of a seeded shuffle, each to the smallest fold."""
    block = blocks.of(xy)
    sizes = np.bincount(block)
    of_block, filled = np.empty(len(sizes), np.int64), np.zeros(folds, np.int64)
    for number in np.random.default_rng(seed).permutation(len(sizes)):
        of_block[number] = filled.argmin()
        filled[of_block[number]] += sizes[number]
    return of_block[block]


def random_folds(plots: int, seed: int, folds: int = FOLDS) -> NDArray[np.int64]:
    """Return a fold (n,) for each of `plots` plots: sizes that differ by at most one, seeded."""
    return np.random.default_rng(seed).permutation(plots) % folds
