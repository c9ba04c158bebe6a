"""Does a model fit a site? Asked before an assessment: predictors, domain, lists, and how many cells there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.common.messages import Message, messages_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.reporters import Quiet
from geoplantnet_plugin.engine.cube.lights import Light, lights
from geoplantnet_plugin.engine.cube.plan import open_sources
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.sources.model import plan_package
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Block, Grid

SAMPLE_CELLS = 2000
SAMPLE_BLOCKS = 16
"""The sample is taken from at most so many blocks, spread over the area."""
COUNTED_CELLS = 50_000_000
"""The cells of a larger grid are not counted one by one: the area in hectares tells about how many there are."""
SAMPLE_BYTES = 64 * 1024**2
"""Models with large inputs (patches) are asked for fewer cells."""


@dataclass(frozen=True)
class ListKnowledge:
    """Of which `share` (0 to 1) of a model's taxa the status behind an indicator is known."""

    indicator: str
    title: str
    share: float
    messages: dict[str, Message]


@dataclass(frozen=True)
class SiteFit:
    """How well a model fits a site.

    `outside` and `missing` are shares (0 to 1) of `sampled` cells: outside the model's domain (of those with
    data), without data. None where they are unknown: a predictor has no band, or the card states no domain.
    """

    hectares: float
    cells: int
    resolution: float
    crs: str
    lights: list[Light]
    bands: list[dict[str, Any]]
    sampled: int
    outside: float | None
    missing: float | None
    lists: list[ListKnowledge]


def check_fit(job: AssessJob, reporter: Reporter) -> SiteFit:
    """Look at the site of `job` with its model, without assessing it; nothing is written.

    Raises:
        EngineError: the area, the model or a source cannot be read.
    """
    options = job.source
    if not isinstance(options, ModelOptions) or not options.model:
        raise EngineError("job_no_model")
    area = read_area(job.area, job.grid_crs, reporter)
    grid = area.grid(job.resolution)
    package = open_package(options.model)
    sources = open_sources(options.predictors)
    found = lights(package.card, sources, grid, area, options.predictor_crs, reporter)
    blocks, cells = _blocks(area, grid, reporter)
    sampled, outside, missing = 0, None, None
    if not any(light.state == "red" for light in found):
        source = plan_package(package, sources, options.predictor_crs, area, grid, Quiet(reporter))
        sampled, outside, missing = _sample(source, area, grid, blocks, reporter)
    return SiteFit(round(area.hectares, 2), cells, grid.resolution, grid.crs, found,
               [{"source": band.path, "band": band.index, "label": band.label} for band in sources.bands],
               sampled, outside, missing, _lists(package))


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
    chosen = [blocks[i] for i in np.unique(np.linspace(0, len(blocks) - 1, min(SAMPLE_BLOCKS, wanted)).astype(int))]
    asked = scored = beyond = 0
    with source.open(1, SAMPLE_BYTES * 4, reporter) as scores:
        for block in chosen:
            reporter.checkpoint()
            inside = _thinned(area.inside(grid.block_grid(block)), wanted // len(chosen))
            strip, rows = _strip(block, inside)
            if not rows.any():
                continue
            found = scores.score(strip, rows)
            asked += int(rows.sum())
            scored += len(found.cells)
            beyond += int(found.outside.sum())
    known = source.statements.domain and scored
    return asked, (beyond / scored if known else None), (1 - scored / asked if asked else None)


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


def _lists(package: ModelPackage) -> list[ListKnowledge]:
    """Return what is known of the taxa for the indicators that need lists."""
    from geoplantnet_plugin.engine.indicators import Context
    from geoplantnet_plugin.engine.indicators.registry import INDICATORS
    from geoplantnet_plugin.engine.taxa.lists import join, load_lists

    context = Context(join(package.taxa, load_lists()).taxa, package.card.scale)
    count = max(len(context.taxa), 1)
    return [ListKnowledge(entry.id, str(entry.title()), round(entry.known(context) / count, 4),
                          messages_of(title=entry.title()))
            for entry in INDICATORS.values() if context.scale in entry.scales]
