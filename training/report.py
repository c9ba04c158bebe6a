"""The evaluation report: the figures file as a page for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.baselines import FOREST, NETWORK
from training.report_pictures import PICTURES, draw

REPORT, FIGURES = "evaluation.md", "figures.json"
LISTS = {"held": "printed bounds held", "stated": "stated", "least": "least", "distribution": "distribution"}
TITLES = {"blocks": "Spatial blocks", "random": "Random folds"}

NOTES = """F1 and TSS are those of the λ rule: a fold's sets are taken with λ from the other folds' scores. An AUC below
one half for the most frequent taxa is no error: where a taxon is rare in training it is common in the test."""


def write_report(folder: Path, found: dict[str, Any]) -> None:
    """Write ``evaluation.md`` and its pictures from the figures to a model's folder."""
    draw(folder, found)
    (folder / REPORT).write_text(text(found), encoding="utf-8")


def text(found: dict[str, Any]) -> str:
    """Return the page in Markdown."""
    lines = [f"# Evaluation of {found['model']}", "",
             f"{found['plots']} plots, {found['taxa']} taxa, {found['folds']} folds; written by "
             f"`python -m training package` from `figures.json`. Scores are pooled out-of-fold, figures are means over "
             "fold assignments. Random folds put neighbours of a plot into training: quote the spatial blocks.", "",
             f"Model: {found['words']}.", "", *_side_by_side(found["protocols"])]
    for name, protocol in found["protocols"].items():
        lines += [f"## {_title(name, protocol)}", "", *_table(protocol), "",
                  _gain(protocol, found["wanted"] if name == "blocks" else None), "", *_contributions(protocol)]
    lines += [NOTES, "", *(f"![{words}]({file})" for file, words in PICTURES.items()), "",
              *_rivals(found.get("rivals")), *_held(found["held_out"]), *_rules(found["held_out"]),
              *conformal_lines(found)]
    return "\n".join(lines) + "\n"


def _side_by_side(protocols: dict[str, Any]) -> list[str]:
    """Return AUC by protocol, a column each."""
    names = {name: TITLES[name].lower() for name in protocols}
    rows = [f"| AUC | {' | '.join(names.values())} |", "|---|" + "---|" * len(names)]
    for model in protocols["blocks"]["models"]:
        values = (f"{np.mean(protocol['models'][model]['auc']):.4f}" for protocol in protocols.values())
        rows.append(f"| {_called(model)} | {' | '.join(values)} |")
    return [*rows, ""]


def _called(model: str) -> str:
    return "**this model**" if model == NETWORK else model


def _title(name: str, protocol: dict[str, Any]) -> str:
    size = f" of {protocol['block_km']:g} km" if protocol["block_km"] else ""
    return f"{TITLES[name]}{size}, assignments {_list(protocol['seeds'])}"


def _list(seeds: list[int]) -> str:
    return ", ".join(map(str, seeds))


def _table(protocol: dict[str, Any]) -> list[str]:
    rows = ["| model | AUC | gain of this model | TSS | F1 samples | F1 micro | F1 macro | recall in best 5 / 10 / 20 "
            "| ECE |", "|---|---|---|---|---|---|---|---|---|"]
    for name, entry in protocol["models"].items():
        sets, recall = entry["set"], " / ".join(f"{value:.2f}" for value in entry["recall_at"].values())
        gain = f"{protocol['gains'][name]['mean']:+.4f}" if name in protocol["gains"] else ""
        some = "" if entry["seeds"] == protocol["seeds"] else f" (assignments {_list(entry['seeds'])})"
        rows.append(f"| {_called(name)}{some} | {np.mean(entry['auc']):.4f} | {gain} | {sets['tss']:.3f} | "
                    f"{sets['samples']:.3f} | {sets['micro']:.3f} | {sets['macro']:.3f} | {recall} | "
                    f"{entry['ece']:.4f} |")
    return rows


def _gain(protocol: dict[str, Any], wanted: float | None) -> str:
    gain = protocol["gains"][FOREST]
    said = f"Paired gain over the random forest in AUC: **{gain['mean']:+.4f}**"
    if len(gain["differences"]) > 1:
        low, high = gain["interval"]
        said += (f", 95 % interval over assignments {low:+.4f} to {high:+.4f} (it says how the figure depends on the "
                 "assignment, not on the plots), by assignment "
                 + ", ".join(f"{value:+.4f}" for value in gain["differences"]))
    sets = protocol["models"][NETWORK]["set"]
    said += f". Mean richness of the λ sets {sets['richness']:.2f}, observed {sets['observed_richness']:.2f}."
    if wanted is not None:
        said += f" The target of {wanted:+.3f} is {'reached' if gain['mean'] >= wanted else '**not reached**'}."
    return said


def _contributions(protocol: dict[str, Any]) -> list[str]:
    if not protocol["contributions"]:
        return []
    first = next(iter(protocol["contributions"].values()))
    rows = [f"What the model loses when it is trained without a group of predictors (assignments "
            f"{_list(first['seeds'])}); what others say as well is not missed, so that losses do not add up:", "",
            "| left out | AUC | loss |", "|---|---|---|"]
    ordered = sorted(protocol["contributions"].items(), key=lambda item: -item[1]["loss"])
    rows += [f"| {name} | {np.mean(entry['auc']):.4f} | {entry['loss']:+.4f} |" for name, entry in ordered]
    return [*rows, ""]


def _rivals(found: dict[str, Any] | None) -> list[str]:
    """Return the comparison with baselines that were tuned as hard as the model, where it was made."""
    if not found:
        return []
    best, (low, high) = found["best"], found["interval"]
    elsewhere = found["other_origin"]
    rows = ["## Fair rivals", "",
            f"Taxon-mean AUC on spatial blocks, assignments {_list(found['seeds'])}; written by `python -m "
            "training.rivals`. Leaf (1 to 80) and features of tuned forest and extra trees and the penalties of tuned "
            "MaxEnt are chosen on inner blocks of the training plots of each fold.", "", "| model | AUC |", "|---|---|"]
    rows += [f"| {_called(name)} | {np.mean(auc):.4f} |"
             for name, auc in sorted(found["auc"].items(), key=lambda item: -np.mean(item[1]))]
    return [*rows, "", f"Gain over the best of these ({best}): **{found['gain']:+.4f}**; 95 % interval over "
            f"{found['draws']} draws of whole blocks {low:+.4f} to {high:+.4f} (assignments {_list(found['seeds'])}). "
            f"With blocks counted from half a side further: this model {elsewhere[NETWORK]:.4f}, {best} "
            f"{elsewhere[best]:.4f}.", ""]


def _held(found: dict[str, Any]) -> list[str]:
    """Return in what share of held-out plots the intervals hold the observed number."""
    held = found["held"]
    rows = ["## What the intervals hold", "",
            f"Intervals at {held['level']:.0%}; {held['protocol']}. The printed bounds are whole numbers, "
            "which of one or three taxa can only hold more. *Stated* is what they hold by the distribution behind "
            "them, *least* what the narrowest whole bounds with no less than 90 % would hold. The distribution itself "
            "is judged by how often the observed number lies in its middle 90 %, numbers being spread evenly over "
            "their own probability.", "",
            *_lists_table(held["lists"])]
    rows += ["", "| interval | held |", "|---|---|",
             *(f"| {index} index of the taxa there | {share:.1%} |" for index, share in held["diversity"].items()),
             *([f"| share of woody taxa among those there | {held['woody']:.1%} |"] if "woody" in held else []),
             f"| mean number of taxa of a block | {held['richness_of_blocks']:.1%} |", "",
             f"Presences of a plot's taxa share a factor of standard deviation {found['shared_sd']:g} p (1 − p); the "
             f"mean richness of a block is off by a factor exp(N(0, {found['block_sd']:g})).", ""]
    return rows


def _lists_table(lists: dict[str, dict[str, float]]) -> list[str]:
    measured = next(iter(lists.values()))
    columns = {name: title for name, title in LISTS.items() if name in measured}
    return [f"| number of taxa of a list of | {' | '.join(columns.values())} |", "|---|" + "---|" * len(columns),
            *(f"| {length} | {' | '.join(f'{entry[name]:.1%}' for name in columns)} |"
              for length, entry in lists.items())]


def _rules(found: dict[str, Any]) -> list[str]:
    """Return the comparison of set rules."""
    rows = ["## Set rules", "",
            "F1 is the mean over plots; r and error compare the size of the set with the observed richness. "
            f"**{found['default_rule']}** is the rule that the model starts with: of the rules whose F1 is no less "
            "than λ's the one whose sets come nearest to the observed richness. All assignments, λ from the other "
            "folds:", "",
            "| rule | F1 | r | error of richness (RMSE) | mean set |", "|---|---|---|---|---|"]
    rows += [f"| {name} | {entry['f1']:.3f} | {entry['r']:.2f} | {entry['rmse']:.2f} | {entry['size']:.2f} |"
             for name, entry in found["rules"].items()]
    return [*rows, "", *_inner_rules(found.get("inner_rules"))]


def _inner_rules(found: dict[str, Any] | None) -> list[str]:
    """Return which rule was chosen without the plots that it is measured on, and what the rules are worth there."""
    if not found:
        return []
    choices = ", ".join(found["choices"])
    rows = [f"Chosen on {found['inner_folds']} inner folds of the training plots of each outer fold of assignment "
            f"{found['assignment']} (`python -m training.inner`), for the five outer folds: {choices}. On the "
            "plots held out, with λ and line of richness from the inner folds:", "",
            "| rule | F1 | r | error of richness (RMSE) | mean set |", "|---|---|---|---|---|"]
    rows += [f"| {'**chosen**' if name == 'chosen' else name} | {entry['f1']:.3f} | {entry['r']:.2f} | "
             f"{entry['rmse']:.2f} | {entry['size']:.2f} |" for name, entry in found["outer"].items()]
    return [*rows, ""]


def conformal_lines(found: dict[str, Any]) -> list[str]:
    rows = ["## Conformal sets", "", f"Event: {found['conformal']['event']}. Calibrated on other folds of blocks than "
            "those tested; interval over bootstrap draws of blocks; a set of more than twice the observed richness is "
            "too wide to map.", "",
            "| level | coverage | interval | worst block | mean size | observed richness | too wide to map |",
            "|---|---|---|---|---|---|---|"]
    for entry in found["conformal"]["levels"]:
        low, high = entry["interval"]
        cells = (entry["level"], f"{entry['coverage']:.3f}", f"{low:.3f}–{high:.3f}", f"{entry['worst_block']:.3f}",
                 f"{entry['mean_size']:.1f}", f"{entry['mean_richness']:.1f}", "yes" if entry["too_wide"] else "no")
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return rows
