"""Cells with the same inputs, to the bit, are scored once.

Cells finer than their predictors' pixels share values where these are classes or are taken from the nearest pixel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.block import CellValues

MOST_VALUES = 2048
"""Cells with more values than this are patches, no two of which are the same: nothing is looked for."""
WORTHWHILE = 0.8
"""Nothing is gained where more than this share of the cells are distinct."""


@dataclass(frozen=True)
class Distinct:
    """Of n cells, `first` (k,) are distinct; `which` (n,) says which of these each cell is like."""

    first: NDArray[np.int64]
    which: NDArray[np.int64]


def distinct_cells(inputs: Mapping[str, CellValues]) -> Distinct | None:
    """Return which of the cells (first axis of all `inputs`) are distinct, None where it is not worth knowing.

    Cells are compared by the sum of their bits times odd random numbers, then bit by bit.
    """
    cells, values = len(next(iter(inputs.values()))), sum(math.prod(part.shape[1:]) for part in inputs.values())
    if cells < 2 or values > MOST_VALUES:
        return None
    bits = [np.ascontiguousarray(part).reshape(cells, -1).view(np.uint32) for part in inputs.values()]
    rng = np.random.default_rng(0)
    marks = np.zeros(cells, np.uint64)
    for part in bits:
        for column in part.T:
            marks += column * (rng.integers(1 << 63, dtype=np.uint64) * np.uint64(2) + np.uint64(1))
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    if len(first) > WORTHWHILE * cells or not all((part == part[first][which]).all() for part in bits):
        return None
    return Distinct(first, which)
