"""Whether a model of large squares, run at 1 km, ranks the cells of a square better than chance.

`evaluate MODEL --records FILE` takes records with coordinates of a taxon each. Within each square of the model's
support and for each taxon recorded in some of its cells, the AUC of the scores is taken over the square's cells *in
which anything was recorded*: cells with the taxon against cells without it. Such cells were visited; the others say
nothing. Chance is 0.5. Where the model sees no difference between the cells of a square, the AUC is 0.5 as well.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.runtime import Session
from training import metrics
from training.datasets.description import DescriptionError
from training.datasets.sampling import Rasters, sample

GRID, CELL = "EPSG:3035", 1000.0
DRAWS, DRAW_SEED = 1000, 3
FEWEST_SQUARES = 10
"""From fewer squares nothing is concluded."""


@dataclass(frozen=True)
class Within:
    """The mean AUC within squares, each pair of square and taxon counting once, with its 95 % interval over squares."""

    squares: int
    taxa: int
    pairs: int
    auc: float
    low: float
    high: float

    @property
    def beats_chance(self) -> bool:
        """Whether the interval lies above 0.5, over enough squares."""
        return self.squares >= FEWEST_SQUARES and self.low > 0.5


def read_records(path: Path, taxa: dict[str, int], x: str, y: str, taxon: str, crs: str
                 ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells (n, 2) of 1 km and the taxon's number (n,) of the records of `taxa`; others give −1.

    Raises `DescriptionError` where the table lacks a column or a coordinate is no number.
    """
    from pyproj import Transformer

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or (lacking := {x, y, taxon} - set(rows[0])):
        raise DescriptionError(f"{path}: no column {', '.join(sorted(lacking)) if rows else 'at all'}.")
    try:
        places = np.array([(float(row[x]), float(row[y])) for row in rows])
    except ValueError as error:
        raise DescriptionError(f"{path}: {error} in the columns {x}, {y}.") from error
    metres = Transformer.from_crs(crs, GRID, always_xy=True).transform(*places.T)
    return (np.floor(np.stack(metres, 1) / CELL).astype(np.int64),
            np.array([taxa.get(row[taxon].strip(), -1) for row in rows]))


def within_squares(package: ModelPackage, rasters: Rasters, cells: NDArray[np.int64], taxon: NDArray[np.int64]
                   ) -> Within:
    """Return how well the model ranks the visited cells of each square of its support.

    Raises `DescriptionError` where no square has visited cells with and without a taxon.
    """
    if package.card.support is None:
        raise DescriptionError(f"{package.card.name}: its card states no support, the square a score speaks of.")
    visited, which = np.unique(cells, axis=0, return_inverse=True)
    scores, known = _scores(package, rasters, (visited + 0.5) * CELL)
    present = np.zeros(scores.shape, np.float32)
    present[which.reshape(-1)[taxon >= 0], taxon[taxon >= 0]] = 1
    square = np.unique(visited // round(package.card.support.side / CELL), axis=0, return_inverse=True)[1].reshape(-1)
    found = [metrics.auc(present[rows], scores[rows]) for number in np.unique(square[known])
             if (rows := known & (square == number)).sum() > 1]
    return _summed([aucs for aucs in found if np.isfinite(aucs).any()])


def _scores(package: ModelPackage, rasters: Rasters, xy: NDArray[np.float64]
            ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return dense scores (n, taxa) of cells, and which have all they need."""
    inputs = package.card.inputs
    values = {entry.name: one for entry, one in zip(inputs, sample(inputs, rasters, xy, GRID, CELL), strict=True)}
    known = np.ones(len(xy), bool)
    for entry in inputs:
        one = values[entry.name]
        if entry.missing is None:
            known &= np.isfinite(one).reshape(len(one), -1).all(1)
        else:
            values[entry.name] = np.where(np.isfinite(one), one, np.float32(entry.missing))
    if not known.any():
        raise DescriptionError("No cell with a record has all predictors.")
    taxa = len(package.taxa)
    ranked = Session(package).rank({name: one[known] for name, one in values.items()}, taxa, 64)
    scores = np.zeros((len(xy), taxa), np.float32)
    scores[np.flatnonzero(known)[:, None], ranked.ids] = ranked.values
    return scores, known


def _summed(squares: list[NDArray[np.float64]]) -> Within:
    if not squares:
        raise DescriptionError("No square has cells with and cells without a record of one of the model's taxa.")
    sums = np.array([(np.nansum(aucs), np.isfinite(aucs).sum()) for aucs in squares])
    rng = np.random.default_rng(DRAW_SEED)
    drawn = sums[rng.integers(0, len(sums), (DRAWS, len(sums)))].sum(1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    told = int(np.isfinite(np.array(squares)).any(0).sum())
    return Within(len(squares), told, int(sums[:, 1].sum()), float(sums[:, 0].sum() / sums[:, 1].sum()),
                  float(low), float(high))


def sentence(found: Within) -> str:
    """Return what was found, for people."""
    told = (f"Within {found.squares} squares, {found.pairs} pairs of square and taxon ({found.taxa} taxa): AUC "
            f"{found.auc:.3f}, 95 % interval over squares {found.low:.3f} to {found.high:.3f}. ")
    if found.squares < FEWEST_SQUARES:
        return f"{told}Fewer than {FEWEST_SQUARES} squares: too few to conclude anything."
    verdict = "better than chance" if found.beats_chance else "no better than chance"
    return f"{told}At 1 km the model ranks cells {verdict} there."
