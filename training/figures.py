"""The figures of cards and reports, from the out-of-fold scores of a cross-validation; plain JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import conformal, held_out, metrics
from training.baselines import NETWORK
from training.datasets import Plots
from training.evaluate import WITHOUT, folds_of, predictors_of, scores_of
from training.folds import FOLDS
from training.models import Model
from training.taxonomy import table_of

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Gain:
    """Paired difference of the network's taxon-mean AUC to a baseline's: one a fold assignment.

    `interval` is the 95 % Student interval of the mean over assignments. The assignments share plots, so it says
    how much the figure depends on the assignment and not how it would vary with other plots.
    """

    differences: tuple[float, ...]
    mean: float
    interval: tuple[float, float]


def gain(differences: Sequence[float]) -> Gain:
    """Return the mean of paired differences with its interval; the mean itself, twice, where there is only one."""
    from scipy.stats import t

    values = np.asarray(differences)
    mean, half = float(values.mean()), 0.0
    if len(values) > 1:
        half = float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))
    return Gain(tuple(values.tolist()), mean, (mean - half, mean + half))


def figures(plots: Plots, model: Model, cache: Path) -> dict[str, Any]:
    """Return every figure that card and report state, from the scores in `cache`; plain JSON."""
    richness = _richness(plots, model, cache)
    return {"model": plots.name, "plots": len(plots), "taxa": len(plots.taxa), "folds": FOLDS,
            "recipe": asdict(model.recipe), "words": model.recipe.words, "wanted": model.wanted,
            "conformal": _conformal(plots, model, cache), "richness": richness,
            "held_out": held_out_figures(plots, model, cache, richness),
            "protocols": {protocol: _protocol(plots, model, cache, protocol) for protocol in model.seeds}}


def held_out_figures(plots: Plots, model: Model, cache: Path, line: dict[str, float]) -> dict[str, Any]:
    """Return what intervals hold and rules are worth on held-out plots."""
    folds = [folds_of(plots, model.recipe, "blocks", seed) for seed in model.seeds["blocks"]]
    scores = scores_of(plots, model, cache)
    return held_out.figures(plots.present, scores, folds, model.recipe.blocks.of(plots.xy), line,
                            table_of(plots.taxa))


def _conformal(plots: Plots, model: Model, cache: Path) -> dict[str, Any]:
    folds = [folds_of(plots, model.recipe, "blocks", seed) for seed in model.seeds["blocks"]]
    return conformal.figures(plots.present, scores_of(plots, model, cache), folds,
                             model.recipe.blocks.of(plots.xy))


def _richness(plots: Plots, model: Model, cache: Path) -> dict[str, float]:
    """Return the line from the sum of scores S to richness R, and the dispersion of R around S: means over assignments.

    Dispersion is Σ(R − S)² ÷ Σ p(1 − p): 1 if taxa were there independently of each other, more where they come and
    go together.
    """
    fits = []
    for scores in (one.astype(np.float64) for one in scores_of(plots, model, cache)):
        predicted, observed = scores.sum(1), plots.present.sum(1)
        slope, intercept = np.polyfit(predicted, observed, 1)
        dispersion = ((observed - predicted) ** 2).sum() / (scores * (1 - scores)).sum()
        fits.append((intercept, slope, dispersion))
    return dict(zip(("intercept", "slope", "dispersion"), np.mean(fits, axis=0).tolist()))


def _protocol(plots: Plots, model: Model, cache: Path, protocol: str) -> dict[str, Any]:
    models = {name: _model(plots, model, cache, protocol, name)
              for name in predictors_of(model, plots, protocol) if not name.startswith(WITHOUT)}
    first = models[NETWORK]["auc"]
    gains = {name: asdict(gain(np.subtract(first[:len(entry["auc"])], entry["auc"])))
             for name, entry in models.items() if name != NETWORK}
    return {"seeds": list(model.seeds[protocol]), "models": models, "gains": gains,
            "contributions": _contributions(plots, model, cache, protocol, first),
            "block_km": model.recipe.blocks.side / 1000 if protocol == "blocks" else None}


def _model(plots: Plots, model: Model, cache: Path, protocol: str, name: str) -> dict[str, Any]:
    seeds = model.seeds_of(protocol, name)
    scores = scores_of(plots, model, cache, protocol, name)
    folds = [folds_of(plots, model.recipe, protocol, seed) for seed in seeds]
    return {
        "seeds": list(seeds),
        "auc": [metrics.mean_auc(plots.present, one) for one in scores],
        "ece": float(np.mean([metrics.ece(plots.present, one) for one in scores])),
        "reliability": metrics.calibration_bins(np.concatenate([plots.present] * len(seeds)), np.concatenate(scores)),
        "recall_at": {str(k): float(np.mean([metrics.recall_at(plots.present, one, k) for one in scores]))
                      for k in (5, 10, 20)},
        "set": _sets(plots, scores, folds),
    }


def _contributions(plots: Plots, model: Model, cache: Path, protocol: str,
                   first: Sequence[float]) -> dict[str, Any]:
    """Return what the model loses in AUC when it is trained without a group of predictors."""
    found = {}
    for name in predictors_of(model, plots, protocol):
        if name.startswith(WITHOUT):
            auc = [metrics.mean_auc(plots.present, one) for one in scores_of(plots, model, cache, protocol, name)]
            found[name.removeprefix(WITHOUT)] = {
                "seeds": list(model.seeds_of(protocol, name)), "auc": auc,
                "loss": float(np.mean(np.subtract(first[:len(auc)], auc)))}
    return found


def _sets(plots: Plots, scores: Sequence[Array], folds: Sequence[NDArray[np.int64]]) -> dict[str, float]:
    """Return figures of the λ rule: each fold's sets are taken with λ from the other folds' out-of-fold scores."""
    found = []
    for one, fold in zip(scores, folds):
        taken = np.empty(one.shape, np.float32)
        for held in (fold == number for number in np.unique(fold)):
            taken[held] = one[held] > metrics.prevalence_thresholds(plots.present[~held], one[~held])
        found.append({"tss": metrics.tss(plots.present, taken), **metrics.f1(plots.present, taken),
                      "richness": float(taken.sum(1).mean())})
    means = {key: float(np.mean([entry[key] for entry in found])) for key in found[0]}
    return {**means, "observed_richness": float(plots.present.sum(1).mean())}
