"""Rules that fix how many taxa a cell has and take the best: top-K, richness-K, SSE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assemblage.rule import (
    MOST_RANKED,
    RuleContext,
    below_floor,
    need_probabilities,
    no_value,
    number,
)
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.ranked import RankedScores


@dataclass(frozen=True)
class TopK:
    """The `k` best taxa of every cell, whatever their scores."""

    k: int
    id: str = "topk"

    @property
    def params(self) -> dict[str, Any]:
        return {"k": self.k}

    def sentence(self) -> Message:
        return Message("rule_topk", self.params)

    def keep(self, taxa_count: int) -> int:
        return min(self.k, taxa_count)

    def apply(self, scores: RankedScores) -> Assemblage:
        if scores.ids.shape[1] < self.k:
            raise below_floor(self, scores)
        return best(scores, np.full(len(scores), self.k))


@dataclass(frozen=True)
class RichnessK:
    """The K best taxa, K being the cell's expected richness: round(intercept + slope × Σ p), at least 0.

    With intercept 0 and slope 1 this is SSE, the Set Size Expectation of Gigot-Léandri et al. (2026, arXiv
    2602.11771). `taxa_count` taxa have probabilities; those below the floor add at most the floor each.
    """

    taxa_count: int
    intercept: float = 0.0
    slope: float = 1.0
    id: str = "sse"

    @property
    def params(self) -> dict[str, Any]:
        return {} if self.id == "sse" else {"intercept": self.intercept, "slope": self.slope}

    def sentence(self) -> Message:
        return Message(f"rule_{self.id}", self.params)

    def keep(self, taxa_count: int) -> int:
        return min(taxa_count, MOST_RANKED)

    def apply(self, scores: RankedScores) -> Assemblage:
        probability = as_probability(scores.values, scores.scale)
        total = probability.sum(axis=1)
        left_out = self.taxa_count - scores.ids.shape[1]
        size = self._size(total)
        # what was left out may add to Σ p: the size must be the same with nothing and with the most it can add
        if left_out and (np.any(self._size(total + left_out * probability[:, -1]) != size)
                         or np.any(size > scores.ids.shape[1])):
            raise below_floor(self, scores)
        return best(scores, np.minimum(size, scores.ids.shape[1]))

    def _size(self, total: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.maximum(np.rint(self.intercept + self.slope * total), 0).astype(np.int64)


def best(scores: RankedScores, sizes: NDArray[np.int64]) -> Assemblage:
    """Return the `sizes` (n,) best taxa of each cell."""
    return Assemblage.where(scores, np.arange(scores.ids.shape[1])[None, :] < sizes[:, None])


def topk(value: str, fit: RuleContext) -> TopK:
    """Make ``topk:K``."""
    k = number("topk", value)
    if k != int(k) or k < 1:
        raise EngineError("rule_value", rule="topk", value=value)
    if k >= len(fit.taxa) / 2:
        raise EngineError("rule_topk_half", k=int(k), taxa=len(fit.taxa))
    return TopK(int(k))


def sse(value: str, fit: RuleContext) -> RichnessK:
    """Make ``sse``."""
    no_value("sse", value)
    need_probabilities("sse", fit)
    return RichnessK(len(fit.taxa))


def richness_k(value: str, fit: RuleContext) -> RichnessK:
    """Make ``richnessk`` from the line that the model card fits to observed richness."""
    no_value("richnessk", value)
    need_probabilities("richnessk", fit)
    if fit.richness is None:
        raise EngineError("rule_richness_missing")
    return RichnessK(len(fit.taxa), float(fit.richness["intercept"]), float(fit.richness["slope"]), "richnessk")
