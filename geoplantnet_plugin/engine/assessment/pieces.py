"""The cells of a block, a few thousand at a time: what stays in a processor's cache is computed much faster."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
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

AT_ONCE = 4
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

    def pieces(self, scored: Iterable[ScoredBlock], pool: Executor) -> Iterator[tuple[ScoredBlock, Piece]]:
        """Yield what is computed of `scored` in its order, by the threads of `pool`; few wait to be added up."""
        waiting: deque[tuple[ScoredBlock, Future[Piece]]] = deque()
        for some in scored:
            waiting.append((some, pool.submit(self.compute, some)))
            if len(waiting) == AT_ONCE:
                done, piece = waiting.popleft()
                yield done, piece.result()
        for done, piece in waiting:
            yield done, piece.result()

    def compute(self, scored: ScoredBlock) -> Piece:
        """Return the piece of some cells; those with the same scores are worked out once."""
        scores = scored.scores
        found = distinct_cells({"ids": scores.ids.view(np.float32), "values": scores.values})
        if found is None:
            return self._piece(scored.cells, scores)
        few = self._piece(scored.cells, RankedScores(scores.ids[found.first], scores.values[found.first],
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
