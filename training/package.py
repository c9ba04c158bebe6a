"""From plots, an ensemble and its figures to a model package in ``resources/models``."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.write import write_package
from training.datasets import Plots
from training.datasets.plots import stated_predictors
from training.evaluate import NETWORK
from training.models import Shipped
from training.network import Ensemble, to_onnx
from training.taxonomy import taxa_rows

MESS = ("Elith, J., Kearney, M. & Phillips, S. (2010). The art of modelling range-shifting species. "
        "Methods in Ecology and Evolution 1: 330–342")
PLATT = ("Platt scaling of the ensemble's mean logit, one line for all taxa, inside the graph; fitted on inner spatial "
         "blocks of the training plots")
MEAN = "none beyond averaging the ensemble's members on the logit"
METRIC = "taxon-mean ROC AUC, pooled out-of-fold"
PROTOCOL_TITLES = {"random": "random folds (neighbouring plots leak: optimistic)", "blocks": "spatial blocks"}


def write_model(target: Path, model: Shipped, plots: Plots, ensemble: Ensemble, figures: dict[str, Any],
                thresholds: NDArray[np.float64], data: Path) -> None:
    """Write the package of `model` to `target`, replacing what is there."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    write_package(fresh, card(model, plots, figures), to_onnx(ensemble, plots),
                  taxa_rows(plots.taxa, thresholds, data))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def card(model: Shipped, plots: Plots, figures: dict[str, Any]) -> dict[str, Any]:
    """Return the card's JSON without ``schema`` and ``checksums``."""
    predictors = stated_predictors(plots)
    numbers = [i for i, codes in enumerate(plots.categorical) if not codes]
    return {
        "name": model.name, "title": model.title, "version": model.version, "description": model.description,
        "licence": model.licence, "attribution": model.attribution,
        "inputs": [{"name": "point", "kind": "point", "resolution": plots.resolution,
                    "encoding": plots.encoding,
                    "predictors": [asdict(predictor) for predictor in predictors]}],
        "output": "scores", "scale": "sigmoid", "default_rule": "lambda", "resolution": plots.resolution,
        "simulated": False,
        "evaluation": [_evaluation(name, protocol, figures) for name, protocol in figures["protocols"].items()],
        "training": [{**asdict(plots.source), "plots": len(plots), "taxa": len(plots.taxa)}],
        "limits": list(model.limits),
        "calibration": _calibration(figures),
        "domain": {"method": "mess", "source": MESS, "values": {
            predictors[i].name: np.percentile(plots.values[:, i].astype(np.float64), range(101)).round(4).tolist()
            for i in numbers}} if numbers else None,
        "conformal": figures.get("conformal"),
    }


def _evaluation(name: str, protocol: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    means = {model: round(float(np.mean(entry["auc"])), 4) for model, entry in protocol["models"].items()}
    return {"protocol": PROTOCOL_TITLES[name], "block_km": protocol["block_km"], "folds": figures["folds"],
            "seeds": protocol["seeds"], "metric": METRIC, "value": means.pop(NETWORK), "interval": None,
            "baselines": means}


def _calibration(figures: dict[str, Any]) -> dict[str, Any]:
    network = figures["protocols"]["blocks"]["models"][NETWORK]
    return {
        "method": PLATT if figures["recipe"]["inner_folds"] else MEAN,
        "ece": round(network["ece"], 4),
        "protocol": "out-of-fold, spatial blocks, mean over assignments, ten bins of equal width",
        "lambda": "per taxon, so that as many out-of-fold scores lie above it as plots hold the taxon (prevalence "
                  "matching), pooled over the assignments of spatial blocks",
        "mean_predicted_richness": round(network["set"]["richness"], 2),
        "mean_observed_richness": round(network["set"]["observed_richness"], 2),
        "richness": {key: round(value, 4) for key, value in figures["richness"].items()},
    }
