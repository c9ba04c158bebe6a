"""Which set rule a model starts with, chosen without the plots on which it is reported; and what its intervals hold.

``python -m training.inner MODEL`` takes the first assignment of spatial blocks. For each of its outer folds the model
is fitted to inner folds of the training plots, the rules are compared there, and the one chosen is measured on the
plots held out (`set_rules.chosen_on_inner`). Scores in --build are kept and reused only for the same data and recipe:
an interrupted run goes on. The figures go into ``figures.json``, ``evaluation.md`` and the card of the package.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import held_out
from training.annotate import annotate_inner
from training.baselines import NETWORK
from training.datasets import Plots
from training.evaluate import digest, folds_of, network, out_of_fold
from training.folds import block_folds
from training.models import Model
from training.rivals import scores
from training.set_rules import Array, chosen_on_inner
from training.shipped import asked
from training.taxonomy import table_of

INNER_FOLDS, SEED = 3, 700


def measured(plots: Plots, model: Model, cache: Path) -> dict[str, Any]:
    """Return the comparison of rules and what the intervals hold, on the first assignment; plain JSON."""
    first = model.seeds["blocks"][0]
    outer, found = folds_of(plots, model.recipe, "blocks", first), scores(plots, model, cache, NETWORK, first)

    def inner(number: int) -> tuple[Array, NDArray[np.int64]]:
        train = plots.take(outer != number)
        folds = block_folds(train.xy, model.recipe.blocks, SEED + number, INNER_FOLDS)
        return _inner_scores(train, folds, model, cache, SEED + number), folds

    rules = chosen_on_inner(plots.present, found, outer, inner)
    return {"rules": {"assignment": first, "inner_folds": INNER_FOLDS, **rules},
            "held": held_out.held(plots.present, [found], model.recipe.blocks.of(plots.xy), table_of(plots.taxa))}


def _inner_scores(train: Plots, folds: NDArray[np.int64], model: Model, cache: Path, seed: int) -> Array:
    """Return the scores of training plots by models that do not know their inner fold, from `cache` where they are."""
    key = sha256(repr((digest(train), folds.tolist(), asdict(model.recipe), seed)).encode()).hexdigest()[:12]
    file = cache / f"inner-{seed}-{key}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with file.with_suffix(".part").open("wb") as temporary:
            np.save(temporary, out_of_fold(train, network(model.recipe), folds, seed, model.recipe.blocks))
        file.with_suffix(".part").replace(file)
    return np.asarray(np.load(file))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and annotate; return the exit code."""
    run = asked("inner", __doc__, arguments)
    found = measured(run.plots, run.model, run.cache)
    annotate_inner(run.package, found)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
