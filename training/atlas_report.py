"""The evaluation of an atlas' model as a page for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.atlas import WELL
from training.atlas_figures import NEAR, mean_by_name
from training.atlas_rivals import SPECIES
from training.evaluate import NETWORK
from training.report import REPORT, conformal_lines


def write_atlas_report(folder: Path, found: dict[str, Any]) -> None:
    """Write ``evaluation.md``."""
    (folder / REPORT).write_text(text(found), encoding="utf-8")


def text(found: dict[str, Any]) -> str:
    """Return the page in Markdown."""
    return "\n".join([
        f"# Evaluation of {found['model']}", "",
        f"{found['squares']} squares of 10 km, {found['well']} of them well explored ({WELL} taxa or more recorded), "
        f"{found['taxa']} taxa, {found['folds']} folds of blocks of {found['block_km']:g} km; written by `python -m "
        "training package` from `figures.json`. Scores are pooled out-of-fold. A held-out square's own number of "
        "records is never an input to a figure.", "", f"Model: {found['words']}.", "",
        *_auc(found), *_rivals(found), *_richness(found), *_calibration(found), *_intervals(found),
        *conformal_lines(found)]) + "\n"


def _auc(found: dict[str, Any]) -> list[str]:
    rows = ["## Species-mean AUC", "",
            "| | assignments | well explored squares | all squares | gain of this model, well explored |",
            "|---|---|---|---|---|"]
    well, everywhere = mean_by_name(found, "auc_well"), mean_by_name(found, "auc")
    for name in well:
        gain = "" if name == NETWORK else f"{found['gains']['auc_well'][name]:+.4f}"
        rows.append(f"| {_called(name)} | {_assignments(found, name)} | {well[name]:.4f} | {everywhere[name]:.4f} | "
                    f"{gain} |")
    own = [run["auc_well"] for run in found["runs"] if run["name"] == NETWORK]
    reached = "reached" if np.mean(own) >= found["target"] else "**not reached**"
    return [*rows, "", f"The target of {found['target']:g} in well explored squares is {reached}; by assignment "
            f"{min(own):.4f} to {max(own):.4f}. {found['weak']} species have an AUC below 0.7 and are marked weak. "
            "Gains are paired, over the assignments both saw; a model *without* a part tells what that part adds.", ""]


def _called(name: str) -> str:
    return "**this model**" if name == NETWORK else name


def _assignments(found: dict[str, Any], name: str) -> str:
    """Return which assignments a predictor saw, origin by origin."""
    seen: dict[float, list[int]] = {}
    for run in found["runs"]:
        if run["name"] == name:
            seen.setdefault(run["origin_km"], []).append(run["seed"])
    return "; ".join(f"origin {origin:g} km: {', '.join(map(str, seeds))}" for origin, seeds in seen.items())


def _rivals(found: dict[str, Any]) -> list[str]:
    rivals = [name for name in ("GAM", "MaxEnt") if any(run["name"] == name for run in found["runs"])]
    rows = [f"## Beside models of single species: {SPECIES} drawn by seed within classes of recorded squares", "",
            "GAM: cubic splines of every predictor of the square and of the effort, logistic with a ridge penalty "
            "(scikit-learn). MaxEnt: linear, quadratic, hinge and product features of the same, penalties tuned on "
            "inner blocks. Well explored squares.", "",
            "| | assignments | AUC | gain of this model |", "|---|---|---|---|"]
    for name in (NETWORK, "random forest", *rivals):
        values = [run["auc_drawn"] for run in found["runs"] if run["name"] == name]
        if values:
            gain = "" if name == NETWORK else f"{found['gains']['auc_drawn'][name]:+.4f}"
            rows.append(f"| {_called(name)} | {_assignments(found, name)} | {np.mean(values):.4f} | {gain} |")
    return [*rows, "", *([] if rivals else ["Neither has been run yet.", ""])]


def _richness(found: dict[str, Any]) -> list[str]:
    rows = ["## Number of species: foretold badly", "",
            f"The model supposes {found['level']:.0f} taxa recorded in every square; turning that knob meets any mean, "
            "so that the mean proves nothing. Species are ranked well, squares are not.", "",
            "| squares | number | predicted | recorded | slope | correlation | RMSE | SD predicted | SD recorded |",
            "|---|---|---|---|---|---|---|---|---|"]
    for row in found["richness"]:
        rows.append(f"| {row['squares']} | {row['number']} | {row['predicted']:.0f} | {row['recorded']:.0f} | "
                    f"{row['slope']:.2f} | {row['correlation']:.2f} | {row['rmse']:.0f} | {row['predicted_sd']:.0f} | "
                    f"{row['recorded_sd']:.0f} |")
    return [*rows, ""]


def _intervals(found: dict[str, Any]) -> list[str]:
    told, held = found["intervals"], found["intervals"]["held"]
    rows = ["## What the intervals hold", "",
            f"Intervals at {held['level']:.0%} of the number of a list's taxa recorded in a square; "
            f"{held['protocol']}; of the {told['squares']} squares explored about as well as the model supposes. In a "
            "square explored otherwise the number recorded differs for that alone, and the interval does not speak of "
            "it; nor does it say how many grow there.", "", "| list | held |", "|---|---|"]
    rows += [f"| {_list(name)} | {share:.1%} |" for name, share in held["lists"].items()]
    rows += [f"| {index} index of the taxa recorded | {share:.1%} |" for index, share in held["diversity"].items()]
    return [*rows, f"| mean number of taxa of a block of squares | {held['richness_of_blocks']:.1%} |", "",
            f"Records of a square's taxa share a factor of standard deviation {told['shared_sd']:g} p (1 − p). Taxa "
            "that have something in common go together more: within families "
            f"{told['grouped_sd']:g} p (1 − p), which every list gets. So the interval of a long list drawn at random, "
            "which nobody asks for, holds more than it states. It is fitted within families; endemic taxa and life "
            "forms had no part in it. The mean number of taxa of a block is off by a factor "
            f"exp(N(0, {told['block_sd']:g})).", ""]


def _list(name: str) -> str:
    if name.isdigit():
        return f"{name} taxa drawn at random"
    return {"endemic": "the endemic taxa", "all": "all taxa"}.get(name, f"life form {name}")


def _calibration(found: dict[str, Any]) -> list[str]:
    told = found["calibration"]
    rows = [f"## Calibration at E = {found['level']:.0f}", "",
            f"In the {told['squares']} squares with between E ÷ {NEAR} and E × {NEAR} taxa recorded: expected "
            f"calibration error {told['ece']:.4f}; {told['predicted']:.0f} species predicted in the mean, "
            f"{told['recorded']:.0f} recorded.", "", "| mean chance | share recorded | number |", "|---|---|---|"]
    return [*rows, *(f"| {chance:.3f} | {share:.3f} | {number} |" for chance, share, number in told["bins"]), ""]
