"""The assemblage: the taxa taken as present in each cell, and the rules that take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Assemblage:
    """The taxa present in each of n cells, best first, as compressed rows.

    The taxa of cell i are ``ids[start[i]:start[i + 1]]`` (positions in the taxa table, int32) with `values`
    (float32, on the score source's scale); `start` (n + 1,) int64.
    """

    start: NDArray[np.int64]
    ids: NDArray[np.int32]
    values: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def cell(self) -> NDArray[np.int64]:
        """The cell number of every entry of `ids`."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @property
    def richness(self) -> NDArray[np.int64]:
        """The number of taxa of each cell."""
        return np.diff(self.start)
