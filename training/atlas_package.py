"""From an atlas, a fitted model and its figures to a package: what `package` writes for others, and the records."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.models.package import CARD, checksum
from geoplantnet_plugin.engine.models.write import write_package
from training.atlas import FittedAtlas
from training.atlas_figures import card_entries
from training.datasets.iberia import SIDE, Atlas, read_atlas
from training.datasets.plots import Plots
from training.flora import FLORA, RECORDS, flora_rows, write_flora
from training.models import Model
from training.package import domain, inputs

MEASURE = "taxa recorded in the square"
CHOSEN = ("the level at which, over the training squares with 300 taxa or more, as many taxa are predicted in the mean "
          "as were recorded; in cross-validation on the training folds only")


def write_atlas_model(target: Path, model: Model, plots: Plots, fitted: FittedAtlas, figures: dict[str, Any],
                      data: Path) -> None:
    """Write the package of `model` to `target`, replacing what is there.

    `figures` are those of `atlas_figures`.
    """
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    scores = fitted.scores(plots)
    rows = flora_rows(read_atlas(data), _altitudes(plots, read_atlas(data)), {
        name: {"id": str(number), "mean_score": float(scores[:, number - 1].mean()), "auc": auc}
        for number, (name, auc) in enumerate(zip(plots.taxa, figures["auc"], strict=True), 1)}, data)
    write_package(fresh, card(model, plots, fitted, figures), fitted.onnx(plots),
                  _taxa(rows, figures["lambda"]))
    write_flora(fresh, read_atlas(data), rows)
    _add_checksums(fresh, FLORA, RECORDS)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def card(model: Model, plots: Plots, fitted: FittedAtlas, figures: dict[str, Any]) -> dict[str, Any]:
    """Return the card's JSON without ``schema`` and ``checksums``."""
    return {
        "name": model.name, "title": model.title, "version": model.version, "description": model.description,
        "licence": model.licence, "attribution": model.attribution, "inputs": inputs(plots),
        "output": "scores", "scale": "sigmoid", "default_rule": "lambda", "resolution": SIDE, "simulated": False,
        "support": {"side": SIDE},
        "effort": {"level": fitted.level, "measure": MEASURE, "chosen": CHOSEN},
        "training": [{**asdict(plots.source), "plots": len(plots), "taxa": len(plots.taxa),
                      "recipe": model.recipe.words}],
        "limits": list(model.limits), "domain": domain(plots), **card_entries(figures),
    }


def _taxa(rows: list[dict[str, Any]], thresholds: list[float]) -> list[dict[str, str]]:
    """Return the rows of ``taxa.csv``: the modelled species among those of ``flora.csv``."""
    return [{**row, "accepted_name": row["name"], "rank": "species", "genus": row["name"].split()[0],
             "lambda": f"{threshold:.6g}"}
            for row, threshold in zip((row for row in rows if row.get("id")), thresholds, strict=True)]


def _altitudes(plots: Plots, atlas: Atlas) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and the highest altitude of each square of the atlas, NaN where the cube has none."""
    names = [predictor.name for predictor in plots.predictors]
    where = {tuple(xy): number for number, xy in enumerate(plots.xy)}
    rows = [where.get(tuple(xy)) for xy in atlas.xy]
    low, high = (np.array([np.nan if row is None else plots.values[row, names.index(name)] for row in rows])
                 for name in ("altitude_min", "altitude_max"))
    return low, high


def _add_checksums(folder: Path, *files: str) -> None:
    document = json.loads((folder / CARD).read_text(encoding="utf-8"))
    document["checksums"] |= {file: checksum(folder / file) for file in files}
    with writing(folder / CARD) as path:
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
