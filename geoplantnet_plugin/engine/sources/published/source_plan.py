"""The score source that reads GeoPl@ntNet's published maps, or maps published in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from geoplantnet_plugin.common.jobs import PublishedOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source import ScoreSource
from geoplantnet_plugin.engine.scores.source_plan import Origin, SourcePlan
from geoplantnet_plugin.engine.services.cache import open_cache
from geoplantnet_plugin.engine.services.settings import chosen_services
from geoplantnet_plugin.engine.sources.published.choice import known_taxa, species_filter
from geoplantnet_plugin.engine.sources.published.estimate import estimate
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from geoplantnet_plugin.engine.sources.published.terms import accept_terms, check_terms
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

DEFAULT_RULE = "topk:50"
"""GeoPl@ntNet's own rule is not published; its legend "Species threshold 50" and the top of its Shannon scale fit
the 50 best taxa of a cell."""


@dataclass(kw_only=True)
class PublishedPlan(SourcePlan):
    """The maps that the options choose; what planning has opened is used in its own process, others open their own."""

    options: PublishedOptions
    area: Area
    grid: Grid
    held: tuple[PublishedMaps, ExitStack] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "held": None}

    @contextmanager
    def open(self, keep: int, memory: int, reporter: Reporter) -> Iterator[ScoreSource]:
        """Give the opened maps; see `SourcePlan`."""
        source, opened = self.held or _hold(self.options, self.area, self.grid, reporter)
        self.held = None
        source.keep, source.memory = keep, memory
        with opened:
            yield source

    def close(self) -> None:
        """Close the maps and the cache."""
        if self.held:
            self.held[1].close()
            self.held = None


def plan_published(options: PublishedOptions, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Read the catalogue of the published maps and choose the taxa; of the maps only a sample is read.

    Raises:
        EngineError: the terms are not accepted, the area lies outside all countries, no taxon is left, or the
            catalogue cannot be read, or the download is larger than the settings allow.
    """
    source, opened = _hold(options, area, grid, reporter)
    with ExitStack() as undo:
        undo.callback(opened.close)
        if not options.offline:
            _tell_cost(source, reporter)
        undo.pop_all()
    made = source.provenance()
    return PublishedPlan(
        origin=Origin("published maps", "geoplantnet", made.title, made.version, source.digest, made.scale,
                      "; ".join(made.licences), made.attribution, made.taxa, made.retrieved),
        taxa=source.taxa, scale=source.scale, default_rule=DEFAULT_RULE, resolution=made.effective_resolution,
        identity=(source.digest,), predictors=[
            {"name": "published maps", "source": made.url, "crs": made.crs, "resolution": made.pixel_metres,
             "resampling": made.resampling, "countries": list(made.countries), "maps": made.maps,
             "nan_means": made.nan_means, "nodata_means": made.nodata_means}],
        options=options, area=area, grid=grid, held=(source, opened))


def _hold(options: PublishedOptions, area: Area, grid: Grid, reporter: Reporter) -> tuple[PublishedMaps, ExitStack]:
    """Open the maps and return them with what closes them."""
    with ExitStack() as stack:
        source = stack.enter_context(open_published(options, area, grid, reporter))
        return source, stack.pop_all()


@contextmanager
def open_published(options: PublishedOptions, area: Area, grid: Grid, reporter: Reporter) -> Iterator[PublishedMaps]:
    """Open the maps that the options choose; the cache is closed with them.

    Raises:
        EngineError: see `plan_published`; the cost is not looked at here.
    """
    services = chosen_services(options.source_url, options.api_url)
    with open_cache() as cache:
        if options.accept_terms:
            accept_terms(services.maps, cache)
        check_terms(services.maps, cache)
        wanted = species_filter(options, services, cache, reporter)
        source = PublishedMaps.open(services.maps, services.http, area, grid, wanted, cache, reporter,
                                    known=known_taxa(options), offline=options.offline)
        with closing(source):
            yield source


def _tell_cost(source: PublishedMaps, reporter: Reporter) -> None:
    """Say what will be downloaded, and refuse more than the settings allow."""
    cost = estimate(source)
    cost.refuse_above(source.settings.most_megabytes)
    reporter.message("published_estimate", taxa=cost.taxa, requests=cost.requests,
                     megabytes=round(cost.megabytes, 1), minutes=round(cost.minutes, 1))
