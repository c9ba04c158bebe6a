"""Cells that are finer than what a score speaks of: ranked within the larger square, and nothing else said of them.

A cell's rank for a taxon is the share of the square's other cells that score lower, equal ones counting half: 0 for the
lowest, 1 for the highest, 0.5 where all are alike. It compares cells of one square for one taxon; neither squares nor
taxa can be compared by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import SPECIES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.assessment.manifest import SpeciesBand, SpeciesEntry
from geoplantnet_plugin.engine.assessment.parts import Parts
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.rasters import encoding_of, species_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.survey.listing import HERE, Entry
from geoplantnet_plugin.engine.survey.plan import SurveyPlan
from geoplantnet_plugin.engine.where.grid import Block

HEADER = ("Band", "Name", "Author", "Family", "Why", "Endemic", "Recorded", "Squares of the site", "Weak")


@dataclass(frozen=True)
class RankedTaxon:
    """A taxon whose cells are ranked: its position in the taxa table and what the records say of it."""

    position: int
    entry: Entry


def ranked_taxa(plan: Plan, survey: SurveyPlan) -> list[RankedTaxon]:
    """Return the modelled taxa recorded in a square that the site touches or within 30 km, those to look for first.

    Where the model brings no records, all of them.
    """
    position = {taxon.id: i for i, taxon in enumerate(plan.context.taxa)}
    found = [RankedTaxon(position[entry.species.taxon], entry) for entry in survey.recorded()
             if entry.species.taxon in position]
    return sorted(found, key=lambda taxon: (not taxon.entry.reasons, taxon.entry.recorded != HERE,
                                            taxon.entry.species.name))


def write_ranks(folder: Path, plan: Plan, parts: Parts, taxa: Sequence[RankedTaxon], tags: dict[str, str],
                reporter: Reporter) -> SpeciesEntry:
    """Write ``species.tif`` with the ranks, one band a taxon, and return its description.

    Raises:
        EngineError: no cell could be scored.
    """
    positions = [taxon.position for taxon in taxa]
    names = [plan.context.taxa[i].accepted_name for i in positions]
    cells, scores = _scores(plan, parts, positions)
    if not sum(len(one) for one in cells):
        raise EngineError("assess_no_cell")
    squares = np.concatenate([_squares(plan, block, one) for block, one in zip(plan.blocks, cells, strict=True)])
    ranks = within_squares(scores, squares)
    with species_raster(folder / SPECIES, plan.grid, Scale.RELATIVE, range(len(taxa)), names, tags) as raster:
        start = 0
        for done, (block, one) in enumerate(zip(plan.blocks, cells, strict=True), 1):
            reporter.checkpoint()
            ranked = RankedScores.from_dense(ranks[start:start + len(one)], len(taxa), Scale.RELATIVE)
            raster.write(block, [ScoredBlock(one, ranked, np.zeros(len(one), np.bool_))])
            start += len(one)
            reporter.progress("species", done, len(plan.blocks))
    encoding = encoding_of(Scale.RELATIVE)
    return SpeciesEntry(SPECIES, Scale.RELATIVE.value, encoding.scale, encoding.below, encoding.nodata, len(taxa),
                        [SpeciesBand(band, plan.context.taxa[i].id, name)
                         for band, (i, name) in enumerate(zip(positions, names, strict=True), 1)])


def within_squares(scores: NDArray[np.float32], squares: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return ranks (cells, taxa) from 0 to 1 of scores among the cells with the same number in `squares` (cells,).

    NaN in a square with a single cell: there is nothing to rank.
    """
    from pandas import DataFrame

    groups = DataFrame(scores).groupby(squares)
    others = (groups[0].transform("size").to_numpy(np.float32) - 1)[:, None]
    rank = groups.rank(method="average").to_numpy(np.float32) - 1
    ranks: NDArray[np.float32] = np.divide(rank, others, out=np.full_like(rank, np.nan), where=others > 0)
    return ranks


def _scores(plan: Plan, parts: Parts, positions: Sequence[int]
            ) -> tuple[list[NDArray[np.int32]], NDArray[np.float32]]:
    """Return the scored cells of every block, and all their scores (cells, positions) in that order."""
    cells, dense = [], []
    for block in plan.blocks:
        found = []
        for some in parts.load(block):
            whole = np.empty((len(some.cells), len(plan.context.taxa)), np.float32)
            np.put_along_axis(whole, some.scores.ids, some.scores.values, axis=1)
            found.append(some.cells)
            dense.append(whole[:, positions])
        cells.append(np.concatenate(found))
    return cells, np.concatenate(dense)


def _squares(plan: Plan, block: Block, cells: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the number of the square in which each cell of a block lies: the grid begins at a square's corner."""
    across = round(plan.side / plan.grid.resolution)
    row, col = (block.row + cells // block.width) // across, (block.col + cells % block.width) // across
    return np.asarray(row * (-(-plan.grid.width // across)) + col, np.int64)


def write_ranks_csv(path: Path, taxa: Sequence[RankedTaxon]) -> None:
    """Write the ranked taxa in their order; blank is unknown."""
    write_csv(path, HEADER, (
        [str(band), *map(escape_formula, (one.species.name, one.species.authorship, one.species.family)),
         " ".join(one.reasons), one.species.endemic, one.recorded, str(one.recorded_squares),
         "yes" if one.species.weak else "no"] for band, one in enumerate((taxon.entry for taxon in taxa), 1)))
