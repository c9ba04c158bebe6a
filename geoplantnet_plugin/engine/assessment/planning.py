"""Everything about an assessment that is decided, and can be refused, before the first cell is scored."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from geoplantnet_plugin.engine.area import Area, read_area
from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.grid import BLOCK_CELLS, Block, Grid
from geoplantnet_plugin.engine.habitats import read_habitats
from geoplantnet_plugin.engine.indicators import Context, Indicator, select
from geoplantnet_plugin.engine.job import AssessJob
from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.scores.plan import SourcePlan
from geoplantnet_plugin.engine.scores.sources import plan_source
from geoplantnet_plugin.engine.scoring import area_blocks
from geoplantnet_plugin.engine.set_rules import SetRule, parse_rule
from geoplantnet_plugin.engine.species_lists import join, load_lists
from geoplantnet_plugin.engine.territory import at_site, checked_country

KEEP_ALL = 256
"""Up to so many taxa all scores of a cell are kept, so that every species has its complete map."""
STRIPS_SHARE = 0.25
"""Share of the memory budget for the inputs and ranked scores of the strips in hand."""


@dataclass(frozen=True)
class Plan:
    """An assessment that is ready to run; `cells` of the area, `keep` scores of each, `named` areas to tell apart."""

    area: Area
    grid: Grid
    source: SourcePlan
    rule: SetRule
    context: Context
    indicators: list[Indicator]
    blocks: list[Block]
    cells: int
    keep: int
    named: dict[str, Area]

    @property
    def effective_resolution(self) -> float:
        """The coarser of the cells and the data behind them, in metres."""
        return max(self.grid.resolution, self.source.resolution)

    @property
    def digest(self) -> str:
        """What the scores depend on: a job with the same digest may continue where another stopped."""
        parts = [self.area.shape.wkb_hex, asdict(self.grid), self.keep, self.source.identity]
        return f"sha256:{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()}"

    def max_rows(self, memory: int) -> int:
        """Return how many rows of a block one strip may have; two strips are in hand at once."""
        row_bytes = BLOCK_CELLS * (4 * self.source.values_per_cell + 16 * self.keep)
        return max(1, int(memory * STRIPS_SHARE / 2 / row_bytes))


def plan_assessment(job: AssessJob, reporter: Reporter) -> Plan:
    """Read the area, open the score source and choose rule and indicators.

    Raises:
        EngineError: whatever makes the job impossible; nothing has been written by then.
    """
    area = read_area(job.area, job.grid_crs, reporter)
    grid = area.grid(job.resolution)
    with ExitStack() as undo:
        source = plan_source(job, area, grid, reporter)
        undo.callback(source.close)
        plan = _plan(job, area, grid, source, reporter)
        _announce(plan, reporter)
        undo.pop_all()
    return plan


def _plan(job: AssessJob, area: Area, grid: Grid, source: SourcePlan, reporter: Reporter) -> Plan:
    taxa = at_site(join(source.taxa, load_lists()).taxa, checked_country(job.country))
    rule = parse_rule(job.set_rule or source.default_rule, taxa, source.scale, source.card)
    context = Context(taxa, source.scale, _stated(source.card, "richness", "dispersion"),
                      read_habitats(job.habitats, taxa, reporter) if job.habitats else None,
                      _stated(source.card, "coverage", "block_sd"))
    indicators = select(job.indicators, context)
    inside = list(area_blocks(area, grid))
    count = len(taxa)
    return Plan(area, grid, source, rule, context, indicators, [entry.block for entry in inside],
                sum(int(entry.inside.sum()) for entry in inside), count if count <= KEEP_ALL else rule.keep(count),
                area.named(job.areas_by, reporter) if job.areas_by else {})


def _stated(card: Card | None, part: str, key: str) -> float | None:
    """Return a number of the card's ``calibration``: without it nothing says how sure something is."""
    stated = ((card.calibration if card else None) or {}).get(part, {}).get(key)
    return None if stated is None else float(stated)


def _announce(plan: Plan, reporter: Reporter) -> None:
    resolution = plan.grid.resolution
    reporter.message("assess_started", hectares=round(plan.area.hectares, 1), cells=plan.cells, resolution=resolution,
                     crs=plan.grid.crs, model=plan.source.origin.title, taxa=len(plan.context.taxa))
    # Square pixels in degrees or another projection never match to the metre; 10 % is no news.
    if plan.effective_resolution > 1.1 * resolution:
        reporter.warning("assess_finer_than_data", resolution=resolution,
                         effective=round(plan.effective_resolution))
