"""What a model's package says besides its scores: how sure coverage is, and how specialised its taxa are.

``python -m training.annotate MODEL`` adds to a package that ``package`` has written

- ``calibration.coverage`` in the card: by how much a taxon's scores are off in whole held-out blocks;
- the rest of ``calibration`` that `held_out` measures, and the set rule to start with; the same in ``figures.json`` and
  ``evaluation.md``;
- the `resampling` of every predictor in the card: how the plots' values were taken;
- ``niche_breadth`` in ``taxa.csv``: θ of every taxon, from the training plots.

Both come from the plots and the out-of-fold scores of the spatial blocks that ``evaluate`` has left in --build.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.indicators.share_interval import Z, share_bounds, shift_logit
from geoplantnet_plugin.engine.models.package import CARD, TAXA, checksum
from geoplantnet_plugin.engine.models.write import write_taxa
from training.baselines import RIVALS
from training.datasets.plots import Plots
from training.folds import Blocks
from training.report import FIGURES, REPORT, text

LEVEL = 0.9
LEAST_EXPECTED = 1.0
"""A block says something of a taxon when the variance of its number of plots there is at least this much."""

WIDEST, STEP = 3.0, 0.05
SAMPLES, SAMPLE, NICHE_SEED = 100, 10, 11

Array = NDArray[np.floating[Any]]


def calibration_of(line: dict[str, float], found: dict[str, Any]) -> dict[str, Any]:
    """Return what a card states of intervals and set rules: `line` and `found` of `figures`."""
    return {"richness": {**{key: round(value, 4) for key, value in line.items()},
                         "shared_sd": found["shared_sd"], "block_sd": found["block_sd"]},
            "held": found["held"], "rules": found["rules"]}


def inside(present: Array, scores: Array, blocks: NDArray[np.int64], block_sd: float) -> NDArray[np.bool_]:
    """Return, for every block and taxon that say something, whether the interval holds the observed share of plots."""
    held = []
    for block in np.unique(blocks):
        y, p = present[blocks == block], scores[blocks == block].astype(np.float64)
        variance = (p * (1 - p)).sum(axis=0)
        told = variance >= LEAST_EXPECTED
        shares = [share_bounds(p.sum(axis=0), shift_logit(p, side * Z * block_sd).sum(axis=0), variance, len(y), side)
                  for side in (-1, 1)]
        observed = y.mean(axis=0)
        held.append(((shares[0] <= observed + 1e-9) & (observed <= shares[1] + 1e-9))[told])
    return np.concatenate(held)


def block_sd(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float:
    """Return the smallest spread (logit, steps of `STEP`) with which `LEVEL` of the `chosen` plots' blocks are held."""
    for spread in np.arange(0, WIDEST, STEP):
        held = [inside(present[chosen], one[chosen], blocks[chosen], float(spread)) for one in scores]
        if np.concatenate(held).mean() >= LEVEL:
            return round(float(spread), 2)
    return WIDEST


def coverage_entry(present: Array, scores: Sequence[Array], blocks: NDArray[np.int64], block_km: float
                   ) -> dict[str, Any]:
    """Return the card's ``calibration.coverage``; `held` is of blocks the spread was not fitted on."""
    rng = np.random.default_rng(0)
    numbers = np.unique(blocks)
    first = scores[0]
    with_spread, without = [], []
    for _ in range(10):
        fitting = np.isin(blocks, rng.permutation(numbers)[:len(numbers) // 2])
        spread = block_sd(present, [first], blocks, fitting)
        with_spread.append(inside(present[~fitting], first[~fitting], blocks[~fitting], spread).mean())
        without.append(inside(present[~fitting], first[~fitting], blocks[~fitting], 0.0).mean())
    everything = np.ones(len(blocks), bool)
    return {"block_sd": block_sd(present, scores, blocks, everything), "block_km": block_km, "level": LEVEL,
            "assignments": len(scores),
            "method": "standard deviation, on the logit, of a taxon's error in whole held-out blocks with which "
                      "intervals hold the stated share of observed shares of plots (block × taxon)",
            "held": round(float(np.mean(with_spread)), 4), "held_without": round(float(np.mean(without)), 4),
            "held_protocol": "spread fitted on a random half of the blocks, measured on the other; mean of ten halves"}


def turnover(plots: NDArray[np.bool_]) -> float:
    """Return the multiple-site Simpson dissimilarity β_SIM (0–1) of plots (n, taxa), each with at least one taxon.

    Σ min(b, c) over the pairs of plots, divided by that sum plus the taxa shared: Σ S − γ. It is not raised by plots
    that merely hold fewer taxa. Baselga (2010, doi:10.1111/j.1466-8238.2009.00490.x).
    """
    size = plots.sum(axis=1)
    first, second = np.triu_indices(len(plots), 1)
    shared = (plots.astype(np.int64) @ plots.T)[first, second]
    least = float((np.minimum(size[first], size[second]) - shared).sum())
    return least / (float(size.sum() - plots.any(axis=0).sum()) + least)


def niche_breadths(present: Array) -> list[float | None]:
    """Return θ (taxa,): mean `turnover` of samples of plots that hold the taxon; None with fewer than `SAMPLE` plots.

    Fridley et al. (2007, Journal of Ecology 95: 707–722): a generalist grows with ever other taxa, a specialist with
    the same few. The taxon itself is left out of its plots.
    """
    rng = np.random.default_rng(NICHE_SEED)
    breadths: list[float | None] = []
    for taxon in range(present.shape[1]):
        plots = np.flatnonzero(present[:, taxon])
        others = np.delete(present, taxon, axis=1)[plots] > 0
        others = others[others.any(axis=1)]
        if len(others) < SAMPLE:
            breadths.append(None)
            continue
        drawn = [turnover(others[rng.choice(len(others), SAMPLE, replace=False)]) for _ in range(SAMPLES)]
        breadths.append(round(float(np.mean(drawn)), 4))
    return breadths


def annotate_from(folder: Path, plots: Plots, scores: Sequence[Array], squares: Blocks) -> dict[str, Any]:
    """Annotate a package from its plots and their out-of-fold scores; return the coverage entry."""
    entry = coverage_entry(plots.present, scores, squares.of(plots.xy), squares.side / 1000)
    annotate(folder, entry, niche_breadths(plots.present))
    annotate_inputs(folder, plots)
    return entry


def annotate_inputs(folder: Path, plots: Plots) -> None:
    """Write into the card how the plots' predictors were taken from their rasters."""
    resampling = {predictor.name: predictor.resampling for predictor in plots.predictors}
    document = _card(folder)
    for entry in document["inputs"]:
        for predictor in entry["predictors"]:
            predictor["resampling"] = resampling.get(predictor["name"], "")
    _write(folder / CARD, document)


def annotate(folder: Path, coverage: dict[str, Any], breadths: Sequence[float | None]) -> None:
    """Write both into the package in `folder`, whose other contents stay."""
    with (folder / TAXA).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, breadth in zip(rows, breadths, strict=True):
        row["niche_breadth"] = "" if breadth is None else f"{breadth:g}"
    with writing(folder / TAXA) as path:
        write_taxa(path, rows)
    document = _card(folder)
    document["calibration"]["coverage"] = coverage
    document["checksums"][TAXA] = checksum(folder / TAXA)
    _write(folder / CARD, document)


def annotate_held_out(folder: Path, found: dict[str, Any]) -> None:
    """Write the figures of `held_out` into card, ``figures.json`` and ``evaluation.md`` of the package in `folder`."""
    figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    inner = figures.get("held_out", {}).get("inner_rules")
    figures["held_out"] = {**found, **({"inner_rules": inner, "default_rule": inner["default_rule"]} if inner else {})}
    document = _card(folder)
    document["calibration"].update(calibration_of(figures["richness"], found))
    document["default_rule"] = figures["held_out"]["default_rule"]
    _write(folder / CARD, document)
    _write(folder / FIGURES, figures, 1)
    with writing(folder / REPORT) as path:
        path.write_text(text(figures), encoding="utf-8")


def annotate_inner(folder: Path, found: dict[str, Any]) -> None:
    """Write the figures of `inner` into card, ``figures.json`` and ``evaluation.md`` of the package in `folder`."""
    figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    figures["held_out"] |= {"held": found["held"], "inner_rules": found["rules"],
                            "default_rule": found["rules"]["default_rule"]}
    document = _card(folder)
    document["calibration"] |= {"held": found["held"], "inner_rules": found["rules"]}
    document["default_rule"] = found["rules"]["default_rule"]
    _write(folder / CARD, document)
    _write(folder / FIGURES, figures, 1)
    with writing(folder / REPORT) as path:
        path.write_text(text(figures), encoding="utf-8")


def annotate_rivals(folder: Path, found: dict[str, Any]) -> None:
    """Write the figures of `rivals` into card, ``figures.json`` and ``evaluation.md`` of the package in `folder`."""
    figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    figures["rivals"] = found
    document = _card(folder)
    entry = next(entry for entry in document["evaluation"] if entry["block_km"])
    seeds = ", ".join(map(str, found["seeds"]))
    entry["baselines"] = {
        **{name: value for name, value in entry["baselines"].items() if name.split(" (")[0] not in RIVALS},
        **{f"{name} (assignments {seeds})": round(sum(auc) / len(auc), 4)
           for name, auc in found["auc"].items() if name in RIVALS}}
    _write(folder / CARD, document)
    _write(folder / FIGURES, figures, 1)
    with writing(folder / REPORT) as path:
        path.write_text(text(figures), encoding="utf-8")


def _card(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    return document


def _write(path: Path, document: dict[str, Any], indent: int = 2) -> None:
    with writing(path) as temporary:
        temporary.write_text(json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False) + "\n",
                             encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    from training.evaluate import scores_of
    from training.figures import held_out_figures
    from training.shipped import asked

    run = asked("annotate", __doc__, arguments)
    scores = scores_of(run.plots, run.model, run.cache)
    entry = annotate_from(run.package, run.plots, scores, run.model.recipe.blocks)
    line = json.loads((run.package / FIGURES).read_text(encoding="utf-8"))["richness"]
    found = held_out_figures(run.plots, run.model, run.cache, line)
    annotate_held_out(run.package, found)
    print(json.dumps({"coverage": entry, **found}, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
