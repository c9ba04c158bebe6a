"""What intervals hold and set rules are worth on held-out plots, from the out-of-fold scores of spatial blocks.

The engine's own intervals and rules are measured. What is fitted (the shared factor, the spread of blocks) is fitted on
a random half of the blocks and measured on the other; λ of a fold comes from the other folds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.rule import MOST_RANKED
from geoplantnet_plugin.engine.assemblage.rules import parse_rule
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.intervals import TAIL, count_estimate, number_present
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL, ExpectedShare
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from training import metrics

Array = NDArray[np.floating[Any]]
LENGTHS = (1, 3, 10, 30)
LISTS, HALVES, SEED = 20, 5, 17
WIDEST, STEP = 1.0, 0.02
FEWEST_PLOTS = 3
"""A block with fewer plots says little of its richness."""

PROTOCOL = (f"out-of-fold scores of assignment 0; fitted on a random half of the blocks, measured on the other; mean "
            f"of {HALVES} halves, {LISTS} random lists of each length")
RULES = ("lambda", "topk:10", "sse", "richnessk", "maxexp")


def figures(present: Array, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]], blocks: NDArray[np.int64],
            line: dict[str, float]) -> dict[str, Any]:
    """Return what the card states of intervals and rules; plain JSON. `line` is that of observed richness on Σ p."""
    spread = richness_sd(present, scores, blocks)
    compared = rules(present, scores, folds, line)
    return {
        "shared_sd": shared_sd(present, scores), "block_sd": spread,
        "held": {"level": LEVEL, "protocol": PROTOCOL, "lists": lists_held(present, scores, blocks),
                 "diversity": diversity_held(present, scores, blocks),
                 "richness_of_blocks": round(float(np.mean(list(richness_halves(present, scores[0], blocks)))), 4)},
        "rules": compared, "default_rule": default_rule(compared)}


def richness_halves(present: Array, scores: Array, blocks: NDArray[np.int64]) -> Iterator[float]:
    """Yield in what share of a half's blocks the interval, fitted on the other half, holds the mean richness."""
    for fitting in halves(blocks):
        spread = richness_sd(present[fitting], [scores[fitting]], blocks[fitting])
        yield richness_held(present[~fitting], scores[~fitting], blocks[~fitting], spread)


def shared_sd(present: Array, scores: Sequence[Array]) -> float:
    """Return the factor of `Moments.shared` by the method of moments, from scores (plots, taxa) of each assignment.

    The excess of (R − Σ p)² over Σ v, as a share of (Σ v)² − Σ v²; v = p (1 − p), R the observed richness.
    """
    excess = pairs = 0.0
    for p in (one.astype(np.float64) for one in scores):
        variance = p * (1 - p)
        excess += float(((present.sum(1) - p.sum(1)) ** 2 - variance.sum(1)).sum())
        pairs += float((variance.sum(1) ** 2 - (variance**2).sum(1)).sum())
    return round(float(np.sqrt(max(excess, 0.0) / pairs)), 4)


def presences(scores: Array) -> Presences:
    """Return scores (plots, taxa) as the engine has them."""
    return Presences.of(RankedScores.from_dense(scores.astype(np.float32), scores.shape[1], Scale.SIGMOID),
                        scores.shape[1])


def halves(blocks: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    """Yield which plots lie in a random half of the blocks."""
    rng, numbers = np.random.default_rng(SEED), np.unique(blocks)
    for _ in range(HALVES):
        yield np.isin(blocks, rng.permutation(numbers)[:len(numbers) // 2])


def lists_held(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    """Return, for lists of `LENGTHS` random taxa and of all, in what share of plots the interval holds the number.

    ``held`` is that of the printed whole numbers. Of a single taxon these can only be 0, 1 or both, which no rule makes
    hold 90 %; ``distribution`` therefore counts how often the observed number lies in the middle 90 % of its
    distribution, an observed number being spread evenly over its own probability (Czado et al. 2009,
    doi:10.1111/j.1541-0420.2009.01191.x).
    """
    rng, taxa = np.random.default_rng(SEED), present.shape[1]
    found: dict[str, list[tuple[float, float]]] = {}
    for fitting in halves(blocks):
        sd = shared_sd(present[fitting], [one[fitting] for one in scores])
        p, y = scores[0][~fitting], present[~fitting] > 0
        for length in (*(length for length in LENGTHS if length < taxa), taxa):
            for _ in range(LISTS if length < taxa else 1):
                chosen = rng.choice(taxa, length, replace=False)
                found.setdefault("all" if length == taxa else str(length), []).append(
                    _list_held(p, y, chosen, sd, rng))
    return {length: dict(zip(("held", "distribution"), np.mean(pairs, axis=0).round(4).tolist(), strict=True))
            for length, pairs in found.items()}


def _list_held(p: Array, y: NDArray[np.bool_], chosen: NDArray[np.int64], sd: float, rng: np.random.Generator
               ) -> tuple[float, float]:
    among = np.zeros(p.shape[1], bool)
    among[chosen] = True
    _, lower, upper = count_estimate(presences(p), among, sd)
    number = y[:, chosen].sum(axis=1)
    shares = number_present(p[:, chosen].astype(np.float64), sd)
    own = shares[np.arange(len(number)), number]
    below = shares.cumsum(axis=1)[np.arange(len(number)), number] - rng.random(len(number)) * own
    return (float(((lower <= number) & (number <= upper)).mean()),
            float(((below > TAIL) & (below < 1 - TAIL)).mean()))


def diversity_held(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64]) -> dict[str, float]:
    """Return in what share of plots the interval holds Shannon's and Simpson's index of the taxa truly there."""
    found: dict[str, list[float]] = {"shannon": [], "simpson": []}
    for fitting in halves(blocks):
        sd = shared_sd(present[fitting], [one[fitting] for one in scores])
        p, y = scores[0][~fitting].astype(np.float64), present[~fitting] > 0
        context = Context(table(p.shape[1]), Scale.SIGMOID, Calibration(shared_sd=sd))
        some = y.any(axis=1)
        for indicator in select(found, context):
            truth = _index(indicator.id, np.where(y, p, 0.0)[some])
            _, lower, upper = indicator.uncertainty.compute(  # type: ignore[union-attr]
                presences(p[some]), truth.astype(np.float32), context)
            found[indicator.id].append(float(((lower <= truth + 1e-6) & (truth <= upper + 1e-6)).mean()))
    return {index: round(float(np.mean(shares)), 4) for index, shares in found.items()}


def _index(index: str, weight: Array) -> Array:
    share = weight / weight.sum(axis=1, keepdims=True)
    if index == "simpson":
        return np.asarray(1 - (share**2).sum(axis=1))
    return np.asarray(-(share * np.log(share, where=share > 0, out=np.zeros_like(share))).sum(axis=1))


def richness_held(present: Array, scores: Array, blocks: NDArray[np.int64], sd: float) -> float:
    """Return the share of blocks whose mean observed richness lies in the interval of the spread `sd`."""
    held = []
    for block in np.flatnonzero(np.bincount(blocks) >= FEWEST_PLOTS).tolist():
        area = ExpectedShare(present.shape[1], 0.0)
        area.add(presences(scores[blocks == block]))
        estimate = area.richness(sd)
        observed = present[blocks == block].sum(axis=1).mean()
        held.append((estimate.low or 0) <= observed <= (estimate.high or 0))
    return float(np.mean(held))


def richness_sd(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64]) -> float:
    """Return the smallest spread with which `LEVEL` of the blocks' mean richness is held (`ExpectedShare.richness`)."""
    for sd in np.arange(0, WIDEST, STEP):
        if np.mean([richness_held(present, one, blocks, float(sd)) for one in scores]) >= LEVEL:
            return round(float(sd), 2)
    return WIDEST


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
    return {name: dict(zip(("f1", "r", "rmse", "size"), np.mean(values, axis=0).round(4).tolist(), strict=True))
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
    taken = np.zeros(scores.shape, np.float32)
    for held in (fold == number for number in np.unique(fold)):
        taxa = table(scores.shape[1], metrics.prevalence_thresholds(present[~held], scores[~held]))
        rule = parse_rule(name, taxa, Scale.SIGMOID, Statements(True, {"richness": line}))
        ranked = RankedScores.from_dense(scores[held], scores.shape[1], Scale.SIGMOID)
        sets = rule.apply(ranked)
        taken[np.flatnonzero(held)[sets.cell], sets.ids] = 1
    return taken


def default_rule(compared: dict[str, dict[str, float]]) -> str:
    """Return the rule that a model starts with: of those whose F1 is no less than λ's, the one nearest in richness."""
    able = [name for name, entry in compared.items()
            if name in ("lambda", "sse", "maxexp") and entry["f1"] >= compared["lambda"]["f1"]]
    return min(able, key=lambda name: compared[name]["rmse"])


def table(count: int, lambdas: Array | None = None) -> TaxaTable:
    """Return a table of `count` nameless taxa."""
    return TaxaTable(tuple(Taxon(str(i), f"T{i}", f"T{i}", lambda_=None if lambdas is None else float(lambdas[i]))
                           for i in range(count)))
