"""Cross-validation: scores for plots that were not seen, by the model and the baselines on the same folds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import metrics
from training.baselines import BASELINES, FOREST, NETWORK, SETTINGS, Baseline, random_forest
from training.datasets import Plots
from training.folds import FOLDS, Blocks, block_folds, held_places, random_folds
from training.models import AnyRecipe, Model

Array = NDArray[np.float32]
Predict = Callable[[Plots, Plots, int], Array]
"""Training plots, plots to score and a seed → scores (plots, taxa)."""

WITHOUT = "without "
MOST_GROUPS = 12
"""With more predictors than this none is left out to see what it contributes: each costs a cross-validation."""


def folds_of(plots: Plots, recipe: AnyRecipe, protocol: str, seed: int) -> NDArray[np.int64]:
    """Return each plot's fold (n,) for protocol ``blocks`` or ``random`` and an assignment's seed."""
    if protocol == "random":
        return random_folds(len(plots), seed)
    return block_folds(plots.xy, recipe.blocks, seed)


def fold_seed(seed: int, fold: int) -> int:
    """Return the seed with which the model of one fold of one assignment is fitted."""
    return FOLDS * seed + fold


def network(recipe: AnyRecipe) -> Predict:
    """Return a recipe as something that learns and scores."""
    return lambda train, test, seed: recipe.fit(train, seed).scores(test)


def _baseline(fit: Baseline) -> Predict:
    def predict(train: Plots, test: Plots, seed: int) -> Array:
        return fit(train.table(), test.table().values, seed).astype(np.float32)

    return predict


def _without(recipe: AnyRecipe, group: str) -> Predict:
    """Return the model that is trained and used without a group of predictors."""
    return lambda train, test, seed: recipe.fit(train.without(group), seed).scores(test.without(group))


def out_of_fold(plots: Plots, predict: Predict, folds: NDArray[np.int64], seed: int,
                blocks: Blocks | None = None) -> Array:
    """Return scores (n, taxa) of every plot by the model of the folds it is not in.

    With `blocks`, presence-only records in a block with a held-out plot are held out as well.
    """
    scores = np.empty(plots.present.shape, np.float32)
    for fold in np.unique(folds).tolist():
        scores[folds == fold] = fold_scores(plots, predict, folds, fold, seed, blocks)
    return scores


def fold_scores(plots: Plots, predict: Predict, folds: NDArray[np.int64], fold: int, seed: int,
                blocks: Blocks | None = None) -> Array:
    """Return scores (held, taxa) of the plots of one fold by the model of the others; see `out_of_fold`."""
    held = folds == fold
    train = plots.take(~held)
    if blocks and train.records is not None:
        away = ~held_places(train.records.xy, plots.xy[held], blocks)
        train = replace(train, records=train.records.take(away))
    return predict(train, plots.take(held), fold_seed(seed, fold))


def predictors_of(model: Model, plots: Plots, protocol: str) -> dict[str, Predict]:
    """Return the model, its baselines and, on blocks, the model without each group of predictors, by name."""
    forest = partial(random_forest, trees=model.recipe.forest_trees, leaf=model.recipe.forest_leaf)
    found = {NETWORK: network(model.recipe), FOREST: _baseline(forest),
             **{name: _baseline(BASELINES[name]) for name in model.baselines}}
    if protocol == "blocks" and 1 < len(plots.groups) <= MOST_GROUPS:
        found |= {WITHOUT + group: _without(model.recipe, group) for group in plots.groups}
    return found


def runs(plots: Plots, model: Model) -> Iterator[tuple[str, int, str, Predict]]:
    """Yield protocol, assignment, name and predictor of everything that is scored."""
    for protocol, seeds in model.seeds.items():
        for seed in seeds:
            for name, predict in predictors_of(model, plots, protocol).items():
                if seed in model.seeds_of(protocol, name):
                    yield protocol, seed, name, predict


def cross_validate(plots: Plots, model: Model, cache: Path, report: Callable[[str], None] = print) -> None:
    """Write the out-of-fold scores of all models, protocols and assignments as ``PROTOCOL-SEED-MODEL.npy``.

    What `cache` already holds of these data and this recipe is kept: an interrupted run goes on where it stopped.
    """
    cache.mkdir(parents=True, exist_ok=True)
    known = digest(plots)
    for protocol, seed, name, predict in runs(plots, model):
        file = scores_file(cache, model, known, protocol, seed, name)
        if not file.exists():
            scores = out_of_fold(plots, predict, folds_of(plots, model.recipe, protocol, seed), seed,
                                 model.recipe.blocks if protocol == "blocks" else None)
            np.save(file, scores)
            report(f"{protocol} folds, assignment {seed}: {name} {metrics.mean_auc(plots.present, scores):.4f}")


def digest(plots: Plots) -> str:
    """Return what tells these data from others: predictors, presences, places and records."""
    found = hashlib.sha256(repr((plots.taxa, plots.crs, plots.categorical)).encode())
    records = (plots.records.xy, plots.records.taxon) if plots.records is not None else ()
    effort = () if plots.effort is None else (plots.effort,)
    for array in (plots.values, plots.present, plots.xy, *(one.values for one in plots.more), *effort, *records):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def scores_file(cache: Path, model: Model, data: str, protocol: str, seed: int, name: str) -> Path:
    """Return where the out-of-fold scores of a model or baseline lie: of the `data` of a `digest` and of one recipe."""
    recipe = model.recipe
    of_recipe = (asdict(recipe) if name == NETWORK or name.startswith(WITHOUT)
                 else (recipe.forest_trees, recipe.forest_leaf) if name == FOREST else SETTINGS.get(name, ""))
    key = repr((data, protocol, seed, name, asdict(recipe.blocks), of_recipe))
    return cache / f"{protocol}-{seed}-{name.replace(' ', '-')}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npy"


def scores_of(plots: Plots, model: Model, cache: Path, protocol: str = "blocks", name: str = NETWORK) -> list[Array]:
    """Return the out-of-fold scores of a model or baseline, one an assignment."""
    known = digest(plots)
    return [np.load(scores_file(cache, model, known, protocol, seed, name))
            for seed in model.seeds_of(protocol, name)]
