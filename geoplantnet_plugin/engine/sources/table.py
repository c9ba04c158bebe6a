"""The one table of score sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.jobs import ModelOptions, PublishedOptions, ServiceOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid


@dataclass(frozen=True)
class SourceKind:
    """A kind of score source: the data class of its options, how a plan is made of them, what its scores speak of."""

    options: type[Any]
    plan: Callable[[Any, Area, Grid, Reporter], SourcePlan]
    support: Callable[[Any], Support]


def _model(options: ModelOptions, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    from geoplantnet_plugin.engine.sources.model import plan_model

    return plan_model(options, area, grid, reporter)


def _of_model(options: ModelOptions) -> Support:
    from geoplantnet_plugin.engine.sources.model import support_of_model

    return support_of_model(options)


def _published(options: PublishedOptions, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    from geoplantnet_plugin.engine.sources.published.source_plan import plan_published

    return plan_published(options, area, grid, reporter)


SOURCES: dict[str, SourceKind] = {
    ModelOptions.KIND: SourceKind(ModelOptions, _model, _of_model),
    PublishedOptions.KIND: SourceKind(PublishedOptions, _published, lambda options: Support()),
}
"""Kind → source; a source's libraries are loaded when it is planned."""


def option_kinds() -> Mapping[str, type[Any]]:
    """Return the options of every kind of score source by its name, and of a service, which gives all of it."""
    return {**{name: kind.options for name, kind in SOURCES.items()}, ServiceOptions.KIND: ServiceOptions}


def support_of(options: Any) -> Support:
    """Return what the scores of the source speak of that `options` are those of.

    Raises:
        EngineError: the source cannot be opened.
    """
    return SOURCES[options.KIND].support(options)


def plan_source(options: Any, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Return the plan of the score source that `options` are those of.

    Raises:
        EngineError: it cannot be used for this area.
    """
    return SOURCES[options.KIND].plan(options, area, grid, reporter)
