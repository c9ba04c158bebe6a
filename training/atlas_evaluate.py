"""Cross-validation of an atlas: logits for squares that were not seen, by the model, its parts and its rivals.

Each fold of each assignment leaves one file, so that an interrupted evaluation goes on where it stopped; figures are
made of the assignments that are complete, and say which. A file's name holds a digest of the data and of what was
chosen: scores of others are never taken for these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import atlas_forest, atlas_rivals
from training.atlas import WELL, AtlasRecipe, FittedAtlas
from training.base_layers import TERRAIN
from training.datasets.plots import Plots
from training.evaluate import FOREST, NETWORK, digest, fold_seed
from training.folds import FOLDS, REPORTED, Blocks, block_folds, random_folds
from training.models import Model

ORIGINS = (0.0, 50_000.0)
"""Blocks are counted from (x, x) of the CRS for each of these x."""

GAM, MAXENT = "GAM", "MaxEnt"
SLOW = (GAM, MAXENT)
BOTH_ORIGINS = (NETWORK, FOREST, *SLOW)
FOREST_SEEDS, SLOW_SEEDS = 3, 2
ALONE, NO_EFFORT, NO_FIELD = "without surroundings", "without effort", "without neighbours' records"
NOT_SHARED = "without shared layers"
NO_TERRAIN, RANDOM = "without terrain", "without blocks (random folds)"
"""What is left out to see what it adds; without blocks it is the honesty of the folds."""

Predict = Callable[[Plots, Plots, int], tuple[NDArray[Any], float]]
"""Training squares, squares to score and a seed → logits (n, taxa) and the level of effort, NaN without one."""


@dataclass(frozen=True)
class Run:
    """One predictor on one assignment of blocks from one origin. `drawn` sees `drawn_species` only; of `random` folds
    squares next to each other lie in different ones. `stamp` tells its data and settings from others.
    """

    name: str
    origin: float
    seed: int
    predict: Predict
    stamp: str
    drawn: bool = False
    random: bool = False

    def folds(self, plots: Plots, recipe: AtlasRecipe) -> NDArray[np.int64]:
        """Return each square's fold (n,)."""
        return random_folds(len(plots), self.seed) if self.random else folds_of(plots, recipe, self.origin, self.seed)

    def file(self, cache: Path, fold: int) -> Path:
        """Return where the logits of a held-out fold lie."""
        return cache / f"{self.name.replace(' ', '-')}-{self.origin / 1000:g}-{self.seed}-{fold}-{self.stamp}.npz"

    def done(self, cache: Path) -> bool:
        """Return whether all folds have been scored."""
        return all(self.file(cache, fold).is_file() for fold in range(FOLDS))


def folds_of(plots: Plots, recipe: AtlasRecipe, origin: float, seed: int) -> NDArray[np.int64]:
    """Return each square's fold (n,)."""
    return block_folds(plots.xy, Blocks(recipe.blocks.side, (origin, origin)), seed)


def runs(plots: Plots, recipe: AtlasRecipe) -> Iterator[Run]:
    """Yield everything that is scored, in order: the model on all assignments, then what it is compared with."""
    network, data = _network(recipe), digest(plots)
    grown = _rival(lambda train, test, seed: atlas_forest.forest(recipe, train, test, seed))
    learnt = asdict(recipe)
    for name, seeds, predict, settings in (
            (NETWORK, len(REPORTED), network, learnt),
            (ALONE, 1, _network(replace(recipe, windows=())), learnt),
            (NOT_SHARED, 1, _network(replace(recipe, hidden=())), learnt),
            (NO_EFFORT, 1, _without_effort(recipe), learnt),
            (NO_FIELD, 1, _network(replace(recipe, smoothing=None)), learnt),
            (NO_TERRAIN, 1, _without_terrain(recipe), learnt), (RANDOM, 1, network, learnt),
            (GAM, SLOW_SEEDS, _rival(lambda train, test, seed: atlas_rivals.gam(train, test)), atlas_rivals.OF_GAM),
            (MAXENT, SLOW_SEEDS, _rival(lambda train, test, seed: atlas_rivals.maxent(recipe, train, test, seed)),
             atlas_rivals.OF_MAXENT),
            (FOREST, FOREST_SEEDS, grown, (recipe.windows, *atlas_forest.SETTINGS))):
        stamp = sha256(repr((data, asdict(recipe.blocks), name, settings)).encode()).hexdigest()[:12]
        for seed in REPORTED[:seeds]:
            for origin in ORIGINS if name in BOTH_ORIGINS else ORIGINS[:1]:
                yield Run(name, origin, seed, predict, stamp, name in SLOW, name == RANDOM)


def cross_validate_atlas(plots: Plots, model: Model, cache: Path, report: Callable[[str], None] = print) -> None:
    """Score every run's held-out squares; what `cache` already holds is kept."""
    cache.mkdir(parents=True, exist_ok=True)
    recipe = _recipe(model)
    drawn = atlas_rivals.drawn_species(plots)
    some = replace(plots, present=plots.present[:, drawn], taxa=tuple(np.array(plots.taxa)[drawn]))
    for run in runs(plots, recipe):
        if run.done(cache):
            continue
        seen, folds = some if run.drawn else plots, run.folds(plots, recipe)
        for fold in range(FOLDS):
            if not run.file(cache, fold).is_file():
                logits, level = run.predict(seen.take(folds != fold), seen.take(folds == fold),
                                            fold_seed(run.seed, fold))
                _save(run.file(cache, fold), logits, level)
        report(f"{run.name}, origin {run.origin / 1000:g} km, assignment {run.seed}: scored")


def out_of_fold(run: Run, plots: Plots, recipe: AtlasRecipe, cache: Path) -> tuple[NDArray[np.float32], list[float]]:
    """Return a complete run's logits (n, taxa) of every square by the model that did not see it, and the levels."""
    folds, levels = run.folds(plots, recipe), []
    logits: NDArray[np.float32] | None = None
    for fold in range(FOLDS):
        with np.load(run.file(cache, fold)) as stored:
            if logits is None:
                logits = np.empty((len(plots), stored["logits"].shape[1]), np.float32)
            logits[folds == fold] = stored["logits"]
            levels.append(float(stored["level"]))
    return np.asarray(logits), levels


def _recipe(model: Model) -> AtlasRecipe:
    if not isinstance(model.recipe, AtlasRecipe):
        raise TypeError(f"{model.name} is not a model of an atlas")
    return model.recipe


def _save(path: Path, logits: NDArray[Any], level: float) -> None:
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as file:
        np.savez(file, logits=logits.astype(np.float16), level=level)
    fresh.replace(path)


def _network(recipe: AtlasRecipe) -> Predict:
    def predict(train: Plots, test: Plots, seed: int) -> tuple[NDArray[Any], float]:
        return _scored(recipe.fit(train, seed), test)

    return predict


def _scored(fitted: FittedAtlas, test: Plots) -> tuple[NDArray[Any], float]:
    return fitted.logits(test).numpy(), fitted.level


def _without_effort(recipe: AtlasRecipe) -> Predict:
    """Return the model to which all squares seem equally explored."""
    def predict(train: Plots, test: Plots, seed: int) -> tuple[NDArray[Any], float]:
        fitted = recipe.fit(replace(train, effort=np.full(len(train), WELL, np.float32)), seed)
        fitted.level = float(WELL)
        return _scored(fitted, test)

    return predict


def _without_terrain(recipe: AtlasRecipe) -> Predict:
    """Return the model that sees climate alone, in the square and around it."""
    def predict(train: Plots, test: Plots, seed: int) -> tuple[NDArray[Any], float]:
        return _scored(recipe.fit(_climate_alone(train), seed), _climate_alone(test))

    return predict


def _climate_alone(plots: Plots) -> Plots:
    terrain = {layer.name for layer in TERRAIN}
    kept = np.array([predictor.name not in terrain for predictor in plots.predictors])
    patch, place = plots.more
    return replace(plots, values=plots.values[:, kept], more=(replace(patch, values=patch.values[:, kept]), place),
                   predictors=tuple(one for one, keep in zip(plots.predictors, kept, strict=True) if keep))


def _rival(fit: Callable[[Plots, Plots, int], NDArray[Any]]) -> Predict:
    return lambda train, test, seed: (fit(train, test, seed), float("nan"))
