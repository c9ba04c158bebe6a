"""The cells of a block, a few thousand at a time: what stays in a processor's cache is computed much faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage import SetRule
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.models.sharing.distinct import distinct_cells
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import RankedScores
from geoplantnet_plugin.engine.scores.source import ScoredBlock

PIECE_SCORES = 1 << 18
"""Kept scores of one piece: 2 MB as float64."""
AT_ONCE = 8
"""Pieces that may wait to be added up, so that few are in memory."""


@dataclass(frozen=True)
class Piece:
    """Some of a block's cells, by position `cells` (n,) in it, and all that is computed of them.

    `values` has (n,) for every indicator, `bounds` the layers of its uncertainty, each (n,).
    """

    cells: NDArray[np.int32]
    assemblage: Assemblage
    presences: Presences
    values: list[NDArray[Any]]
    bounds: list[tuple[NDArray[np.float32], ...]]


@dataclass(frozen=True)
class Computation:
    """The set rule and the indicators to compute."""

    rule: SetRule
    indicators: Sequence[Indicator]
    context: Context

    def pieces(self, scored: ScoredBlock, pool: Executor) -> Iterator[Piece]:
        """Yield the block's pieces in order, computed by the threads of `pool`; one even when it has no cell."""
        rows = max(1, PIECE_SCORES // max(1, scored.scores.ids.shape[1]))
        parts = [slice(start, start + rows) for start in range(0, max(1, len(scored.cells)), rows)]
        for first in range(0, len(parts), AT_ONCE):
            yield from pool.map(lambda part: self.compute(scored, part), parts[first:first + AT_ONCE])

    def compute(self, scored: ScoredBlock, part: slice) -> Piece:
        """Return the piece of the cells in `part`; cells with the same scores are worked out once."""
        scores = RankedScores(scored.scores.ids[part], scored.scores.values[part], scored.scores.scale)
        found = distinct_cells({"ids": scores.ids.view(np.float32), "values": scores.values})
        if found is None:
            return self._piece(scored.cells[part], scores)
        few = self._piece(scored.cells[part], RankedScores(scores.ids[found.first], scores.values[found.first],
                                                           scores.scale))
        return Piece(few.cells, few.assemblage.like(found.which), few.presences.like(found.which),
                     [values[found.which] for values in few.values],
                     [tuple(layer[found.which] for layer in layers) for layers in few.bounds])

    def _piece(self, cells: NDArray[np.int32], scores: RankedScores) -> Piece:
        assemblage = self.rule.apply(scores)
        presences = Presences.of(scores, len(self.context.taxa))
        values = [indicator.compute(assemblage, self.context) for indicator in self.indicators]
        bounds = [indicator.uncertainty.compute(presences, found, self.context)
                  if indicator.uncertainty and indicator.uncertainty_layers(self.context) else ()
                  for indicator, found in zip(self.indicators, values, strict=True)]
        return Piece(cells, assemblage, presences, values, bounds)
