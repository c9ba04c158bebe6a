"""The contract of a score source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.quality import Quality
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from geoplantnet_plugin.engine.where.grid import Block

UNIT_ROWS = 8
"""Rows of a block that are scored together, whatever the strips: what runs together changes the last bits of scores."""


@dataclass(frozen=True)
class ScoredBlock:
    """Scores of the cells of one block for which there is enough data.

    `cells` (n,) int32 are flat positions in the block (row × width + column), ascending; `scores` has n rows;
    `outside` (n,) bool marks cells whose predictors lie outside the model's domain. `quality` says more of them, None
    for a source without predictors. `states` (taxa, 4) int64 counts the block's cells by `states.State`, None for a
    source that gives a cell all scores or none.
    """

    cells: NDArray[np.int32]
    scores: RankedScores
    outside: NDArray[np.bool_]
    quality: Quality | None = None
    states: NDArray[np.int64] | None = None


TakeScores = Callable[[NDArray[np.int32], NDArray[np.float32]], None]
"""Takes cells (n,), as `ScoredBlock` counts them, and their scores of all taxa (n, taxa)."""


class ScoreSource(Protocol):
    """Anything that scores the cells of a block: a local model, published maps. Called from two threads at once."""

    scale: Scale
    seconds: dict[str, float]
    """What took how long so far, for the manifest."""

    @property
    def strip_rows(self) -> int | None:
        """How many rows of a block it likes to score at once; None: as many as take about a second."""
        ...

    @property
    def taxa(self) -> TaxaTable:
        """The taxa in the order of the scores."""
        ...

    def score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        """Score the cells of `block` where `inside` (height, width) is true and data suffice."""
        ...


@runtime_checkable
class CompleteSource(Protocol):
    """A source that knows the score of every taxon in every cell, and can give them all."""

    strip_rows: int | None

    def each(self, block: Block, inside: NDArray[np.bool_], take: TakeScores) -> None:
        """Score as `ScoreSource.score` does and give `take` all scores, some cells at a time, from several threads."""
        ...
