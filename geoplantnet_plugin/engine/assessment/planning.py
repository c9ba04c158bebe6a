"""Everything about an assessment that is decided, and can be refused, before the first cell is scored."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from geoplantnet_plugin.engine.area import Area, read_area
from geoplantnet_plugin.engine.cube.plan import CubePlan, make_plan, open_sources
from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.grid import BLOCK_CELLS, Block, Grid
from geoplantnet_plugin.engine.indicators import Context, Indicator, select
from geoplantnet_plugin.engine.job import AssessJob
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.scoring import area_blocks
from geoplantnet_plugin.engine.set_rules import SetRule, parse_rule
from geoplantnet_plugin.engine.species_lists import join, load_lists

KEEP_ALL = 256
"""Up to so many taxa all scores of a cell are kept, so that every species has its complete map."""
STRIPS_SHARE = 0.25
"""Share of the memory budget for the inputs and ranked scores of the strips in hand, and again for one batch."""


@dataclass(frozen=True)
class Plan:
    """An assessment that is ready to run; `cells` of the area, `keep` scores of each."""

    area: Area
    grid: Grid
    package: ModelPackage
    cube: CubePlan
    rule: SetRule
    context: Context
    indicators: list[Indicator]
    blocks: list[Block]
    cells: int
    keep: int

    @property
    def effective_resolution(self) -> float:
        """The coarsest of the cells, the rasters and what the model was trained on, in metres."""
        return max(self.grid.resolution, self.cube.effective_resolution, self.package.card.resolution)

    @property
    def digest(self) -> str:
        """What the scores depend on: a job with the same digest may continue where another stopped."""
        files = {Path(binding.band.path) for binding in self.cube.bindings}
        parts = [self.area.shape.wkb_hex, asdict(self.grid), self.package.digest, self.keep,
                 [asdict(binding) for binding in self.cube.bindings],
                 [(path, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(files)]]
        return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()

    def max_rows(self, memory: int) -> int:
        """Return how many rows of a block one strip may have; two strips are in hand at once."""
        values = sum(_values_per_cell(entry) for entry in self.package.card.inputs)
        row_bytes = BLOCK_CELLS * (4 * values + 16 * self.keep)
        return max(1, int(memory * STRIPS_SHARE / 2 / row_bytes))


def plan_assessment(job: AssessJob, reporter: Reporter) -> Plan:
    """Read the area, open the model, bind the predictors and choose rule and indicators.

    Raises:
        EngineError: whatever makes the job impossible; nothing has been written by then.
    """
    area = read_area(job.area, job.grid_crs, reporter)
    package = open_package(job.model)
    grid = area.grid(job.resolution)
    taxa = join(package.taxa, load_lists()).taxa
    rule = parse_rule(job.set_rule or package.card.default_rule, taxa, package.card.scale, package.card)
    context = Context(taxa, package.card.scale)
    indicators = select(job.indicators, context)
    cube = make_plan(package.card, open_sources(job.predictors), grid, area, job.predictor_crs, warner=reporter)
    inside = list(area_blocks(area, grid))
    count = len(taxa)
    plan = Plan(area, grid, package, cube, rule, context, indicators, [entry.block for entry in inside],
                sum(int(entry.inside.sum()) for entry in inside), count if count <= KEEP_ALL else rule.keep(count))
    _announce(plan, reporter)
    return plan


def _announce(plan: Plan, reporter: Reporter) -> None:
    resolution = plan.grid.resolution
    reporter.message("assess_started", hectares=round(plan.area.hectares, 1), cells=plan.cells, resolution=resolution,
                     crs=plan.grid.crs, model=plan.package.card.title, taxa=len(plan.context.taxa))
    # Square pixels in degrees or another projection never match to the metre; 10 % is no news.
    if plan.effective_resolution > 1.1 * resolution:
        reporter.warning("assess_finer_than_data", resolution=resolution,
                         effective=round(plan.effective_resolution))


def _values_per_cell(entry: ModelInput) -> int:
    return len(entry.predictors) * math.prod(entry.size or (1,)) * math.prod(entry.time_shape)
