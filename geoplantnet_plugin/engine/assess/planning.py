"""Everything about an assessment that is decided, and can be refused, before the first cell is scored."""

from __future__ import annotations

from contextlib import ExitStack

from geoplantnet_plugin.common.jobs import AssessJob
from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.indicators import Context, select
from geoplantnet_plugin.engine.indicators.habitat_table import read_habitats
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.sources.table import plan_source
from geoplantnet_plugin.engine.taxa.lists import join, load_lists
from geoplantnet_plugin.engine.taxa.territory import at_site, checked_country
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks
from geoplantnet_plugin.engine.where.grid import Grid

KEEP_ALL = 256
"""Up to so many taxa all scores of a cell are kept, so that every species has its complete map."""


def plan_assessment(job: AssessJob, reporter: Reporter) -> Plan:
    """Read the area, open the score source and choose rule and indicators.

    Raises:
        EngineError: whatever makes the job impossible; nothing has been written by then.
    """
    area = read_area(job.area, job.grid_crs, reporter)
    grid = area.grid(job.resolution)
    with ExitStack() as undo:
        source = plan_source(job.source, area, grid, reporter)
        undo.callback(source.close)
        plan = _plan(job, area, grid, source, reporter)
        _announce(plan, reporter)
        undo.pop_all()
    return plan


def _plan(job: AssessJob, area: Area, grid: Grid, source: SourcePlan, reporter: Reporter) -> Plan:
    taxa = at_site(join(source.taxa, load_lists()).taxa, checked_country(job.country))
    rule = parse_rule(job.set_rule or source.default_rule, taxa, source.scale, source.statements)
    context = Context(taxa, source.scale, source.statements.stated("richness", "dispersion"),
                      read_habitats(job.habitats, taxa, reporter) if job.habitats else None,
                      source.statements.stated("coverage", "block_sd"))
    indicators = select(job.indicators, context)
    inside = list(area_blocks(area, grid))
    count = len(taxa)
    return Plan(area, grid, source, rule, context, indicators, [entry.block for entry in inside],
                sum(int(entry.inside.sum()) for entry in inside), count if count <= KEEP_ALL else rule.keep(count),
                area.named(job.areas_by, reporter) if job.areas_by else {})


def _announce(plan: Plan, reporter: Reporter) -> None:
    resolution = plan.grid.resolution
    reporter.message("assess_started", hectares=round(plan.area.hectares, 1), cells=plan.cells, resolution=resolution,
                     crs=plan.grid.crs, model=plan.source.origin.title, taxa=len(plan.context.taxa))
    # Square pixels in degrees or another projection never match to the metre; 10 % is no news.
    if plan.effective_resolution > 1.1 * resolution:
        reporter.warning("assess_finer_than_data", resolution=resolution,
                         effective=round(plan.effective_resolution))
