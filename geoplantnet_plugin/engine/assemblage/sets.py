"""The assemblage: the taxa taken as present in each cell, and the rules that take them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.ranked import RankedScores


@dataclass(frozen=True)
class Assemblage:
    """The taxa present in each of n cells, best first, as compressed rows.

    The taxa of cell i are ``ids[start[i]:start[i + 1]]`` (positions in the taxa table, int32) with `values`
    (float32, on the score source's scale); `start` (n + 1,) int64.
    """

    start: NDArray[np.int64]
    ids: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def where(cls, scores: RankedScores, present: NDArray[np.bool_]) -> Assemblage:
        """Return the assemblages that hold the ranked taxa where `present` (n, keep) is true.

        A taxon without a score (−inf: below the floor, NaN: missing) belongs to none.
        """
        present = present & np.isfinite(scores.values)
        start = np.zeros(len(scores) + 1, np.int64)
        np.cumsum(present.sum(axis=1), out=start[1:])
        return cls(start, scores.ids[present], scores.values[present])

    def __len__(self) -> int:
        return len(self.start) - 1

    def take(self, cells: NDArray[np.bool_]) -> Assemblage:
        """Return the assemblages of the cells where `cells` (n,) is true."""
        entries = np.repeat(cells, self.richness)
        start = np.concatenate([[0], np.cumsum(self.richness[cells])])
        return Assemblage(start, self.ids[entries], self.values[entries])

    def like(self, which: NDArray[np.int64]) -> Assemblage:
        """Return the assemblages of cells of which each is like the cell that `which` (n,) says."""
        counts = self.richness[which]
        start = np.concatenate([[0], np.cumsum(counts)])
        entries = np.arange(start[-1]) + np.repeat(self.start[which] - start[:-1], counts)
        return Assemblage(start, self.ids[entries], self.values[entries])

    @cached_property
    def cell(self) -> NDArray[np.int64]:
        """The cell number of every entry of `ids`."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @cached_property
    def richness(self) -> NDArray[np.int64]:
        """The number of taxa of each cell."""
        return np.diff(self.start)

    def sum(self, entries: NDArray[Any]) -> NDArray[np.float64]:
        """Return the sum (n,) over each cell of `entries`, one number for each of `ids`; 0 if empty."""
        return self._reduce(np.add, entries.astype(np.float64), 0.0)

    def max(self, entries: NDArray[Any], empty: Any) -> NDArray[Any]:
        """Return the largest (n,) of `entries` in each cell, `empty` for an empty one."""
        return self._reduce(np.maximum, entries, empty)

    def _reduce(self, ufunc: np.ufunc, entries: NDArray[Any], empty: Any) -> NDArray[Any]:
        # reduceat gives nonsense for empty slices; without them the other starts delimit the same slices
        filled = self.richness > 0
        result = np.full(len(self), empty, entries.dtype)
        if filled.any():
            result[filled] = ufunc.reduceat(entries, self.start[:-1][filled])
        return result
