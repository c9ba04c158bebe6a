"""One fold's model as a package, so that another program's scores at held-out plots can be compared."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

from training import metrics
from training.datasets import Plots
from training.evaluate import fold_seed, folds_of
from training.models import Model
from training.package import write_model

HELD_OUT = "held_out.csv"


def export_fold(target: Path, model: Model, plots: Plots, figures: dict[str, Any], assignment: int, fold: int,
                data: Path) -> None:
    """Write the package of the model that does not know block fold `fold` of `assignment`, and ``held_out.csv``.

    That file has a row for every held-out plot: ``x``, ``y`` in the plots' CRS, then for every taxon ``present:NAME``
    and ``score:NAME``, the out-of-fold score (seven significant digits). λ is fitted on the training plots' own
    scores: the package is for checking scores, not for maps.
    """
    held = folds_of(plots, model.recipe, "blocks", assignment) == fold
    train, test = plots.take(~held), plots.take(held)
    fitted = model.recipe.fit(train, fold_seed(assignment, fold))
    lambdas = metrics.prevalence_thresholds(train.present, fitted.scores(train))
    own = replace(model, name=f"{model.name}-fold-{assignment}-{fold}",
                  title=f"{model.title}: without fold {fold} of assignment {assignment}")
    write_model(target, own, train, fitted, figures, lambdas, data)
    with (target / HELD_OUT).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["x", "y", *(f"present:{name}" for name in plots.taxa),
                         *(f"score:{name}" for name in plots.taxa)])
        for (x, y), present, scores in zip(test.xy, test.present, fitted.scores(test)):
            writer.writerow([x, y, *(int(value) for value in present), *(f"{value:.7g}" for value in scores)])
