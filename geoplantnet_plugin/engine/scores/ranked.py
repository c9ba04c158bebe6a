"""Ranked scores: the one form in which scores travel, for 55 taxa as for 11,255."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.order import as_ordered, from_ordered


class Scale(str, Enum):
    """What a score means. `RELATIVE` scores rank taxa and mean nothing else."""

    LOGIT = "logit"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"
    RELATIVE = "relative"


POSITION_BITS = 20
MOST_ROWS = 1 << 12
"""Row (12 bits), score (32) and taxon (20) make one integer, which sorts faster than rows of scores."""

SAMPLED = 8
"""Of so many scores one tells roughly where the best begin."""


@dataclass(frozen=True)
class RankedScores:
    """The `keep` best taxa of each of `n` cells, best first.

    `ids` (n, keep) int32 are positions in the taxa table; `values` (n, keep) float32 are scores on `scale`,
    descending along each row. With ``keep == number of taxa`` nothing is left out; otherwise the last column
    is the cell's *floor*: nothing below it is known and no set rule may run below it. A source that knows some
    taxa of a cell only as low gives them −inf, those it does not know NaN: both rank behind all others.
    """

    ids: NDArray[np.int32]
    values: NDArray[np.float32]
    scale: Scale

    def __len__(self) -> int:
        return int(self.ids.shape[0])

    @classmethod
    def from_dense(cls, scores: NDArray[np.float32], keep: int, scale: Scale) -> RankedScores:
        """Rank dense scores (n, taxa); of equal scores the earlier taxon comes first."""
        if not keep < scores.shape[1] < 1 << POSITION_BITS:
            return cls(*_sorted(scores, keep), scale)
        parts = [_best(scores[start:start + MOST_ROWS], keep) for start in range(0, max(1, len(scores)), MOST_ROWS)]
        return cls(np.concatenate([ids for ids, _ in parts]), np.concatenate([values for _, values in parts]), scale)


def _sorted(scores: NDArray[np.float32], keep: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    falling = np.float32(0) - scores  # without −0, which equals 0 but not in its bits
    ids = np.argsort(falling, axis=1, kind="stable")[:, :keep].astype(np.int32)
    return ids, np.take_along_axis(scores, ids, axis=1)


def _best(scores: NDArray[np.float32], keep: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return positions and values (n, keep) of each row's largest scores, as a stable sort gives them.

    A sample of the row says above which value about `keep` lie; only what is no smaller is sorted, as integers of row,
    value and position. Where the sample guessed too high, or of too many NaN, the row is sorted as a whole.
    """
    rows, taxa = scores.shape
    expected = keep / SAMPLED
    sample = -scores[:, ::SAMPLED]
    rank = min(int(expected + 3 * expected ** 0.5) + 1, sample.shape[1] - 1)
    among = scores >= -np.partition(sample, rank, axis=1)[:, rank:rank + 1]
    counts = np.count_nonzero(among, axis=1)
    rest = counts < keep
    among[rest] = False
    counts[rest] = 0
    flat = np.flatnonzero(among)
    row = np.repeat(np.arange(rows, dtype=np.uint64), counts)
    position = flat.astype(np.uint64) - row * np.uint64(taxa)
    keys = row << np.uint64(32 + POSITION_BITS) | _rising(scores.ravel()[flat]) << np.uint64(POSITION_BITS) | position
    keys.sort()
    best = keys[(np.cumsum(counts) - counts)[~rest, np.newaxis] + np.arange(keep)]
    ids, values = np.empty((rows, keep), np.int32), np.empty((rows, keep), np.float32)
    ids[~rest] = best & np.uint64((1 << POSITION_BITS) - 1)
    values[~rest] = _scores(best >> np.uint64(POSITION_BITS))
    ids[rest], values[rest] = _sorted(scores[rest], keep)
    return ids, values


def _rising(scores: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return integers of 32 bits that rise as scores fall."""
    return as_ordered(np.float32(0) - scores).astype(np.uint64)  # not −scores: 0 and −0 must be one


def _scores(rising: NDArray[np.uint64]) -> NDArray[np.float32]:
    """Return the scores of the last 32 bits of such integers."""
    return np.float32(0) - from_ordered(rising.astype(np.uint32))
