"""What a set rule is, and what all of them need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import Message
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable

MOST_RANKED = 550
"""Ranked scores a cell that a rule without a fixed size asks for at most (estopinj/model2indicators keeps as
many); a rule that would reach below them stops with a sentence."""


@dataclass(frozen=True)
class RuleContext:
    """What a rule has to fit: the taxa, the scores' scale, and what the model card says of sets.

    `conformal` is the card's entry of that name; `richness` its ``calibration.richness``. Both are described in
    ``docs/indicators.md``; None where the card has none. Scores are not `calibrated` when they are logits of a
    source without a card: nothing then says how far they are probabilities.
    """

    taxa: TaxaTable
    scale: Scale
    conformal: Mapping[str, Any] | None = None
    richness: Mapping[str, float] | None = None
    calibrated: bool = True


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

    def sentence(self) -> Message:
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


def below_floor(rule: SetRule, scores: RankedScores) -> EngineError:
    """Return the error that says that a rule reaches below the kept scores."""
    return EngineError("rule_below_floor", rule=rule.id, kept=scores.ids.shape[1],
                       floor=float(scores.values[:, -1].max(initial=-np.inf)))


def need_probabilities(rule: str, fit: RuleContext) -> None:
    """Refuse scores that are not probabilities of presence, each taxon for itself."""
    if fit.scale not in (Scale.LOGIT, Scale.SIGMOID):
        raise EngineError("rule_scale", rule=rule, scale=fit.scale.value)
    if not fit.calibrated:
        raise EngineError("rule_uncalibrated", rule=rule, scale=fit.scale.value)


def number(rule: str, value: str) -> float:
    """Return the number that `value` writes; refuse anything else."""
    try:
        result = float(value)
    except ValueError:
        result = float("nan")
    if not np.isfinite(result):
        raise EngineError("rule_value", rule=rule, value=value)
    return result


def no_value(rule: str, value: str) -> None:
    """Refuse a value for a rule that takes none."""
    if value:
        raise EngineError("rule_takes_no_value", rule=rule, value=value)
