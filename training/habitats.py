"""The shipped habitat table: land-use classes of the Dutch monitoring network, and how well species tell them.

``python -m training.habitats`` writes ``netherlands-land-use.csv`` (constancies over all plots, for ``--habitats`` of
``geoplantnet assess``) and ``netherlands-land-use.md`` (held-out blocks, confusion matrix) to resources/habitats. Only
the four classes that are vegetation are told apart; plots of built-up land, roads, railways, water and recreation are
left out.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.indicators.base import Context
from geoplantnet_plugin.engine.indicators.habitat import habitat
from geoplantnet_plugin.engine.indicators.habitat_table import COLUMNS, COMMONEST, RAREST, Habitats
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from training.datasets import DATA, Plots
from training.datasets.lmf import LAND_USE, read_lmf
from training.folds import FOLDS, REPORTED, Blocks, block_folds

NAME = "netherlands-land-use"
CLASSES = ("forest", "dry natural terrain", "agriculture", "wet natural terrain")
BLOCKS = Blocks(25_000.0)
LAND_USE_COLUMN = 1


def labels(plots: Plots) -> NDArray[np.int64]:
    """Return each plot's class, counted from 1 as in `CLASSES`; 0 for the classes that are left out."""
    names = dict(enumerate(LAND_USE.values(), 1))
    return np.array([CLASSES.index(names[code]) + 1 if names.get(code) in CLASSES else 0
                     for code in plots.values[:, LAND_USE_COLUMN].astype(int).tolist()])


def constancies(present: NDArray[np.bool_], label: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share (classes, taxa) of each class's plots that hold a taxon."""
    return np.stack([present[label == value].mean(axis=0) for value in range(1, len(CLASSES) + 1)])


def classify(shares: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the class (n,) that the indicator gives to plots with these species; 0 for unclassified."""
    known = shares.any(axis=0)
    table = Habitats(NAME, CLASSES, CLASSES, np.clip(shares, RAREST, COMMONEST), known)
    start = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int64)
    ids = np.nonzero(present)[1].astype(np.int32)
    plots = Assemblage(start, ids, np.ones(len(ids), np.float32))
    return habitat(table, plots, Context(TaxaTable(()), Scale.RELATIVE)).astype(np.int64)


def confusion(plots: Plots, label: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return plots by class recorded (rows) and class given (columns, unclassified last), every block held out once."""
    present, folds = plots.present > 0, block_folds(plots.xy, BLOCKS, seed)
    given = np.zeros(len(label), np.int64)
    for fold in range(FOLDS):
        held = folds == fold
        given[held] = classify(constancies(present[~held], label[~held]), present[held])
    table = np.zeros((len(CLASSES), len(CLASSES) + 1), np.int64)
    np.add.at(table, (label - 1, np.where(given == 0, len(CLASSES), given - 1)), 1)
    return table


def evaluation(plots: Plots, label: NDArray[np.int64]) -> str:
    """Return the page that says how good the table is."""
    tables = np.stack([confusion(plots, label, seed) for seed in REPORTED])
    total = len(label)
    right = tables[:, range(len(CLASSES)), range(len(CLASSES))].sum(axis=1) / total
    told = tables[:, :, :-1].sum(axis=(1, 2)) / total
    majority = np.bincount(label).max() / total
    first = tables[0]
    lines = [
        f"# {NAME}: how well 50 species tell four land-use classes", "",
        "Written by `python -m training.habitats` from the plots of the Dutch monitoring network of flora "
        "(CC BY 4.0; see `docs/training.md`).", "",
        f"{total} plots; constancies from the training blocks, species recorded in the held-out plots; whole blocks of "
        f"{BLOCKS.side / 1000:g} km held out, {FOLDS} folds, {len(REPORTED)} assignments (mean; lowest to highest).",
        "",
        "| | share of all plots |", "|---|---|",
        f"| right | **{right.mean():.1%}** ({right.min():.1%} to {right.max():.1%}) |",
        f"| right when the majority class is always given | {majority:.1%} |",
        f"| unclassified (counted as wrong above) | {1 - told.mean():.1%} |",
        f"| right among the classified | {(right / told).mean():.1%} |", "",
        "Confusion matrix of the first assignment, plots; rows as recorded, columns as given:", "",
        "| | " + " | ".join((*CLASSES, "unclassified")) + " |", "|---" * (len(CLASSES) + 2) + "|",
        *(f"| {name} | " + " | ".join(str(number) for number in row) + " |"
          for name, row in zip(CLASSES, first.tolist(), strict=True)), "",
        "Land use is that of the map at the plot, not what the surveyor saw, and no EUNIS type. On a map species are "
        "predicted instead of recorded, which adds the errors of the model.", ""]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write table and evaluation; return the exit code."""
    parser = argparse.ArgumentParser("python -m training.habitats", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=Path("resources/habitats"))
    args = parser.parse_args(arguments)
    plots = read_lmf(args.data)
    label = labels(plots)
    plots, label = plots.take(label > 0), label[label > 0]
    args.out.mkdir(parents=True, exist_ok=True)
    shares = constancies(plots.present > 0, label)
    with writing(args.out / f"{NAME}.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((name, name, taxon, f"{100 * share:.2f}") for name, row in zip(CLASSES, shares, strict=True)
                         for taxon, share in zip(plots.taxa, row, strict=True) if share)
    with writing(args.out / f"{NAME}.md") as path:
        path.write_text(evaluation(plots, label), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
