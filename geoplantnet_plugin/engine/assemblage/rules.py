"""The one table of set rules, and choosing from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assemblage.maxexp import maxexp
from geoplantnet_plugin.engine.assemblage.rule import RuleContext, SetRule
from geoplantnet_plugin.engine.assemblage.sizes import richness_k, sse, topk
from geoplantnet_plugin.engine.assemblage.thresholds import conformal, one_lambda_or_each
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable

RULES: Mapping[str, Callable[[str, RuleContext], SetRule]] = {
    "lambda": one_lambda_or_each,
    "topk": topk,
    "richnessk": richness_k,
    "sse": sse,
    "maxexp": maxexp,
    "conformal": conformal,
}
"""Rule name → function that makes the rule from its value's text and what it has to fit."""


def parse_rule(text: str, taxa: TaxaTable, scale: Scale, statements: Statements | None = None) -> SetRule:
    """Return the set rule that `text` (``lambda``, ``lambda:0.5``, ``topk:25`` …) names.

    `statements` are the score source's, None for one that states nothing. Raises EngineError for an unknown name, a
    value that is no number, and a rule that does not fit the taxa, the scale or what is stated.
    """
    name, _, value = text.strip().partition(":")
    if name not in RULES:
        raise EngineError("rule_unknown", rule=name, known=list(RULES))
    stated = statements or Statements(probabilities=scale is not Scale.LOGIT)
    context = RuleContext(taxa, scale, stated.conformal, stated.calibration.get("richness"),
                          calibrated=stated.probabilities or scale is not Scale.LOGIT)
    return RULES[name](value.strip(), context)
