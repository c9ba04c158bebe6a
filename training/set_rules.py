"""What set rules are worth on held-out plots, and which one a model starts with.

The engine's own rules are compared. λ of a fold comes from the other folds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.rule import MOST_RANKED
from geoplantnet_plugin.engine.assemblage.rules import parse_rule
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from training import metrics

Array = NDArray[np.floating[Any]]
RULES = ("lambda", "topk:10", "sse", "richnessk", "maxexp")
WORTH = ("f1", "r", "rmse", "size")

InnerScores = Callable[[int], tuple[Array, NDArray[np.int64]]]
"""Out-of-fold scores of the training plots of an outer fold by models that know none of an inner fold, and these."""


def rules(present: Array, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]], line: dict[str, float]
          ) -> dict[str, dict[str, float]]:
    """Return what each set rule is worth: F1 per plot, and its richness against the observed one.

    ``r`` is the correlation of set size and observed richness (0 where all sets have one size), ``rmse`` the root of
    their mean squared difference, ``size`` the mean set.
    """
    found: dict[str, list[tuple[float, ...]]] = {}
    for one, fold in zip(scores, folds, strict=True):
        for name in _that_fit(present.shape[1]):
            found.setdefault(name, []).append(_worth(present, _taken(name, present, one, fold, line)))
    return {name: dict(zip(WORTH, np.mean(values, axis=0).round(4).tolist(), strict=True))
            for name, values in found.items()}


def _that_fit(taxa: int) -> list[str]:
    """Return the rules that can be used with so many taxa."""
    able = {"topk:10": taxa > 20, "maxexp": taxa <= MOST_RANKED}
    return [name for name in RULES if able.get(name, True)]


def _worth(present: Array, taken: Array) -> tuple[float, ...]:
    size, observed = taken.sum(1), present.sum(1)
    varies = size.std() > 0 and observed.std() > 0
    return (metrics.f1(present, taken)["samples"], float(np.corrcoef(size, observed)[0, 1]) if varies else 0.0,
            float(np.sqrt(((size - observed) ** 2).mean())), float(size.mean()))


def _taken(name: str, present: Array, scores: Array, fold: NDArray[np.int64], line: dict[str, float]
           ) -> NDArray[np.float32]:
    sets = np.zeros(scores.shape, np.float32)
    for held in (fold == number for number in np.unique(fold)):
        sets[held] = taken(name, scores[held], thresholds(present[~held], scores[~held]), line)
    return sets


def taken(name: str, scores: Array, lambdas: Array, line: dict[str, float]) -> NDArray[np.float32]:
    """Return 1 for the taxa (plots, taxa) that a rule takes as present, else 0."""
    rule = parse_rule(name, nameless(scores.shape[1], lambdas), Scale.SIGMOID, Statements(True, {"richness": line}))
    sets = rule.apply(RankedScores.from_dense(scores, scores.shape[1], Scale.SIGMOID))
    found = np.zeros(scores.shape, np.float32)
    found[sets.cell, sets.ids] = 1
    return found


def default_rule(compared: dict[str, dict[str, float]]) -> str:
    """Return the rule that a model starts with: of those whose F1 is no less than λ's, the one nearest in richness."""
    able = [name for name, entry in compared.items()
            if name in ("lambda", "sse", "maxexp") and entry["f1"] >= compared["lambda"]["f1"]]
    return min(able, key=lambda name: compared[name]["rmse"])


def chosen_on_inner(present: Array, scores: Array, outer: NDArray[np.int64], inner: InnerScores) -> dict[str, Any]:
    """Return which rule the inner folds of every outer fold choose, and what the rules are worth on the outer ones.

    For an outer fold, the rules are compared on the training plots alone: on `inner` scores, with λ from the other
    inner folds. The plots held out (`scores`, their out-of-fold scores) are then given the sets of every rule, with λ
    and line of richness from the inner scores; ``chosen`` are those of the rule that was chosen without them.
    """
    choices, sets = [], {name: np.zeros(scores.shape, np.float32) for name in (*_that_fit(present.shape[1]), "chosen")}
    for number in np.unique(outer).tolist():
        held = outer == number
        known, (found, folds) = present[~held], inner(number)
        line = richness_line(known, found)
        choices.append(default_rule(rules(known, [found], [folds], line)))
        for name in _that_fit(present.shape[1]):
            sets[name][held] = taken(name, scores[held], thresholds(known, found), line)
        sets["chosen"][held] = sets[choices[-1]][held]
    return {"choices": choices, "default_rule": Counter(choices).most_common(1)[0][0],
            "outer": {name: dict(zip(WORTH, np.round(_worth(present, one), 4).tolist(), strict=True))
                      for name, one in sets.items()}}


def richness_line(present: Array, scores: Array) -> dict[str, float]:
    """Return the line of observed richness on Σ p."""
    slope, intercept = np.polyfit(scores.astype(np.float64).sum(1), present.sum(1), 1)
    return {"slope": float(slope), "intercept": float(intercept)}


def thresholds(present: Array, scores: Array) -> Array:
    """Return λ of every taxon (taxa,)."""
    return metrics.prevalence_thresholds(present, scores)


def nameless(count: int, lambdas: Array | None = None) -> TaxaTable:
    """Return a table of `count` nameless taxa."""
    return TaxaTable(tuple(Taxon(str(i), f"T{i}", f"T{i}", lambda_=None if lambdas is None else float(lambdas[i]))
                           for i in range(count)))
