"""Cross-validation: scores for plots that were not seen, by the network and the baselines on the same folds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import conformal, metrics
from training.baselines import BASELINES, random_forest
from training.datasets import Plots
from training.folds import FOLDS, block_folds, random_folds
from training.models import Shipped
from training.recipe import Recipe, fit

Array = NDArray[np.float32]
Predict = Callable[[Plots, Array, int], Array]
NETWORK = "network"
FOREST = "random forest"


def folds_of(plots: Plots, recipe: Recipe, protocol: str, seed: int) -> NDArray[np.int64]:
    """Return each plot's fold (n,) for protocol ``blocks`` or ``random`` and an assignment's seed."""
    if protocol == "random":
        return random_folds(len(plots), seed)
    return block_folds(plots.xy, recipe.blocks, seed)


def fold_seed(seed: int, fold: int) -> int:
    """Return the seed with which the model of one fold of one assignment is fitted."""
    return FOLDS * seed + fold


def network(recipe: Recipe) -> Predict:
    """Return the network as something that predicts like a baseline."""
    return lambda plots, values, seed: fit(recipe, plots, seed).scores(values)


def out_of_fold(plots: Plots, predict: Predict, folds: NDArray[np.int64], seed: int) -> Array:
    """Return scores (n, taxa) of every plot by the model of the folds it is not in."""
    scores = np.empty(plots.present.shape, np.float32)
    for fold in np.unique(folds):
        held = folds == fold
        scores[held] = predict(plots.take(~held), plots.values[held], fold_seed(seed, int(fold)))
    return scores


def predictors_of(model: Shipped) -> dict[str, Predict]:
    """Return the network and the baselines of a model, by name."""
    return {NETWORK: network(model.recipe), FOREST: partial(random_forest, trees=model.recipe.forest_trees,
                                                                      leaf=model.recipe.forest_leaf),
            **{name: BASELINES[name] for name in model.baselines}}


def cross_validate(plots: Plots, model: Shipped, cache: Path, report: Callable[[str], None] = print) -> None:
    """Write the out-of-fold scores of all models, protocols and assignments as ``PROTOCOL-SEED-MODEL.npy``.

    What `cache` already holds is kept: an interrupted run goes on where it stopped. Remove the folder after a
    change of the recipe or the data.
    """
    cache.mkdir(parents=True, exist_ok=True)
    for protocol, seed in ((protocol, seed) for protocol, seeds in model.seeds.items() for seed in seeds):
        folds = folds_of(plots, model.recipe, protocol, seed)
        for name, predict in predictors_of(model).items():
            file = scores_file(cache, protocol, seed, name)
            if not file.exists():
                np.save(file, out_of_fold(plots, predict, folds, seed))
                auc = metrics.mean_auc(plots.present, np.load(file))
                report(f"{protocol} folds, assignment {seed}: {name} {auc:.4f}")


def scores_file(cache: Path, protocol: str, seed: int, model: str) -> Path:
    """Return where the out-of-fold scores of a model lie."""
    return cache / f"{protocol}-{seed}-{model.replace(' ', '-')}.npy"


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


def figures(plots: Plots, model: Shipped, cache: Path) -> dict[str, Any]:
    """Return every figure that card and report state, from the scores in `cache`; plain JSON."""
    return {"model": plots.name, "plots": len(plots), "taxa": len(plots.taxa), "folds": FOLDS,
            "recipe": asdict(model.recipe),
            "conformal": _conformal(plots, model, cache), "richness": _richness(plots, model, cache),
            "protocols": {protocol: _protocol(plots, model, cache, protocol) for protocol in model.seeds}}


def _conformal(plots: Plots, model: Shipped, cache: Path) -> dict[str, Any]:
    seeds = model.seeds["blocks"]
    return conformal.figures(plots.present, [np.load(scores_file(cache, "blocks", seed, NETWORK)) for seed in seeds],
                             [folds_of(plots, model.recipe, "blocks", seed) for seed in seeds],
                             model.recipe.blocks.of(plots.xy))


def _richness(plots: Plots, model: Shipped, cache: Path) -> dict[str, float]:
    """Return the line from the sum of scores S to richness R, and the dispersion of R around S: means over assignments.

    Dispersion is Σ(R − S)² ÷ Σ p(1 − p): 1 if taxa were there independently of each other, more where they come and
    go together. The intervals of counts are widened by it (`docs/indicators.md`).
    """
    fits = []
    for seed in model.seeds["blocks"]:
        scores = np.load(scores_file(cache, "blocks", seed, NETWORK)).astype(np.float64)
        predicted, observed = scores.sum(1), plots.present.sum(1)
        slope, intercept = np.polyfit(predicted, observed, 1)
        dispersion = ((observed - predicted) ** 2).sum() / (scores * (1 - scores)).sum()
        fits.append((intercept, slope, dispersion))
    return dict(zip(("intercept", "slope", "dispersion"), np.mean(fits, axis=0).tolist()))


def _protocol(plots: Plots, model: Shipped, cache: Path, protocol: str) -> dict[str, Any]:
    seeds = model.seeds[protocol]
    folds = [folds_of(plots, model.recipe, protocol, seed) for seed in seeds]
    models = {}
    for name in predictors_of(model):
        scores = [np.load(scores_file(cache, protocol, seed, name)) for seed in seeds]
        models[name] = {
            "auc": [metrics.mean_auc(plots.present, one) for one in scores],
            "ece": float(np.mean([metrics.ece(plots.present, one) for one in scores])),
            "recall_at": {str(k): float(np.mean([metrics.recall_at(plots.present, one, k) for one in scores]))
                          for k in (5, 10, 20)},
            "set": _sets(plots, scores, folds),
        }
    first = models[NETWORK]["auc"]
    gains = {name: asdict(gain(np.subtract(first, entry["auc"]))) for name, entry in models.items()
             if name != NETWORK}
    reliability = metrics.calibration_bins(
        np.concatenate([plots.present] * len(seeds)),
        np.concatenate([np.load(scores_file(cache, protocol, seed, NETWORK)) for seed in seeds]))
    return {"seeds": list(seeds), "models": models, "gains": gains, "reliability": reliability,
            "block_km": model.recipe.blocks.side / 1000 if protocol == "blocks" else None}


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
