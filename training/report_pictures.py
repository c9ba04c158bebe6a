"""The pictures of the evaluation report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.baselines import FOREST, NETWORK

PICTURES = {
    "evaluation.png": "Gain over the random forest by assignment, and reliability of the model",
    "models.png": "AUC of the model and its baselines on spatial blocks and random folds, and what each group of "
                  "predictors contributes",
}
GREEN, GREY = "#4a7c59", "#b0b0b0"


def draw(folder: Path, found: dict[str, Any]) -> None:
    """Write the pictures to a folder."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    for file, paint in zip(PICTURES, (_gain_and_reliability, _models_and_contributions)):
        figure, axes = pyplot.subplots(1, 2, figsize=(8, 3.4), dpi=90, layout="constrained")
        paint(*axes, found)
        figure.savefig(folder / file, metadata={"Software": None})
        pyplot.close(figure)


def _gain_and_reliability(left: Any, right: Any, found: dict[str, Any]) -> None:
    protocol = found["protocols"]["blocks"]
    gain = protocol["gains"][FOREST]
    left.bar([str(seed) for seed in protocol["seeds"]], gain["differences"], color=GREEN)
    left.axhline(gain["mean"], color="black", linewidth=0.8)
    left.set(xlabel="fold assignment", ylabel="gain in AUC over the random forest")
    right.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, colour, label in ((FOREST, GREY, FOREST), (NETWORK, GREEN, "this model")):
        scores, shares, _ = zip(*protocol["models"][name]["reliability"])
        right.plot(scores, shares, "o-", color=colour, label=label)
    right.legend(frameon=False)
    right.set(xlabel="score", ylabel="share of plots with the taxon", xlim=(0, 1), ylim=(0, 1))


def _models_and_contributions(left: Any, right: Any, found: dict[str, Any]) -> None:
    protocols = found["protocols"]
    names = list(protocols["blocks"]["models"])
    high = 0.8 / len(protocols)
    for place, (protocol, colour) in enumerate(zip(protocols, (GREEN, GREY))):
        means = [np.mean(protocols[protocol]["models"][name]["auc"]) for name in names]
        left.barh(np.arange(len(names)) + place * high, means, high, color=colour,
                  label={"blocks": "spatial blocks", "random": "random folds"}[protocol])
    left.set_yticks(np.arange(len(names)) + high / 2, ["this model", *names[1:]])
    left.invert_yaxis()
    left.set(xlabel="AUC", xlim=(0.3, 1))
    left.legend(frameon=False, loc="lower right", fontsize="small")
    losses = sorted(((entry["loss"], name) for name, entry in protocols["blocks"]["contributions"].items()))
    right.barh([name for _, name in losses], [loss for loss, _ in losses], color=GREEN)
    right.set(xlabel="AUC lost without it")
