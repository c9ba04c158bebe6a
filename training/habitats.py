"""The shipped habitat tables, and how well species tell the types of each.

``python -m training.habitats [NAME]`` writes to resources/habitats: ``NAME.csv`` (constancies over all plots, for
``--habitats`` of ``geoplantnet assess``), ``NAME.json`` (what it is and what it was made from) and ``NAME.md``
(held-out blocks, confusion matrix).

`netherlands-land-use` has the four land-use classes that are vegetation; plots of built-up land, roads, railways, water
and recreation are left out. `czech-formations` has nine formations of treeless vegetation.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assemblage.rules import parse_rule
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.indicators.base import Context
from geoplantnet_plugin.engine.indicators.habitat import habitat
from geoplantnet_plugin.engine.indicators.habitat_table import COLUMNS, COMMONEST, RAREST, Habitats
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.statements import Statements
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from training.datasets import DATA
from training.datasets.czech import FORMATIONS, read_czech
from training.datasets.lmf import LAND_USE, read_lmf
from training.folds import FOLDS, REPORTED, Blocks, block_folds
from training.set_rules import nameless

BLOCKS = Blocks(25_000.0)
LAND_USE_COLUMN = 1
LAND_USE_CLASSES = ("forest", "dry natural terrain", "agriculture", "wet natural terrain")
MODEL_AUC = 0.80
"""How well simulated scores tell where a species is: about as the models that ship."""


@dataclass(frozen=True)
class Typed:
    """Plots of known type: `present` (plots, species), `label` (plots,) counted from 1, x, y in metres."""

    present: NDArray[np.bool_]
    species: Sequence[str]
    label: NDArray[np.int64]
    xy: NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """A habitat table: its types by code, where its plots come from, and the words of its page."""

    name: str
    title: str
    types: dict[str, str]
    read: Callable[[Path], Typed]
    about: str
    caution: str
    made_from: tuple[str, ...] = ()
    """Predictors of models from which the types were taken: with such a model a map of types would be circular."""


def land_use(folder: Path) -> Typed:
    """Return the plots of the Dutch monitoring network that lie in one of `LAND_USE_CLASSES`."""
    plots = read_lmf(folder)
    names = dict(enumerate(LAND_USE.values(), 1))
    label = np.array([LAND_USE_CLASSES.index(names[code]) + 1 if names.get(code) in LAND_USE_CLASSES else 0
                      for code in plots.values[:, LAND_USE_COLUMN].astype(int).tolist()])
    kept = label > 0
    return Typed(plots.present[kept] > 0, plots.taxa, label[kept], plots.xy[kept])


TABLES = (
    Table("netherlands-land-use", "Land use of the Netherlands, four classes",
          {name: name for name in LAND_USE_CLASSES}, land_use,
          "the plots of the Dutch monitoring network of flora (CC BY 4.0; see `docs/training.md`)",
          "Land use is that of the map at the plot, not what the surveyor saw, and no EUNIS type.", ("land_use",)),
    Table("czech-formations", "Formations of Czech treeless vegetation", FORMATIONS,
          lambda folder: Typed(*read_czech(folder)),
          "plots of half a century of Czech non-forest vegetation (doi:10.5281/zenodo.14589270; derived figures)",
          "The formations are those of the source (`veg_type0`); no source at hand states their EUNIS types, so none "
          "is given. There are no forests, arable fields or waters among them: such places get a wrong type or none. "
          "From predicted species the table does about as well as naming the commonest type everywhere: use it with "
          "recorded species, not with a map."),
)


def constancies(plots: Typed, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share (types, species) of the `chosen` plots of each type that hold a species; 0 without plots."""
    of_type = [plots.present[chosen & (plots.label == value)] for value in range(1, int(plots.label.max()) + 1)]
    return np.stack([one.sum(axis=0) / max(len(one), 1) for one in of_type])


def classify(shares: NDArray[np.float64], sets: Assemblage) -> NDArray[np.int64]:
    """Return the type (n,) that the indicator gives to assemblages; 0 for unclassified."""
    codes = tuple(map(str, range(len(shares))))
    habitats = Habitats("", codes, codes, np.clip(shares, RAREST, COMMONEST), shares.any(axis=0))
    return habitat(habitats, sets, Context(TaxaTable(()), Scale.RELATIVE)).astype(np.int64)


def recorded(present: NDArray[np.bool_]) -> Assemblage:
    """Return the species recorded in plots as assemblages."""
    start = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int64)
    ids = np.nonzero(present)[1].astype(np.int32)
    return Assemblage(start, ids, np.ones(len(ids), np.float32))


def predicted(present: NDArray[np.bool_], frequency: NDArray[np.float64], seed: int) -> Assemblage:
    """Return assemblages that a calibrated model of AUC `MODEL_AUC` would give such plots by SSE; **simulated**.

    A score x is N(d, 1) where a species is and N(0, 1) where it is not, which gives an AUC of Φ(d ÷ √2); its
    probability is then that of Bayes' rule with the species' `frequency`.
    """
    from scipy.stats import norm

    distance = np.sqrt(2) * norm.ppf(MODEL_AUC)
    x = np.random.default_rng(seed).normal(size=present.shape) + distance * present
    prior = np.log(np.clip(frequency, 1e-4, 1 - 1e-4) / (1 - np.clip(frequency, 1e-4, 1 - 1e-4)))
    p = (1 / (1 + np.exp(-(prior + distance * (x - distance / 2))))).astype(np.float32)
    rule = parse_rule("sse", nameless(present.shape[1]), Scale.SIGMOID, Statements(True, {"method": "simulated"}))
    return rule.apply(RankedScores.from_dense(p, present.shape[1], Scale.SIGMOID))


def confusions(plots: Typed, seed: int) -> list[NDArray[np.int64]]:
    """Return plots by type recorded (rows) and given (columns, unclassified last), every block held out once.

    First from the species recorded, then from those predicted.
    """
    folds = block_folds(plots.xy, BLOCKS, seed)
    types = int(plots.label.max())
    tables = [np.zeros((types, types + 1), np.int64) for _ in range(2)]
    for fold in range(FOLDS):
        held = folds == fold
        shares = constancies(plots, ~held)
        sets = (recorded(plots.present[held]),
                predicted(plots.present[held], plots.present[~held].mean(axis=0), FOLDS * seed + fold))
        for table, one in zip(tables, sets, strict=True):
            given = classify(shares, one)
            np.add.at(table, (plots.label[held] - 1, np.where(given == 0, types, given - 1)), 1)
    return tables


def evaluation(table: Table, plots: Typed) -> str:
    """Return the page that says how good the table is."""
    found = [confusions(plots, seed) for seed in REPORTED]
    majority = np.bincount(plots.label).max() / len(plots.label)
    lines = [
        f"# {table.name}: how well {len(plots.species)} species tell {len(table.types)} types", "",
        f"Written by `python -m training.habitats {table.name}` from {table.about}.", "",
        f"{len(plots.label)} plots; constancies from the training blocks; whole blocks of {BLOCKS.side / 1000:g} km "
        f"held out, {FOLDS} folds, {len(REPORTED)} assignments (mean; lowest to highest). *Recorded*: from the species "
        f"recorded in the held-out plots. *Predicted*: from species taken by SSE from **simulated** calibrated scores "
        f"of AUC {MODEL_AUC:g}, about what a map gives.", "",
        "| share of all plots | recorded | predicted (simulated) |", "|---|---|---|",
        *_rows([np.stack([pair[side] for pair in found]) for side in (0, 1)], majority), "",
        "Confusion matrix of the first assignment from recorded species, plots; rows as recorded, columns as given:",
        "",
        "| | " + " | ".join((*table.types.values(), "unclassified")) + " |", "|---" * (len(table.types) + 2) + "|",
        *(f"| {name} | " + " | ".join(map(str, row)) + " |"
          for name, row in zip(table.types.values(), found[0][0].tolist(), strict=True)), "", table.caution, ""]
    return "\n".join(lines)


def _rows(sides: Sequence[NDArray[np.int64]], majority: float) -> list[str]:
    total = sides[0][0].sum()
    types = range(sides[0].shape[1])
    right = [side[:, types, types].sum(axis=1) / total for side in sides]
    told = [side[:, :, :-1].sum(axis=(1, 2)) / total for side in sides]

    def row(title: str, texts: Sequence[str]) -> str:
        return f"| {title} | {' | '.join(texts)} |"

    return [row("right", [f"**{one.mean():.1%}** ({one.min():.1%} to {one.max():.1%})" for one in right]),
            row("right when the majority type is always given", [f"{majority:.1%}"] * 2),
            row("unclassified (counted as wrong above)", [f"{1 - one.mean():.1%}" for one in told]),
            row("right among the classified", [f"{(one / share).mean():.1%}" for one, share in zip(right, told)])]


def write(table: Table, folder: Path, data: Path) -> None:
    """Write table, description and evaluation."""
    plots = table.read(data)
    folder.mkdir(parents=True, exist_ok=True)
    shares = constancies(plots, np.ones(len(plots.label), bool))
    with writing(folder / f"{table.name}.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((code, name, taxon, f"{100 * share:.2f}")
                         for (code, name), row in zip(table.types.items(), shares, strict=True)
                         for taxon, share in zip(plots.species, row, strict=True) if share)
    with writing(folder / f"{table.name}.json") as path:
        path.write_text(json.dumps({"title": table.title, "source": table.about, "made_from": table.made_from},
                                   indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    with writing(folder / f"{table.name}.md") as path:
        path.write_text(evaluation(table, plots), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the tables; return the exit code."""
    parser = argparse.ArgumentParser("python -m training.habitats", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=[table.name for table in TABLES], help="which (default: all)")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=Path("resources/habitats"))
    args = parser.parse_args(arguments)
    for table in TABLES:
        if args.name in (None, table.name):
            write(table, args.out, args.data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
