"""Fair rivals: how the model compares with baselines that are tuned as hard as it is, and how sure that is.

``python -m training.rivals MODEL`` scores, on the first assignments of spatial blocks, the model and every baseline of
`baselines`, draws whole blocks with replacement for the interval of the gain over the *best* of them, and repeats model
and best baseline with blocks counted from another origin. Scores in --build are kept and reused only for the same data
and settings; an interrupted run goes on with the next fold. The figures go into ``figures.json``, ``evaluation.md``
and the card of the package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import metrics
from training.annotate import annotate_rivals
from training.baselines import BASELINES, FOREST, NETWORK, RIVALS, random_forest
from training.datasets import Plots
from training.evaluate import Predict, digest, fold_scores, folds_of, network, scores_file
from training.folds import Blocks
from training.models import Model
from training.shipped import asked

DRAWS, SEED = 500, 23
ASSIGNMENTS = 3

Array = NDArray[np.float32]


def everything(model: Model) -> dict[str, Predict]:
    """Return the model and all its rivals, by name."""
    def plain(fit: Callable[..., Any]) -> Predict:
        return lambda train, test, seed: fit(train.table(), test.table().values, seed).astype(np.float32)

    def forest(plots: Plots, values: Array, seed: int) -> Any:
        return random_forest(plots, values, seed, model.recipe.forest_trees, model.recipe.forest_leaf)

    fits = {FOREST: forest, **{name: BASELINES[name] for name in model.baselines if name not in model.slow}, **RIVALS}
    return {NETWORK: network(model.recipe), **{name: plain(fit) for name, fit in fits.items()}}


def scores(plots: Plots, model: Model, cache: Path, name: str, seed: int) -> Array:
    """Return the out-of-fold scores of one of `everything` for one assignment, from `cache` where they are there."""
    file = scores_file(cache, model, digest(plots), "blocks", seed, name)
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        folds, found = folds_of(plots, model.recipe, "blocks", seed), np.empty(plots.present.shape, np.float32)
        pieces = {fold: file.with_suffix(f".{fold}.npy") for fold in np.unique(folds).tolist()}
        for fold, piece in pieces.items():
            if not piece.exists():
                _save(piece, fold_scores(plots, everything(model)[name], folds, fold, seed, model.recipe.blocks))
            found[folds == fold] = np.load(piece)
        _save(file, found)
        for piece in pieces.values():
            piece.unlink()
    return np.asarray(np.load(file), np.float32)


def _save(file: Path, found: Array) -> None:
    with file.with_suffix(".part").open("wb") as temporary:
        np.save(temporary, found)
    file.with_suffix(".part").replace(file)


def bootstrap(plots: Plots, blocks: NDArray[np.int64], ours: Sequence[Array], theirs: Sequence[Array],
              draws: int = DRAWS) -> tuple[float, float]:
    """Return the 95 % interval of the difference in taxon-mean AUC, mean over assignments, over draws of whole blocks.

    `ours` and `theirs` are scores (plots, taxa), one an assignment.
    """
    rng, numbers = np.random.default_rng(SEED), np.unique(blocks)
    rows = {number: np.flatnonzero(blocks == number) for number in numbers.tolist()}
    found = []
    for _ in range(draws):
        drawn = np.concatenate([rows[number] for number in rng.choice(numbers, len(numbers)).tolist()])
        found.append(np.mean([metrics.mean_auc(plots.present[drawn], mine[drawn])
                              - metrics.mean_auc(plots.present[drawn], other[drawn])
                              for mine, other in zip(ours, theirs, strict=True)]))
    low, high = np.quantile(found, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


def compare(plots: Plots, model: Model, cache: Path, assignments: int, report: Callable[[str], None] = print
            ) -> dict[str, Any]:
    """Return the figures of the comparison; plain JSON."""
    seeds = model.seeds["blocks"][:assignments]
    auc: dict[str, list[float]] = {}
    for name in everything(model):
        auc[name] = [round(metrics.mean_auc(plots.present, scores(plots, model, cache, name, seed)), 4)
                     for seed in seeds]
        report(f"{name:20} {np.mean(auc[name]):.4f}")
    best = max((name for name in auc if name != NETWORK), key=lambda name: float(np.mean(auc[name])))
    ours, theirs = ([scores(plots, model, cache, name, seed) for seed in seeds] for name in (NETWORK, best))
    moved = replace(model, recipe=replace(model.recipe, blocks=_moved(model.recipe.blocks)))
    elsewhere = {name: round(float(np.mean([metrics.mean_auc(plots.present, scores(plots, moved, cache, name, seed))
                                            for seed in seeds])), 4) for name in (NETWORK, best)}
    return {"seeds": list(seeds), "auc": auc, "best": best,
            "gain": round(float(np.mean(auc[NETWORK]) - np.mean(auc[best])), 4),
            "interval": bootstrap(plots, model.recipe.blocks.of(plots.xy), ours, theirs), "draws": DRAWS,
            "other_origin": elsewhere}


def _moved(blocks: Blocks) -> Blocks:
    """Return blocks counted from half a side further."""
    return replace(blocks, origin=(blocks.origin[0] + blocks.side / 2, blocks.origin[1] + blocks.side / 2))


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and annotate; return the exit code."""
    run = asked("rivals", __doc__, arguments,
                lambda parser: parser.add_argument("--assignments", type=int, default=ASSIGNMENTS))
    found = compare(run.plots, run.model, run.cache, run.args.assignments)
    annotate_rivals(run.package, found)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
