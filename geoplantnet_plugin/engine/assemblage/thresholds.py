"""Rules with a threshold on the score: λ, and conformal sets, whose λ is calibrated on held-out data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assemblage.rule import MOST_RANKED, RuleContext, below_floor, number
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.scores.ranked import RankedScores

TOO_WIDE = 2.0
"""A conformal set with more taxa than this many times the observed richness is too wide to map."""


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
        low, high = (round(float(bound), 4) for bound in (self.thresholds.min(), self.thresholds.max()))
        return {"lambda": "per taxon", "min": low, "max": high}

    def sentence(self) -> Message:
        return Message("rule_lambda_taxon" if self.value is None else "rule_lambda", self.params)

    def keep(self, taxa_count: int) -> int:
        return min(taxa_count, MOST_RANKED)

    def apply(self, scores: RankedScores) -> Assemblage:
        if _reaches_below(scores, self.thresholds):
            raise below_floor(self, scores)
        return Assemblage.where(scores, scores.values > self.thresholds[scores.ids])


def _reaches_below(scores: RankedScores, thresholds: NDArray[np.float32]) -> bool:
    """Whether a left-out taxon, which scores at most the floor, may pass: its λ would lie below the floor."""
    if scores.ids.shape[1] == len(thresholds) or not len(scores):
        return False
    floor = scores.values[:, -1]
    low = floor > thresholds.min()
    below = np.searchsorted(np.sort(thresholds), floor[low], side="left")
    below_kept = (thresholds[scores.ids[low]] < floor[low, None]).sum(axis=1)
    return bool(np.any(below > below_kept))


def one_lambda_or_each(value: str, fit: RuleContext) -> LambdaRule:
    """Make ``lambda`` (each taxon's own) or ``lambda:VALUE``."""
    if value:
        one = number("lambda", value)
        return LambdaRule(np.full(len(fit.taxa), one, np.float32), one)
    missing = [taxon.accepted_name for taxon in fit.taxa if taxon.lambda_ is None]
    if missing:
        raise EngineError("rule_lambda_missing", count=len(missing), total=len(fit.taxa), first=missing[0])
    return LambdaRule(np.array([taxon.lambda_ for taxon in fit.taxa], np.float32))


@dataclass(frozen=True)
class ConformalRule:
    """Every taxon above the threshold that the model card states for a level.

    The threshold is calibrated on held-out blocks so that, in expectation, the set contains at least `level` of
    the taxa present (conformal risk control, arXiv 2208.02814). `size` is the mean set size there and `richness`
    the mean observed richness.
    """

    rule: LambdaRule
    level: float
    size: float
    richness: float
    id: str = "conformal"

    @property
    def params(self) -> dict[str, Any]:
        return {"level": self.level, "lambda": self.rule.value, "mean_size": self.size, "mean_richness": self.richness}

    def sentence(self) -> Message:
        sentence = Message("rule_conformal", {**self.params, "percent": 100 * self.level})
        wide = self.size > TOO_WIDE * self.richness
        return Message("rule_conformal_wide", {"sentence": sentence}) if wide else sentence

    def keep(self, taxa_count: int) -> int:
        return self.rule.keep(taxa_count)

    def apply(self, scores: RankedScores) -> Assemblage:
        return self.rule.apply(scores)


def conformal(value: str, fit: RuleContext) -> ConformalRule:
    """Make ``conformal:LEVEL`` from the model card's levels; 0.9 where no level is given."""
    levels = {entry["level"]: entry for entry in (fit.conformal or {}).get("levels", ())}
    level = number("conformal", value or "0.9")
    if level not in levels:
        raise EngineError("rule_conformal_level", level=level, known=sorted(levels) or "–")
    entry = levels[level]
    rule = one_lambda_or_each(str(entry["threshold"]), fit)
    return ConformalRule(rule, level, float(entry["mean_size"]), float(entry["mean_richness"]))
