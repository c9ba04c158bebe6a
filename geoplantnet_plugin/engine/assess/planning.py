"""Everything about an assessment that is decided, and can be refused, before the first cell is scored."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assemblage import parse_rule
from geoplantnet_plugin.engine.assess.ground import Ground, ground_of
from geoplantnet_plugin.engine.assess.offer import with_model
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.indicators import Context, Indicator, select
from geoplantnet_plugin.engine.indicators.habitat_table import read_habitats
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.sources.table import plan_source, support_of
from geoplantnet_plugin.engine.survey.plan import SurveyPlan, as_known, plan_survey
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import load_lists
from geoplantnet_plugin.engine.taxa.territory import at_site, checked_country
from geoplantnet_plugin.engine.where.area import read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks

KEEP_ALL = 256
"""Up to so many taxa all scores of a cell are kept, so that every species has its complete map."""

PREPARING = 3
"""Steps before the first cell: the area, what gives the scores, what is made of them."""


def plan_assessment(job: AssessJob, reporter: Reporter) -> Plan:
    """Read the area, open the score source and choose rule and indicators.

    Raises:
        EngineError: whatever makes the job impossible; nothing has been written by then.
    """
    reporter.progress("prepare", 0, PREPARING)
    area = read_area(job.area, job.grid_crs, reporter)
    reporter.progress("prepare", 1, PREPARING)
    job = replace(job, source=with_model(job.source, area, reporter))
    support = support_of(job.source)
    ground = ground_of(area, job.resolution, support, reporter)
    survey = (plan_survey(job, support, support.flora, ground.squares, area, reporter)
              if support.flora and ground.squares else None)
    if job.all_scores and (survey or ground.pool or ground.ranked or not isinstance(job.source, ModelOptions)):
        raise EngineError("all_scores_none")
    with ExitStack() as undo:
        source = plan_source(job.source, ground.area, ground.grid, reporter)
        undo.callback(source.close)
        reporter.progress("prepare", 2, PREPARING)
        if ground.ranked:
            _check_finer(source, support, ground.grid.resolution, reporter)
        plan = _plan(job, ground, source, support, survey, reporter)
        plan.check_memory()
        reporter.progress("prepare", PREPARING, PREPARING)
        _announce(plan, reporter)
        undo.pop_all()
    return plan


def _check_finer(source: SourcePlan, support: Support, resolution: float, reporter: Reporter) -> None:
    """Refuse to rank cells that only differ by interpolation; tell how many predictors do.

    Raises:
        EngineError: ``ranks_no_finer``.
    """
    coarse = [entry for entry in source.predictors if float(entry["resolution"]) >= (support.side or 0.0)]
    if len(coarse) == len(source.predictors):
        raise EngineError("ranks_no_finer", model=support.name, side=support.side, resolution=resolution)
    if coarse:
        reporter.warning("ranks_coarse", count=len(coarse), all=len(source.predictors))


def _plan(job: AssessJob, ground: Ground, source: SourcePlan, support: Support, survey: SurveyPlan | None,
          reporter: Reporter) -> Plan:
    area, grid = ground.area, ground.grid
    country = checked_country(job.country)
    taxa = (as_known(source.taxa, survey) if survey
            else at_site(join(source.taxa, load_lists(country=country)).taxa, country))
    rule = parse_rule(job.set_rule or source.default_rule, taxa, source.scale, source.statements)
    context = Context(taxa, source.scale, Calibration.of(source.statements),
                      read_habitats(job.habitats, taxa, reporter, _inputs(source)) if job.habitats else None,
                      support.side is not None)
    indicators = [] if ground.pool or ground.ranked else _headline_first(
        select(job.indicators, context), job.indicators, survey is not None)
    counts = {entry.block: int(entry.inside.sum()) for entry in area_blocks(area, grid)}
    count = len(taxa)
    return Plan(area, grid, source, rule, context, indicators, list(counts), sum(counts.values()),
                count if count <= KEEP_ALL or survey else rule.keep(count),
                area.named(job.areas_by, reporter) if job.areas_by else {}, job.memory, ground.pool, survey,
                ground.ranked, support.side or 0.0, job.all_scores)


def _inputs(source: SourcePlan) -> set[str]:
    """Return the names of the predictors behind the scores."""
    return {str(entry["predictor"]) for entry in source.predictors if "predictor" in entry}


def _headline_first(indicators: list[Indicator], asked: Sequence[str], has_records: bool) -> list[Indicator]:
    """Return the indicators with that of the map first: of models of records endemism, and not richness.

    They rank the species of a square well, but foretell badly how many there are: richness is made when it is named.
    """
    if not has_records:
        return indicators
    kept = [indicator for indicator in indicators if indicator.id != "richness" or "richness" in asked]
    return sorted(kept, key=lambda indicator: indicator.id != "endemism")


def _announce(plan: Plan, reporter: Reporter) -> None:
    resolution = plan.grid.resolution
    if plan.pool:
        reporter.message("pool_started", hectares=round(plan.area.hectares, 1), side=resolution,
                         model=plan.source.origin.title)
        return
    if plan.ranked:
        reporter.message("ranks_started", cells=plan.cells, resolution=resolution, side=plan.side,
                         model=plan.source.origin.title)
        return
    reporter.message("assess_started", hectares=round(plan.area.hectares, 1), cells=plan.cells, resolution=resolution,
                     crs=plan.grid.crs, model=plan.source.origin.title, taxa=len(plan.context.taxa))
    # Square pixels in degrees or another projection never match to the metre; 10 % is no news.
    if plan.effective_resolution > 1.1 * resolution:
        reporter.warning("assess_finer_than_data", resolution=resolution,
                         effective=round(plan.effective_resolution))
