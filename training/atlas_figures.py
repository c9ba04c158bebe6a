"""The figures of an atlas' model, from the logits of its cross-validation; plain JSON.

A held-out square's own effort is never an input. It only says which squares a figure is of: *well explored* ones (at
least `WELL` taxa recorded), classes of effort, or those explored about as well as the model supposes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import conformal, metrics
from training.annotate import coverage_entry
from training.atlas import WELL, AtlasRecipe
from training.atlas_evaluate import ORIGINS, SLOW, Run, folds_of, out_of_fold, runs
from training.atlas_intervals import intervals
from training.atlas_rivals import SPECIES, drawn_species
from training.baselines import NETWORK
from training.datasets.plots import Plots
from training.flora import WEAK, Groups
from training.folds import FOLDS, Blocks
from training.models import Model

TARGET = 0.88
"""Species-mean AUC in well explored squares that was aimed at."""

CLASSES = (0, 100, 300, 600, 10_000)
NEAR = 1.25
"""Squares with between E ÷ `NEAR` and E × `NEAR` taxa recorded are explored about as well as the model supposes."""

POOLED = 3
"""So many assignments of the first origin are pooled for λ, conformal sets and the spread of coverage."""

SPREAD_SPECIES = 200
"""The spread of coverage is fitted on every so-manieth species that makes about this many."""

Array = NDArray[np.floating[Any]]


def figures(plots: Plots, model: Model, cache: Path, regions: NDArray[np.str_], groups: Groups
            ) -> dict[str, Any]:
    """Return every figure that card and report state, of the assignments that `cache` holds whole.

    `regions` (n,) are those of the squares, `groups` what taxa have in common.
    """
    recipe = model.recipe
    if not isinstance(recipe, AtlasRecipe) or plots.effort is None:
        raise TypeError(f"{model.name} is not a model of an atlas")
    well, done = plots.effort >= WELL, [run for run in runs(plots, recipe) if run.done(cache)]
    scored = [_scored(run, plots, recipe, cache, well) for run in done]
    own = [entry for entry in scored if entry["name"] == NETWORK]
    if not own:
        raise ValueError("no assignment of the model is complete: nothing to report")
    by_taxon = np.nanmean([entry.pop("by_taxon") for entry in own], axis=0)
    for entry in scored:
        entry.pop("by_taxon", None)
    pooled = [run for run in done if run.name == NETWORK and run.origin == ORIGINS[0]][:POOLED]
    chances = [_chances(out_of_fold(run, plots, recipe, cache)[0]) for run in pooled]
    return {"model": plots.name, "squares": len(plots), "well": int(well.sum()), "taxa": len(plots.taxa),
            "folds": FOLDS, "block_km": recipe.blocks.side / 1000, "words": model.recipe.words, "target": TARGET,
            "runs": scored, "gains": {key: gains(scored, key) for key in ("auc_well", "auc_drawn")},
            "richness": _richness(plots, chances, regions), "level": float(np.mean([entry["level"] for entry in own])),
            "weak": int((by_taxon.round(4) < WEAK).sum()), "pooled": [run.seed for run in pooled],
            "calibration": _calibration(plots, chances, float(np.mean([entry["level"] for entry in own]))),
            "intervals": _intervals(plots, recipe, chances, float(np.mean([entry["level"] for entry in own])), groups),
            "conformal": _conformal(plots, recipe, pooled, chances, well),
            "dispersion": _line([one[well] for one in chances], plots.present[well]),
            "coverage": _spread(plots, recipe, chances, well),
            "auc": [None if np.isnan(value) else round(float(value), 4) for value in by_taxon],
            "lambda": metrics.prevalence_thresholds(np.concatenate([plots.present[well]] * len(chances)),
                                                    np.concatenate([one[well] for one in chances])).tolist()}


def _chances(logits: Array) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def _scored(run: Run, plots: Plots, recipe: AtlasRecipe, cache: Path, well: NDArray[np.bool_]) -> dict[str, Any]:
    """Return one run's AUC over all and over well explored squares; of slow rivals on the species drawn for them."""
    logits, levels = out_of_fold(run, plots, recipe, cache)
    drawn = drawn_species(plots)
    present = plots.present[:, drawn] if run.drawn else plots.present
    by_taxon = metrics.auc(present[well], logits[well])
    found = {"name": run.name, "origin_km": run.origin / 1000, "seed": run.seed,
             "auc": metrics.mean_auc(present, logits), "auc_well": float(np.nanmean(by_taxon)),
             "auc_drawn": float(np.nanmean(by_taxon if run.drawn else by_taxon[drawn]))}
    if run.name == NETWORK:
        found |= {"level": float(np.mean(levels)), "by_taxon": by_taxon}
    return found


def gains(scored: Sequence[dict[str, Any]], key: str) -> dict[str, float]:
    """Return by how much the model is better than each other predictor, mean over the assignments both saw."""
    own = {(run["origin_km"], run["seed"]): run[key] for run in scored if run["name"] == NETWORK}
    found: dict[str, list[float]] = {}
    for run in scored:
        place = (run["origin_km"], run["seed"])
        if run["name"] != NETWORK and place in own:
            found.setdefault(run["name"], []).append(own[place] - run[key])
    return {name: round(float(np.mean(differences)), 4) for name, differences in found.items()}


def _richness(plots: Plots, chances: Sequence[Array], regions: NDArray[np.str_]) -> list[dict[str, Any]]:
    """Return how well Σ p tells the number of modelled taxa recorded, by class of effort and by region."""
    effort = np.asarray(plots.effort)
    groups = {"all": np.ones(len(plots), bool)}
    groups |= {f"{low}–{high - 1}" if high < CLASSES[-1] else f"{low} and more": (effort >= low) & (effort < high)
               for low, high in zip(CLASSES, CLASSES[1:], strict=False)}
    well = effort >= WELL
    groups |= {f"{name}, well explored": well & (regions == name) for name in np.unique(regions)}
    return [{"squares": name, **_told(np.mean([one[rows].sum(1) for one in chances], 0), plots.present[rows].sum(1))}
            for name, rows in groups.items() if rows.sum() >= 20]


def _told(predicted: Array, recorded: Array) -> dict[str, float]:
    slope = float(np.polyfit(predicted, recorded, 1)[0])
    return {"number": len(recorded), "predicted": float(predicted.mean()), "recorded": float(recorded.mean()),
            "slope": slope, "correlation": float(np.corrcoef(predicted, recorded)[0, 1]),
            "rmse": float(np.sqrt(np.mean((predicted - recorded) ** 2))),
            "predicted_sd": float(predicted.std()), "recorded_sd": float(recorded.std())}


def _calibration(plots: Plots, chances: Sequence[Array], level: float) -> dict[str, Any]:
    """Return reliability in squares explored about as well as the model supposes."""
    near = _near(plots, level)
    present = plots.present[near]
    return {"squares": int(near.sum()), "ece": float(np.mean([metrics.ece(present, one[near]) for one in chances])),
            "bins": metrics.calibration_bins(present, chances[0][near]),
            "predicted": float(np.mean([one[near].sum(1).mean() for one in chances])),
            "recorded": float(present.sum(1).mean())}


def _near(plots: Plots, level: float) -> NDArray[np.bool_]:
    """Return which squares were explored about as well as the model supposes."""
    effort = np.asarray(plots.effort)
    return np.asarray((effort >= level / NEAR) & (effort <= level * NEAR))


def _intervals(plots: Plots, recipe: AtlasRecipe, chances: Sequence[Array], level: float, groups: Groups
               ) -> dict[str, Any]:
    near = _near(plots, level)
    return intervals(plots.present[near], [one[near] for one in chances], recipe.blocks.of(plots.xy[near]),
                     groups)


def _conformal(plots: Plots, recipe: AtlasRecipe, pooled: Sequence[Run], chances: Sequence[Array],
               well: NDArray[np.bool_]) -> dict[str, Any]:
    folds = [folds_of(plots, recipe, run.origin, run.seed)[well] for run in pooled]
    return conformal.figures(plots.present[well], [one[well] for one in chances], folds,
                             recipe.blocks.of(plots.xy[well]))


def _line(chances: Sequence[Array], present: Array) -> dict[str, float]:
    """Return the line from Σ p to recorded richness, and the dispersion around Σ p, as for models of plots."""
    fits = []
    for scores in (one.astype(np.float64) for one in chances):
        predicted, recorded = scores.sum(1), present.sum(1)
        slope, intercept = np.polyfit(predicted, recorded, 1)
        fits.append((intercept, slope, ((recorded - predicted) ** 2).sum() / (scores * (1 - scores)).sum()))
    return dict(zip(("intercept", "slope", "dispersion"), np.mean(fits, axis=0).tolist(), strict=True))


def _spread(plots: Plots, recipe: AtlasRecipe, chances: Sequence[Array], well: NDArray[np.bool_]) -> dict[str, Any]:
    some = slice(None, None, max(len(plots.taxa) // SPREAD_SPECIES, 1))
    blocks = Blocks(recipe.blocks.side).of(plots.xy[well])
    entry = coverage_entry(plots.present[well][:, some], [one[well][:, some] for one in chances[:1]], blocks,
                           recipe.blocks.side / 1000)
    return {**entry, "taxa": len(range(len(plots.taxa))[some])}


def card_entries(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the figures give to the card: ``evaluation``, ``calibration`` and ``conformal``."""
    return {"evaluation": _evaluation(found), "conformal": found["conformal"], "calibration": {
        "method": "none but the level of effort: the one at which, over well explored training squares, "
                  "as many taxa are predicted in the mean as were recorded",
        "ece": round(found["calibration"]["ece"], 4),
        "protocol": f"out-of-fold, spatial blocks, {found['calibration']['squares']} squares explored about as well as "
                    "the model supposes, ten bins of equal width",
        "lambda": "per taxon, so that as many out-of-fold scores of well explored squares lie above it as hold the "
                  "taxon",
        "mean_predicted_richness": round(found["calibration"]["predicted"], 1),
        "mean_observed_richness": round(found["calibration"]["recorded"], 1),
        "richness": {**{key: round(value, 4) for key, value in found["dispersion"].items()},
                     **{key: found["intervals"][key] for key in ("shared_sd", "grouped_sd", "block_sd")}},
        "held": found["intervals"]["held"],
        "richness_by_effort": found["richness"],
        "coverage": {key: value for key, value in found["coverage"].items() if key != "taxa"}}}


def _evaluation(found: dict[str, Any]) -> list[dict[str, Any]]:
    entries = []
    for key, squares in (("auc_well", f"squares with {WELL} taxa or more"), ("auc", "all squares")):
        means = mean_by_name(found, key)
        own = means.pop(NETWORK)
        if key == "auc_well":
            means |= _slow(found)
        entries.append({
            "protocol": f"spatial blocks from {len(ORIGINS)} origins", "block_km": found["block_km"],
            "folds": found["folds"], "seeds": sorted({run["seed"] for run in found["runs"] if run["name"] == NETWORK}),
            "metric": f"taxon-mean ROC AUC, pooled out-of-fold, {squares}", "value": round(own, 4), "interval": None,
            "baselines": {name: round(value, 4) for name, value in means.items() if not name.startswith("without")}})
    return entries


def _slow(found: dict[str, Any]) -> dict[str, float]:
    """Return the means of slow rivals, named with the number of species they saw."""
    values: dict[str, list[float]] = {}
    for run in found["runs"]:
        if run["name"] in SLOW:
            values.setdefault(f"{run['name']} ({SPECIES} species)", []).append(run["auc_drawn"])
    return {name: float(np.mean(one)) for name, one in values.items()}


def mean_by_name(found: dict[str, Any], key: str) -> dict[str, float]:
    """Return each predictor's mean over its assignments; of slow rivals, which saw some species, nothing."""
    names = dict.fromkeys(run["name"] for run in found["runs"])
    return {name: float(np.mean([run[key] for run in found["runs"] if run["name"] == name]))
            for name in names if name not in SLOW}

