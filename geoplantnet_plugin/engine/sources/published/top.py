"""The best taxa of each cell, kept while the taxa come in one after the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.order import as_ordered, from_ordered

_BATCH = 256
"""Taxa taken in between two selections."""


class RunningTop:
    """The `keep` best of `taxa` scores in each of `cells` cells, exact and stable, in bounded memory.

    A score and its taxon are one 64-bit key: the score's bits, made to sort like the number, above the complement
    of the taxon's position. So the largest keys are the best scores, of equal ones the earlier taxon, in
    whatever order the taxa come. `memory` tells the bytes it takes.
    """

    def __init__(self, cells: int, taxa: int, keep: int) -> None:
        self._keep = min(keep, taxa)
        width = min(taxa, self._keep + _BATCH)
        self._keys = np.zeros((cells, width), np.uint64)
        self._filled = 0

    @staticmethod
    def memory(cells: int, taxa: int, keep: int) -> int:
        """Return the bytes that the largest moment takes: the keys and the result in the making (measured)."""
        keep = min(keep, taxa)
        return cells * (8 * min(taxa, keep + _BATCH) + 22 * keep)

    def add(self, taxon: int, scores: NDArray[np.float32]) -> None:
        """Take in the scores (cells,) of one taxon; NaN (no score) ranks below everything, −inf too."""
        if self._filled == self._keys.shape[1]:
            self._select()
        self._keys[:, self._filled] = _keys(scores, taxon)
        self._filled += 1

    def result(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return ids and values (cells, keep), best first; a taxon without a score has the value NaN."""
        self._select()
        kept = self._keys[:, :self._keep]
        kept.sort(axis=1)
        best = kept[:, ::-1]
        ids = (~best.astype(np.uint32)).astype(np.int32)
        return ids, from_ordered((best >> np.uint64(32)).astype(np.uint32))

    def _select(self) -> None:
        """Move the best keys to the front."""
        if self._filled > self._keep:
            taken = self._keys[:, :self._filled]
            taken.partition(self._filled - self._keep, axis=1)
            self._keys[:, :self._keep] = taken[:, self._filled - self._keep:].copy()
            self._filled = self._keep


def _keys(scores: NDArray[np.float32], taxon: int) -> NDArray[np.uint64]:
    ordered = as_ordered(scores + np.float32(0))  # + 0: −0 equals 0 and must sort with it
    ordered = np.where(np.isnan(scores), np.uint32(0), ordered).astype(np.uint64)
    return (ordered << np.uint64(32)) | np.uint64(0xFFFFFFFF - taxon)
