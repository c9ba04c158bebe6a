"""Trials of a recipe, compared on inner blocks of training plots. A trial is a change to a model's recipe.

The folds of one assignment of spatial blocks are held out in turn. The other plots alone are put into inner folds of
blocks, and every trial is scored on these. A mean over the turns has seen all plots: it is no evaluation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from training import metrics
from training.baselines import FOREST
from training.datasets import Plots
from training.evaluate import folds_of, network, out_of_fold, predictors_of
from training.folds import block_folds
from training.models import Model
from training.parts import Mix
from training.recipe import Recipe

OUTER, INNER_FOLDS, SEED = 0, 3, 500

Changes = dict[str, dict[str, Any]]
"""Trials by name: what of a recipe each changes."""

MIXED: Changes = {
    "perceptrons alone": {"mix": Mix()},
    "perceptrons and forest, 2 : 1": {"mix": Mix(2 / 3, 1 / 3)},
    "perceptrons and forest, 1 : 1": {"mix": Mix(1 / 2, 1 / 2)},
    "perceptrons and logistic regression, 10 : 3": {"mix": Mix(10 / 13, 0, 3 / 13)},
    "perceptrons, forest, logistic regression, 10 : 5 : 3": {"mix": Mix(10 / 18, 5 / 18, 3 / 18)},
}
STAGED: Changes = {
    "16 wide": {"width": 16}, "64 wide": {"width": 64}, "dropout 0.4": {"dropout": 0.4},
    "smaller steps": {"rate": 0.002}}


def trials_of(model: Model) -> dict[str, Model]:
    """Return the trials of a model by name, the recipe as it is first."""
    recipe, changes = model.recipe, STAGED
    if isinstance(recipe, Recipe):
        recipe = replace(recipe, inner_folds=0)  # a line on the logit, shared by all taxa, is not what is compared
        changes = {**MIXED, **_less_and_more(recipe)}
    return {name: replace(model, recipe=replace(recipe, **change))
            for name, change in {"as it is": {}, **changes}.items()}


def _less_and_more(recipe: Recipe) -> Changes:
    return {"half as many epochs": {"epochs": max(recipe.epochs // 2, 1)},
            "weight decay a tenth": {"weight_decay": recipe.weight_decay / 10},
            "twice as wide": {"groups": tuple(replace(one, hidden=2 * one.hidden) for one in recipe.groups)}}


def tune(plots: Plots, model: Model, tell: Callable[[str], None] = print) -> list[dict[str, Any]]:
    """Return name and AUC (one a held-out fold of the assignment, which is not scored) of the forest and all trials."""
    folds = folds_of(plots, model.recipe, "blocks", OUTER)
    predictors = {FOREST: predictors_of(model, plots, "random")[FOREST],
                  **{name: network(trial.recipe) for name, trial in trials_of(model).items()}}
    found = []
    for name, predict in predictors.items():
        aucs = []
        for fold in np.unique(folds):
            train = plots.take(folds != fold)
            inner = block_folds(train.xy, model.recipe.blocks, SEED + int(fold), INNER_FOLDS)
            scores = out_of_fold(train, predict, inner, SEED + int(fold), model.recipe.blocks)
            aucs.append(metrics.mean_auc(train.present, scores))
        found.append({"trial": name, "auc": aucs})
        tell(f"{name}: {np.mean(aucs):.4f}")
    return found


def write_tuning(path: Path, found: list[dict[str, Any]]) -> None:
    """Write the trials as a table in Markdown."""
    rows = ["| trial | AUC on inner blocks | by set of training plots |", "|---|---|---|"]
    rows += [f"| {entry['trial']} | {np.mean(entry['auc']):.4f} | {', '.join(f'{auc:.4f}' for auc in entry['auc'])} |"
             for entry in found]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
