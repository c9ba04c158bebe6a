"""From plots, an ensemble and its figures to a model package in ``resources/models``."""

from __future__ import annotations

import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.models.write import write_package
from training.annotate import calibration_of
from training.baselines import NETWORK
from training.datasets import Plots
from training.datasets.plots import POINT, stated, stated_predictors
from training.models import Fit, Model
from training.taxonomy import taxa_rows

MESS = ("Elith, J., Kearney, M. & Phillips, S. (2010). The art of modelling range-shifting species. "
        "Methods in Ecology and Evolution 1: 330–342")
PLATT = ("Platt scaling of the parts' mean logit, one line for all taxa, inside the graph; fitted on inner spatial "
         "blocks of the training plots")
MEAN = "none beyond averaging the ensemble's members on the logit"
METRIC = "taxon-mean ROC AUC, pooled out-of-fold"
PROTOCOL_TITLES = {"random": "random folds (neighbouring plots leak: optimistic)", "blocks": "spatial blocks"}


def write_model(target: Path, model: Model, plots: Plots, fitted: Fit, figures: dict[str, Any],
                thresholds: NDArray[np.float64], data: Path) -> None:
    """Write the package of `model` to `target`, replacing what is there."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    write_package(fresh, card(model, plots, figures), fitted.onnx(plots),
                  taxa_rows(plots.taxa, thresholds, data))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def card(model: Model, plots: Plots, figures: dict[str, Any]) -> dict[str, Any]:
    """Return the card's JSON without ``schema`` and ``checksums``."""
    return {
        "name": model.name, "title": model.title, "version": model.version, "description": model.description,
        "licence": model.licence, "attribution": model.attribution,
        "inputs": inputs(plots),
        "output": "scores", "scale": "sigmoid", "default_rule": figures["held_out"]["default_rule"],
        "resolution": plots.resolution,
        "simulated": model.simulated,
        "evaluation": [_evaluation(name, protocol, figures) for name, protocol in figures["protocols"].items()],
        "training": [{**asdict(plots.source), **_counts(plots), "recipe": model.recipe.words}],
        "limits": list(model.limits),
        "calibration": _calibration(model, figures),
        "domain": domain(plots),
        "conformal": figures.get("conformal"),
    }


def inputs(plots: Plots) -> list[dict[str, Any]]:
    """Return the card's inputs, with the range of every number in the training data."""
    point = ModelInput(POINT, "point", stated_predictors(plots), plots.resolution)
    found = [point] if plots.predictors else []
    for one in plots.more:
        bands = np.moveaxis(one.values, 1, 0)
        found.append(replace(one.entry, predictors=tuple(map(stated, one.entry.predictors, bands))))
    return [asdict(entry) for entry in found]


def _counts(plots: Plots) -> dict[str, int]:
    records = {"presence_only_records": len(plots.records.taxon)} if plots.records is not None else {}
    return {"plots": len(plots), "taxa": len(plots.taxa), **records}


def domain(plots: Plots) -> dict[str, Any] | None:
    """Return the percentiles of every number of a point and of every band at a patch's centre."""
    values = {predictor.name: column for predictor, column in zip(plots.predictors, plots.values.T)
              if not predictor.categorical}
    for one in plots.more:
        if one.entry.kind == "point":
            values |= dict(zip((predictor.name for predictor in one.entry.predictors), one.values.T, strict=True))
        if one.entry.kind == "patch":
            height, width = one.values.shape[2:]
            middle = one.values[:, :, height // 2, width // 2]
            values |= {predictor.name: column for predictor, column in zip(one.entry.predictors, middle.T)}
    if not values:
        return None
    return {"method": "mess", "source": MESS, "values": {
        name: np.percentile(column.astype(np.float64), range(101)).round(4).tolist()
        for name, column in values.items()}}


def _evaluation(name: str, protocol: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    means = {_with_seeds(model, entry, protocol): round(float(np.mean(entry["auc"])), 4)
             for model, entry in protocol["models"].items()}
    return {"protocol": PROTOCOL_TITLES[name], "block_km": protocol["block_km"], "folds": figures["folds"],
            "seeds": protocol["seeds"], "metric": METRIC, "value": means.pop(NETWORK), "interval": None,
            "baselines": means}


def _with_seeds(name: str, entry: dict[str, Any], protocol: dict[str, Any]) -> str:
    """Return a baseline's name, with its assignments where it saw fewer than the model."""
    if entry["seeds"] == protocol["seeds"]:
        return name
    return f"{name} (assignments {', '.join(map(str, entry['seeds']))})"


def _calibration(model: Model, figures: dict[str, Any]) -> dict[str, Any]:
    network = figures["protocols"]["blocks"]["models"][NETWORK]
    return {
        "method": PLATT if model.recipe.calibrated else MEAN,
        "ece": round(network["ece"], 4),
        "protocol": "out-of-fold, spatial blocks, mean over assignments, ten bins of equal width",
        "lambda": "per taxon, so that as many out-of-fold scores lie above it as plots hold the taxon (prevalence "
                  "matching), pooled over the assignments of spatial blocks",
        "mean_predicted_richness": round(network["set"]["richness"], 2),
        "mean_observed_richness": round(network["set"]["observed_richness"], 2),
        **calibration_of(figures["richness"], figures["held_out"]),
    }
