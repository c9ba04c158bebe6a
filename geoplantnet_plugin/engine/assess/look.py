"""A look at a site through a model: the lights of its predictors, and a sample of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.engine.assess.ground import Ground
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet
from geoplantnet_plugin.engine.cube.lights import Light, lights
from geoplantnet_plugin.engine.cube.plan import Sources
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.sources.model import plan_package
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

SAMPLE_CELLS = 2000
SAMPLE_BLOCKS = 16
"""The sample is taken from at most so many blocks, spread over the area."""
COUNTED_CELLS = 50_000_000
"""The cells of a larger grid are not counted one by one: the area in hectares tells about how many there are."""
SAMPLE_BYTES = 64 * 1024**2
"""Models with large inputs (patches) are asked for fewer cells."""


@dataclass(frozen=True)
class Look:
    """The lights of a model's predictors over an area, and what a sample of its cells says; see `SiteFit`."""

    lights: list[Light]
    cells: int
    sampled: int
    outside: float | None
    missing: float | None

    @property
    def inside(self) -> float | None:
        """The share (0 to 1) of the area inside the model's domain, None where that is unknown."""
        return None if self.outside is None or self.missing is None else (1 - self.outside) * (1 - self.missing)


def look_at(package: ModelPackage, sources: Sources, predictor_crs: str | None, ground: Ground, reporter: Reporter
            ) -> Look:
    """Bind the predictors of a model that is open to the bands of `sources`, and look at a sample of the cells.

    Raises:
        EngineError: a source cannot be read.
    """
    area, grid = ground.area, ground.grid
    found = lights(package.card, sources, grid, area, predictor_crs, reporter)
    blocks, cells = _blocks(area, grid, reporter)
    if any(light.state == "red" for light in found):
        return Look(found, cells, 0, None, None)
    source = plan_package(package, sources, ModelOptions(predictor_crs=predictor_crs), area, grid, Quiet(reporter))
    return Look(found, cells, *_sample(source, area, grid, blocks, reporter))


def _blocks(area: Area, grid: Grid, reporter: Reporter) -> tuple[list[Block], int]:
    """Return the blocks that hold cells of the area (all, for a huge grid) and the number of cells."""
    if grid.height * grid.width > COUNTED_CELLS:
        return list(grid.blocks()), round(area.hectares * 1e4 / grid.resolution**2)
    held, cells = [], 0
    for block in grid.blocks():
        reporter.checkpoint()
        if count := int(area.inside(grid.block_grid(block)).sum()):
            held.append(block)
            cells += count
    return held, cells


def _sample(source: SourcePlan, area: Area, grid: Grid, blocks: Sequence[Block], reporter: Reporter
            ) -> tuple[int, float | None, float | None]:
    """Return the number of cells looked at, the share outside the domain and the share without data."""
    wanted = min(SAMPLE_CELLS, max(1, SAMPLE_BYTES // (4 * source.values_per_cell)))
    asked = scored = beyond = 0
    with source.open(1, SAMPLE_BYTES * 4, reporter) as scores:
        for strip, rows in sampled(area, grid, blocks, wanted):
            reporter.checkpoint()
            found = scores.score(strip, rows)
            asked += int(rows.sum())
            scored += len(found.cells)
            beyond += int(found.outside.sum())
    known = source.statements.domain and scored
    return asked, (beyond / scored if known else None), (1 - scored / asked if asked else None)


def sampled(area: Area, grid: Grid, blocks: Sequence[Block], wanted: int) -> Iterator[tuple[Block, NDArray[np.bool_]]]:
    """Yield strips of some of the blocks with about `wanted` of the area's cells, evenly spread."""
    chosen = [blocks[i] for i in np.unique(np.linspace(0, len(blocks) - 1, min(SAMPLE_BLOCKS, wanted)).astype(int))]
    for block in chosen:
        strip, rows = _strip(block, _thinned(area.inside(grid.block_grid(block)), wanted // len(chosen)))
        if rows.any():
            yield strip, rows


def _thinned(inside: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """Return at most `most` of the cells, evenly spread."""
    cells = np.flatnonzero(inside)
    if len(cells) > most:
        cells = cells[np.linspace(0, len(cells) - 1, max(most, 1)).astype(int)]
    thin = np.zeros(inside.size, np.bool_)
    thin[cells] = True
    return thin.reshape(inside.shape)


def _strip(block: Block, inside: NDArray[np.bool_]) -> tuple[Block, NDArray[np.bool_]]:
    """Return the rows of `block` from the first to the last cell that is asked for."""
    rows = np.flatnonzero(inside.any(axis=1))
    if not len(rows):
        return block, inside
    first, last = int(rows[0]), int(rows[-1]) + 1
    return replace(block, row=block.row + first, height=last - first), inside[first:last]
