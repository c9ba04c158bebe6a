"""Set rules: how the taxa taken as present in a cell are chosen from its ranked scores.

A rule is one small class and one line of `RULES`; `parse_rule` turns ``NAME`` or ``NAME:VALUE`` into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage import Assemblage
from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.messages import render
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.taxa import TaxaTable

MOST_RANKED = 550
"""Ranked scores a cell that a rule without a fixed size asks for at most (estopinj/model2indicators keeps as
many); a rule that would reach below them stops with a sentence."""


class SetRule(Protocol):
    """How the assemblage of a cell is taken from its ranked scores."""

    @property
    def id(self) -> str:
        """The rule's name in `RULES`."""
        ...

    @property
    def params(self) -> dict[str, Any]:
        """What the manifest records: the parameters that, with the id, repeat the rule."""
        ...

    def sentence(self, language: str = "en") -> str:
        """What the rule does, in one sentence for people."""
        ...

    def keep(self, taxa_count: int) -> int:
        """How many ranked scores the rule needs of each cell when the score source has `taxa_count` taxa."""
        ...

    def apply(self, scores: RankedScores) -> Assemblage:
        """Return the assemblages of the n cells of `scores`.

        Raises EngineError ``rule_below_floor`` where taxa that were not kept could belong to a set.
        """
        ...


@dataclass(frozen=True)
class LambdaRule:
    """``S_λ(x) = {k : η_k(x) > λ_k}``: a taxon is present where its score exceeds its threshold.

    `thresholds` (taxa,) float32 are on the score's scale; `value` is the one λ of all taxa, None where each
    taxon has its own. Source: GeoPl@ntNet (arXiv 2511.13790) for one λ.
    """

    thresholds: NDArray[np.float32]
    value: float | None = None
    id: str = "lambda"

    @property
    def params(self) -> dict[str, Any]:
        if self.value is not None:
            return {"lambda": self.value}
        low, high = float(self.thresholds.min()), float(self.thresholds.max())
        return {"lambda": "per taxon", "min": low, "max": high}

    def sentence(self, language: str = "en") -> str:
        code = "rule_lambda_taxon" if self.value is None else "rule_lambda"
        return render(code, self.params, language)

    def keep(self, taxa_count: int) -> int:
        return min(taxa_count, MOST_RANKED)

    def apply(self, scores: RankedScores) -> Assemblage:
        self._check_floor(scores)
        return Assemblage.where(scores, scores.values > self.thresholds[scores.ids])

    def _check_floor(self, scores: RankedScores) -> None:
        """A left-out taxon scores at most the floor: it can pass only with a λ below the floor."""
        kept = scores.ids.shape[1]
        if kept == len(self.thresholds) or not len(scores):
            return
        floor = scores.values[:, -1]
        low = floor > self.thresholds.min()
        below = np.searchsorted(np.sort(self.thresholds), floor[low], side="left")
        below_kept = (self.thresholds[scores.ids[low]] < floor[low, None]).sum(axis=1)
        if np.any(below > below_kept):
            raise EngineError("rule_below_floor", rule=self.id, kept=kept, floor=float(floor.max()))


@dataclass(frozen=True)
class TopK:
    """The `k` best taxa of every cell, whatever their scores."""

    k: int
    id: str = "topk"

    @property
    def params(self) -> dict[str, Any]:
        return {"k": self.k}

    def sentence(self, language: str = "en") -> str:
        return render("rule_topk", self.params, language)

    def keep(self, taxa_count: int) -> int:
        return min(self.k, taxa_count)

    def apply(self, scores: RankedScores) -> Assemblage:
        n, kept = scores.ids.shape
        if kept < self.k:
            raise EngineError("rule_below_floor", rule=self.id, kept=kept,
                              floor=float(scores.values[:, -1].max(initial=0)))
        return Assemblage(np.arange(n + 1, dtype=np.int64) * self.k, scores.ids[:, :self.k].ravel(),
                          scores.values[:, :self.k].ravel())


def _lambda(value: str, taxa: TaxaTable, scale: Scale) -> LambdaRule:
    if value:
        one = _number("lambda", value)
        return LambdaRule(np.full(len(taxa), one, np.float32), one)
    missing = [taxon.accepted_name for taxon in taxa if taxon.lambda_ is None]
    if missing:
        raise EngineError("rule_lambda_missing", count=len(missing), total=len(taxa), first=missing[0])
    return LambdaRule(np.array([taxon.lambda_ for taxon in taxa], np.float32))


def _topk(value: str, taxa: TaxaTable, scale: Scale) -> TopK:
    k = _number("topk", value or "nothing")
    if k != int(k) or k < 1:
        raise EngineError("rule_value", rule="topk", value=value)
    if k >= len(taxa) / 2:
        raise EngineError("rule_topk_half", k=int(k), taxa=len(taxa))
    return TopK(int(k))


def _number(rule: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise EngineError("rule_value", rule=rule, value=value)
    return number


RULES: Mapping[str, Callable[[str, TaxaTable, Scale], SetRule]] = {
    "lambda": _lambda,
    "topk": _topk,
}
"""Rule name → function that makes the rule from its value's text, the taxa and the scores' scale."""


def parse_rule(text: str, taxa: TaxaTable, scale: Scale) -> SetRule:
    """Return the set rule that `text` (``lambda``, ``lambda:0.5``, ``topk:25``) names.

    Raises EngineError for an unknown name, a value that is no number, and a rule that does not fit the taxa
    or the scale.
    """
    name, _, value = text.strip().partition(":")
    if name not in RULES:
        raise EngineError("rule_unknown", rule=name, known=list(RULES))
    return RULES[name](value.strip(), taxa, scale)
