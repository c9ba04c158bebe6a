"""Entries of a block, taxon by taxon, without an array of them all being sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOGETHER = 1 << 20
"""Entries that are brought together at once."""


class ByTaxon:
    """The entries of a block, which come some cells at a time: each has a `key`, its taxon or band, and columns.

    What comes together is sorted when it comes: it fits in a processor's cache, and what has a key in some range then
    lies side by side. Two bytes a number: `key` below 65,536 takes so many.
    """

    def __init__(self) -> None:
        self._pieces: list[tuple[NDArray[Any], ...]] = []

    def add(self, key: NDArray[Any], *columns: NDArray[Any]) -> None:
        """Add entries (n,)."""
        key = key.astype(np.uint16 if key.max(initial=0) < 1 << 16 else np.int32)
        order = np.argsort(key, kind="stable")  # in linear time where two bytes are sorted
        self._pieces.append((key[order], *(column[order] for column in columns)))

    def ranges(self, bounds: Sequence[int]) -> Iterator[tuple[NDArray[Any], ...]]:
        """Yield keys and columns of the entries with keys from one bound to the next, in the order they came."""
        places = [np.searchsorted(piece[0], bounds).tolist() for piece in self._pieces]
        for number in range(len(bounds) - 1):
            parts = [[column[place[number]:place[number + 1]] for column in piece]
                     for piece, place in zip(self._pieces, places, strict=True)]
            yield tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def taxa(self, count: int) -> Iterator[tuple[NDArray[Any], ...]]:
        """Yield the entries as `ranges` does, about `TOGETHER` at a time, those of `count` taxa sorted by taxon."""
        held = np.zeros(count, np.int64)
        for piece in self._pieces:
            held += np.bincount(piece[0], minlength=count)
        if not self._pieces:
            return
        ends = np.cumsum(held)
        steps = np.searchsorted(ends, np.arange(TOGETHER, ends[-1], TOGETHER)).tolist()
        for key, *columns in self.ranges(sorted({0, *steps, count})):
            order = np.argsort(key, kind="stable")
            yield key[order], *(column[order] for column in columns)
