"""The evaluation report: the figures file as a page for people, with two small pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.evaluate import FOREST, NETWORK

REPORT, PICTURE = "evaluation.md", "evaluation.png"
TITLES = {"blocks": "Spatial blocks", "random": "Random folds"}
WANTED = {"western-swiss-alps": 0.01, "netherlands-lmf": 0.008}
"""Paired gain over the random forest that was aimed at before anything was measured."""

NOTES = """F1 and TSS are those of the λ rule: a fold's sets are taken with λ from the other folds' scores. An AUC below
one half for the most frequent taxa is no error: where a taxon is rare in training it is common in the test."""


def write_report(folder: Path, found: dict[str, Any]) -> None:
    """Write ``evaluation.md`` and ``evaluation.png`` from the figures to a model's folder."""
    _draw(folder / PICTURE, found)
    (folder / REPORT).write_text(text(found), encoding="utf-8")


def text(found: dict[str, Any]) -> str:
    """Return the page in Markdown."""
    lines = [f"# Evaluation of {found['model']}", "",
             f"{found['plots']} plots, {found['taxa']} taxa, {found['folds']} folds; written by "
             f"`python -m training package {found['model']}` from its `figures.json`. Scores are pooled out-of-fold, "
             "figures are means over fold assignments. Random folds put neighbours of a plot into training: quote the "
             "spatial blocks.", ""]
    for name, protocol in found["protocols"].items():
        lines += [f"## {_title(name, protocol)}", "", *_table(protocol), "", _gain(name, protocol, found["model"]), ""]
    lines += [NOTES, "", f"![Gain by assignment, and reliability of the network]({PICTURE})", "", *_conformal(found)]
    return "\n".join(lines) + "\n"


def _title(name: str, protocol: dict[str, Any]) -> str:
    size = f" of {protocol['block_km']:g} km" if protocol["block_km"] else ""
    return f"{TITLES[name]}{size}, assignments {', '.join(str(seed) for seed in protocol['seeds'])}"


def _table(protocol: dict[str, Any]) -> list[str]:
    rows = ["| model | AUC | TSS | F1 samples | F1 micro | F1 macro | recall in the best 5 / 10 / 20 | ECE |",
            "|---|---|---|---|---|---|---|---|"]
    for name, entry in protocol["models"].items():
        sets, recall = entry["set"], " / ".join(f"{value:.2f}" for value in entry["recall_at"].values())
        rows.append(f"| {name} | {np.mean(entry['auc']):.4f} | {sets['tss']:.3f} | {sets['samples']:.3f} | "
                    f"{sets['micro']:.3f} | {sets['macro']:.3f} | {recall} | {entry['ece']:.4f} |")
    return rows


def _gain(name: str, protocol: dict[str, Any], model: str) -> str:
    gain = protocol["gains"][FOREST]
    said = f"Paired gain over the random forest in AUC: **{gain['mean']:+.4f}**"
    if len(gain["differences"]) > 1:
        low, high = gain["interval"]
        said += (f", 95 % interval over assignments {low:+.4f} to {high:+.4f} (it says how the figure depends on the "
                 "assignment, not on the plots), by assignment "
                 + ", ".join(f"{value:+.4f}" for value in gain["differences"]))
    said += f". Mean richness of the λ sets {protocol['models'][NETWORK]['set']['richness']:.2f}, observed " \
            f"{protocol['models'][NETWORK]['set']['observed_richness']:.2f}."
    if name == "blocks":
        reached = "reached" if gain["mean"] >= WANTED[model] else "**not reached**"
        said += f" The target of {WANTED[model]:+.3f} is {reached}."
    return said


def _conformal(found: dict[str, Any]) -> list[str]:
    rows = ["## Conformal sets", "", f"Event: {found['conformal']['event']}. Calibrated on other folds of blocks than "
            "those tested; interval over bootstrap draws of blocks.", "",
            "| level | coverage | interval | worst block | mean size | observed richness | too wide to map |",
            "|---|---|---|---|---|---|---|"]
    for entry in found["conformal"]["levels"]:
        low, high = entry["interval"]
        cells = (entry["level"], f"{entry['coverage']:.3f}", f"{low:.3f}–{high:.3f}", f"{entry['worst_block']:.3f}",
                 f"{entry['mean_size']:.1f}", f"{entry['mean_richness']:.1f}", "yes" if entry["too_wide"] else "no")
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return rows


def _draw(path: Path, found: dict[str, Any]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    protocol = found["protocols"]["blocks"]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.4), dpi=90, layout="constrained")
    left.bar([str(seed) for seed in protocol["seeds"]], protocol["gains"][FOREST]["differences"], color="#4a7c59")
    left.axhline(protocol["gains"][FOREST]["mean"], color="black", linewidth=0.8)
    left.set(xlabel="fold assignment", ylabel="gain in AUC over the random forest")
    scores, shares, _ = zip(*protocol["reliability"])
    right.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    right.plot(scores, shares, "o-", color="#4a7c59")
    right.set(xlabel="score", ylabel="share of plots with the taxon", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)
