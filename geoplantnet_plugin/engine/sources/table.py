"""The one table of score sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.sources.model import plan_model
from geoplantnet_plugin.engine.sources.published.source_plan import plan_published
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

SOURCES: Mapping[str, Callable[[AssessJob, Area, Grid, Reporter], SourcePlan]] = {
    "model": plan_model,
    "geoplantnet": plan_published,
}


def plan_source(job: AssessJob, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Return the plan of the job's score source.

    Raises:
        EngineError: there is no such source, or it cannot be used for this job.
    """
    if job.source not in SOURCES:
        raise EngineError("source_unknown", source=job.source, known=list(SOURCES))
    return SOURCES[job.source](job, area, grid, reporter)
