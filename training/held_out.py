"""What intervals hold on held-out plots, from the out-of-fold scores of spatial blocks.

The engine's own intervals are measured. What is fitted (the shared factor, the spread of blocks) is fitted on a random
half of the blocks and measured on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.rules import parse_rule
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.intervals import TAIL, count_estimate, number_present
from geoplantnet_plugin.engine.indicators.share_interval import LEVEL, ExpectedShare
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from training.set_rules import default_rule, nameless, rules

Array = NDArray[np.floating[Any]]
LENGTHS = (1, 3, 10, 30)
LISTS, HALVES, SEED = 20, 5, 17
WIDEST, STEP = 1.0, 0.02
FEWEST_PLOTS = 3
"""A block with fewer plots says little of its richness."""

PROTOCOL = (f"out-of-fold scores of assignment 0; fitted on a random half of the blocks, measured on the other; mean "
            f"of {HALVES} halves, {LISTS} random lists of each length")


def figures(present: Array, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]], blocks: NDArray[np.int64],
            line: dict[str, float], taxa: TaxaTable) -> dict[str, Any]:
    """Return what the card states of intervals and rules; plain JSON. `line` is that of observed richness on Σ p."""
    compared = rules(present, scores, folds, line)
    return {"shared_sd": shared_sd(present, scores), "block_sd": richness_sd(present, scores, blocks),
            "held": held(present, scores, blocks, taxa), "rules": compared, "default_rule": default_rule(compared)}


def held(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64], taxa: TaxaTable) -> dict[str, Any]:
    """Return what the intervals hold; the scores of the first assignment are looked at, those of all fit the factor."""
    woody = index_held("woody", present, scores, blocks, taxa)
    return {"level": LEVEL, "protocol": PROTOCOL, "lists": lists_held(present, scores, blocks),
            "diversity": diversity_held(present, scores, blocks), **({} if woody is None else {"woody": woody}),
            "richness_of_blocks": round(float(np.mean(list(richness_halves(present, scores[0], blocks)))), 4)}


def richness_halves(present: Array, scores: Array, blocks: NDArray[np.int64]) -> Iterator[float]:
    """Yield in what share of a half's blocks the interval, fitted on the other half, holds the mean richness."""
    for fitting in halves(blocks):
        spread = richness_sd(present[fitting], [scores[fitting]], blocks[fitting])
        yield richness_held(present[~fitting], scores[~fitting], blocks[~fitting], spread)


def shared_sd(present: Array, scores: Sequence[Array]) -> float:
    """Return the factor of `Moments.shared` by the method of moments, from scores (plots, taxa) of each assignment.

    The excess of (R − Σ p)² over Σ v, as a share of (Σ v)² − Σ v²; v = p (1 − p), R the observed richness.
    """
    return _factor(*np.sum([_moments(present, one.astype(np.float64)) for one in scores], axis=0))


def grouped_sd(present: Array, scores: Sequence[Array], groups: NDArray[np.str_]) -> float:
    """Return the factor of taxa that have something in common: `shared_sd` over the pairs of taxa of one group.

    `groups` (taxa,) names each taxon's; one without a name or alone in its group says nothing.
    """
    excess = pairs = 0.0
    for group in np.unique(groups[groups != ""]):
        among = groups == group
        for p in (one[:, among].astype(np.float64) for one in scores):
            found, pair = _moments(present[:, among], p)
            excess, pairs = excess + found, pairs + pair
    return _factor(excess, pairs)


def _moments(present: Array, p: Array) -> tuple[float, float]:
    variance = p * (1 - p)
    return (float(((present.sum(1) - p.sum(1)) ** 2 - variance.sum(1)).sum()),
            float((variance.sum(1) ** 2 - (variance**2).sum(1)).sum()))


def _factor(excess: float, pairs: float) -> float:
    return round(float(np.sqrt(max(excess, 0.0) / pairs)), 4) if pairs else 0.0


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

    ``held`` is that of the printed whole numbers, ``stated`` the share that they would hold by the distribution behind
    them. Bounds of a single taxon can only be 0, 1 or both, which hold what they hold: ``least`` is what the narrowest
    whole bounds that hold no less than 90 % would hold by the distribution. ``distribution`` counts how often the
    observed number lies in the middle 90 % of its distribution, an observed number being spread evenly over its own
    probability (a randomised interval; Czado et al. 2009, doi:10.1111/j.1541-0420.2009.01191.x).
    """
    rng, taxa = np.random.default_rng(SEED), present.shape[1]
    found: dict[str, list[tuple[float, ...]]] = {}
    for fitting in halves(blocks):
        sd = shared_sd(present[fitting], [one[fitting] for one in scores])
        p, y = scores[0][~fitting], present[~fitting] > 0
        for length in (*(length for length in LENGTHS if length < taxa), taxa):
            for _ in range(LISTS if length < taxa else 1):
                chosen = rng.choice(taxa, length, replace=False)
                found.setdefault("all" if length == taxa else str(length), []).append(
                    _list_held(p, y, chosen, sd, rng))
    return {length: dict(zip(("held", "stated", "least", "distribution"), np.mean(values, axis=0).round(4).tolist(),
                             strict=True)) for length, values in found.items()}


def _list_held(p: Array, y: NDArray[np.bool_], chosen: NDArray[np.int64], sd: float, rng: np.random.Generator
               ) -> tuple[float, ...]:
    among = np.zeros(p.shape[1], bool)
    among[chosen] = True
    _, lower, upper = count_estimate(presences(p), among, sd)
    number = y[:, chosen].sum(axis=1)
    shares = number_present(p[:, chosen].astype(np.float64), sd)
    plots, numbers = np.arange(len(number)), np.arange(shares.shape[1])
    own = shares[plots, number]
    below = shares.cumsum(axis=1)[plots, number] - rng.random(len(number)) * own
    inside = (np.ceil(lower)[:, None] <= numbers) & (numbers <= np.floor(upper)[:, None])
    return (float(((lower <= number) & (number <= upper)).mean()), float((shares * inside).sum(axis=1).mean()),
            float(narrowest(shares).mean()), float(((below > TAIL) & (below < 1 - TAIL)).mean()))


def narrowest(shares: Array) -> Array:
    """Return what the narrowest run of whole numbers that holds `LEVEL` of a distribution (n, m) holds of it (n,)."""
    cumulated = np.concatenate([np.zeros((len(shares), 1)), shares.cumsum(axis=1)], axis=1)
    best = np.full(len(shares), np.nan)
    for width in range(1, shares.shape[1] + 1):
        runs = (cumulated[:, width:] - cumulated[:, :-width]).max(axis=1)
        best = np.where(np.isnan(best) & (runs >= LEVEL - 1e-12), runs, best)
    return best


def diversity_held(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64]) -> dict[str, float]:
    """Return in what share of plots the interval holds Shannon's and Simpson's index of the taxa truly there."""
    taxa = nameless(present.shape[1])
    return {index: index_held(index, present, scores, blocks, taxa) or 0.0 for index in ("shannon", "simpson")}


def index_held(id: str, present: Array, scores: Sequence[Array], blocks: NDArray[np.int64], taxa: TaxaTable
               ) -> float | None:
    """Return in what share of plots the interval holds an indicator of the taxa truly there.

    None where it says nothing of these `taxa`: where none is woody, for example.
    """
    held = []
    for fitting in halves(blocks):
        sd = shared_sd(present[fitting], [one[fitting] for one in scores])
        p, y = scores[0][~fitting].astype(np.float64), present[~fitting] > 0
        context = Context(taxa, Scale.SIGMOID, Calibration(shared_sd=sd))
        (indicator,) = select((id,), context)
        if not indicator.says(context):
            return None
        there = RankedScores.from_dense(np.where(y, p, 0.0).astype(np.float32), p.shape[1], Scale.SIGMOID)
        truth = indicator.compute(parse_rule("lambda:0", taxa, Scale.SIGMOID, Statements(True)).apply(there), context)
        some = np.isfinite(truth)
        _, lower, upper = indicator.uncertainty.compute(  # type: ignore[union-attr]
            presences(p[some]), truth[some], context)
        held.append(float(((lower <= truth[some] + 1e-6) & (truth[some] <= upper + 1e-6)).mean()))
    return round(float(np.mean(held)), 4)


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
