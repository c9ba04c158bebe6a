"""Ranked scores: the one form in which scores travel, for 55 taxa as for 11,255."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Scale(str, Enum):
    """What a score means. `RELATIVE` scores rank taxa and mean nothing else."""

    LOGIT = "logit"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"
    RELATIVE = "relative"


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
        """Rank dense scores (n, taxa), stable: of equal scores the earlier taxon comes first."""
        order = np.argsort(-scores, axis=1, kind="stable")[:, :keep].astype(np.int32)
        return cls(order, np.take_along_axis(scores, order, axis=1), scale)
