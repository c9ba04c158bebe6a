"""MaxExp: the set with the largest expected F1."""

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
)
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assemblage.sizes import best
from geoplantnet_plugin.engine.scores.probability import as_probability
from geoplantnet_plugin.engine.scores.ranked import RankedScores

CHUNK_BYTES = 64 * 1024**2


@dataclass(frozen=True)
class MaxExp:
    """The best taxa of a cell, as many as maximise the expected F1 (Sørensen index) with the taxa present.

    Gigot-Léandri et al. (2026, arXiv 2602.11771). Presences are taken as independent, given the probabilities;
    then the best set of every size holds the best-scored taxa, and its expectation is computed exactly (Ye et al.
    2012, "Optimizing F-measure: a tale of two approaches", arXiv 1206.4625).
    """

    taxa_count: int
    id: str = "maxexp"

    @property
    def params(self) -> dict[str, Any]:
        return {"metric": "F1"}

    def sentence(self) -> Message:
        return Message("rule_maxexp", self.params)

    def keep(self, taxa_count: int) -> int:
        return taxa_count

    def apply(self, scores: RankedScores) -> Assemblage:
        if scores.ids.shape[1] < self.taxa_count:
            raise below_floor(self, scores)
        probability = as_probability(scores.values, scores.scale)
        chunk = max(1, CHUNK_BYTES // (8 * (self.taxa_count + 1) ** 2))
        sizes = [expected_f1(probability[i:i + chunk]).argmax(axis=1) for i in range(0, len(scores), chunk)]
        return best(scores, np.concatenate(sizes) if sizes else np.zeros(0, np.int64))


def expected_f1(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return E[F1] (n, m + 1) of taking the first k = 0 … m taxa, for probabilities (n, m) in descending order.

    F1 of an empty set is 1 when no taxon is present, else 0. E[F1_k] = Σ_a P(TP_k = a) · 2a · E[1 / (k + a + R)],
    R being the present taxa outside the set; both factors follow by recursion over k.
    """
    n, m = probability.shape
    hits = _hits(probability)
    result = np.empty((n, m + 1))
    # inverse[:, s] = E[1 / (s + R)] for s ≥ 1, at first with nothing outside the set
    inverse = np.broadcast_to(1.0 / np.maximum(np.arange(2 * m + 2), 1), (n, 2 * m + 2)).copy()
    for k in range(m, 0, -1):
        counts = np.arange(k + 1)
        result[:, k] = (hits[:, k, :k + 1] * 2 * counts * inverse[:, k + counts]).sum(axis=1)
        p = probability[:, k - 1, None]
        inverse[:, 1:-1] = p * inverse[:, 2:] + (1 - p) * inverse[:, 1:-1]
    result[:, 0] = np.prod(1 - probability, axis=1)
    return result


def _hits(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(TP_k = a) (n, k, a) of the present taxa among the first k."""
    n, m = probability.shape
    hits = np.zeros((n, m + 1, m + 1))
    hits[:, 0, 0] = 1.0
    for k in range(1, m + 1):
        p = probability[:, k - 1, None]
        hits[:, k, :k + 1] = (1 - p) * hits[:, k - 1, :k + 1]
        hits[:, k, 1:k + 1] += p * hits[:, k - 1, :k]
    return hits


def maxexp(value: str, fit: RuleContext) -> MaxExp:
    """Make ``maxexp``; it needs all scores of a cell."""
    no_value("maxexp", value)
    need_probabilities("maxexp", fit)
    if len(fit.taxa) > MOST_RANKED:
        raise EngineError("rule_needs_all", rule="maxexp", taxa=len(fit.taxa), most=MOST_RANKED)
    return MaxExp(len(fit.taxa))
