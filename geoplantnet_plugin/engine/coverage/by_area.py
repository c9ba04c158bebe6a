"""Several areas of one assessment, told apart: coverage and indicator means of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.coverage.table import Coverage, CoverageRow
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.scores.presences import Presences
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

AREA_COLUMNS = ("Area", "Hectares", "Cells", "Taxa", "Expected richness", "Expected richness low",
                "Expected richness high", "Mean richness")


@dataclass
class AreaSum:
    """What the cells of one area add up to; `sums` and `counts` (indicators,) of the values that are no nodata."""

    area: Area
    coverage: Coverage
    sums: NDArray[np.float64]
    counts: NDArray[np.int64]
    taxa_in_cells: int = 0

    def merge(self, other: AreaSum) -> None:
        """Add what was added up elsewhere, of other cells of the same area."""
        self.coverage.merge(other.coverage)
        self.sums += other.sums
        self.counts += other.counts
        self.taxa_in_cells += other.taxa_in_cells

    @property
    def means(self) -> list[float | None]:
        """The mean of each indicator, None where no cell has a value."""
        return [float(total / cells) if cells else None for total, cells in zip(self.sums, self.counts, strict=True)]


Within = tuple[AreaSum, NDArray[np.bool_]]
"""An area, and which of a block's cells (height × width,) belong to it."""


@dataclass(frozen=True)
class AreaResult:
    """One named area: its rows of the coverage table and its means, by indicator id; None where nothing is known.

    `mean_richness` counts the set rule's taxa, `richness` estimates how many are there.
    """

    name: str
    hectares: float
    cells: int
    mean_richness: float
    richness: Estimate
    rows: list[CoverageRow] = field(default_factory=list)
    means: dict[str, float | None] = field(default_factory=dict)


class ByArea:
    """Adds up blocks area by area; a cell of two areas counts in both."""

    def __init__(self, areas: Mapping[str, Area], grid: Grid, indicators: Sequence[Indicator],
                 context: Context) -> None:
        self.grid = grid
        self.measured = [i for i, indicator in enumerate(indicators) if indicator.kind == "continuous"]
        self.ids = [indicators[i].id for i in self.measured]
        self.sums = {name: AreaSum(area, Coverage(context.taxa, context.calibration), np.zeros(len(self.ids)),
                                   np.zeros(len(self.ids), np.int64)) for name, area in areas.items()}

    def within(self, block: Block) -> list[Within]:
        """Return the areas that have cells in a block, with these."""
        frame = self.grid.block_grid(block)
        left, bottom, right, top = frame.bounds
        found = []
        for entry in self.sums.values():
            west, south, east, north = entry.area.shape.bounds
            # a cell may reach over the edge of an area that is smaller than it
            reach = self.grid.resolution
            if west > right + reach or east < left - reach or south > top + reach or north < bottom - reach:
                continue
            inside = entry.area.inside(frame).ravel()
            if inside.any():
                found.append((entry, inside))
        return found

    def merge(self, other: ByArea) -> None:
        """Add what was added up elsewhere, of other cells of the same areas."""
        for name, entry in self.sums.items():
            entry.merge(other.sums[name])

    def add(self, within: Sequence[Within], cells: NDArray[np.int32], assemblage: Assemblage, presences: Presences,
            values: Sequence[NDArray[Any]]) -> None:
        """Add the scored `cells` (n,), flat positions in the block of `within`; `values` (n,) of every indicator."""
        for entry, held in within:
            inside = held[cells]
            if not inside.any():
                continue
            part = assemblage.take(inside)
            entry.coverage.add(part)
            entry.coverage.add_presences(presences, inside)
            entry.taxa_in_cells += len(part.ids)
            for place, i in enumerate(self.measured):
                found = values[i][inside]
                found = found[~np.isnan(found)]
                entry.sums[place] += found.sum(dtype=np.float64)
                entry.counts[place] += len(found)

    def results(self) -> list[AreaResult]:
        """Return the areas in their order; one without a scored cell has no rows."""
        results = []
        for name, entry in self.sums.items():
            cells = entry.coverage.cells
            means = dict(zip(self.ids, entry.means, strict=True))
            size = name, round(entry.area.hectares, 2), cells
            results.append(AreaResult(*size, entry.taxa_in_cells / cells, entry.coverage.richness(),
                                      entry.coverage.rows(), means) if cells
                           else AreaResult(*size, 0.0, Estimate(), [], means))
        return results


def write_areas_csv(path: Path, areas: Sequence[AreaResult]) -> None:
    """Write one row an area: size, taxa, richness and the mean of every other continuous indicator."""
    ids = [id for id in areas[0].means if id != "richness"] if areas else []
    write_csv(path, (*AREA_COLUMNS, *(f"Mean {id}" for id in ids)),
              ((escape_formula(area.name), area.hectares, area.cells, len(area.rows),
                *map(_number, astuple(area.richness)), f"{area.mean_richness:.3f}",
                *("" if area.means[id] is None else f"{area.means[id]:.4g}" for id in ids)) for area in areas))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
