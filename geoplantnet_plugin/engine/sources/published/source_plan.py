"""The score source that reads GeoPl@ntNet's published maps, or maps published in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from geoplantnet_plugin.common.jobs import AssessJob
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


def plan_published(job: AssessJob, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Read the catalogue of the published maps and choose the taxa; of the maps only a sample is read.

    Raises:
        EngineError: the terms are not accepted, the area lies outside all countries, no taxon is left, or the
            catalogue cannot be read, or the download is larger than the settings allow.
    """
    with ExitStack() as undo:
        source = undo.enter_context(open_published(job, area, grid, reporter))
        if not job.offline:
            _tell_cost(source, reporter)
        held = undo.pop_all()
    made = source.provenance()

    @contextmanager
    def opened(keep: int, memory: int) -> Iterator[ScoreSource]:
        source.keep, source.memory = keep, memory
        with held:
            yield source

    return SourcePlan(
        Origin("published maps", "geoplantnet", made.title, made.version, source.digest, made.scale,
               "; ".join(made.licences), made.attribution, made.taxa, made.retrieved),
        source.taxa, source.scale, None, DEFAULT_RULE, made.effective_resolution, False, 0, (source.digest,), opened,
        [{"name": "published maps", "source": made.url, "crs": made.crs, "resolution": made.pixel_metres,
          "resampling": made.resampling, "countries": list(made.countries), "maps": made.maps,
          "nan_means": made.nan_means, "nodata_means": made.nodata_means}], close=held.close)


@contextmanager
def open_published(job: AssessJob, area: Area, grid: Grid, reporter: Reporter) -> Iterator[PublishedMaps]:
    """Open the maps that a job chooses; the cache is closed with them.

    Raises:
        EngineError: see `plan_published`; the cost is not looked at here.
    """
    services = chosen_services(job.source_url, job.api_url)
    with open_cache() as cache:
        if job.accept_terms:
            accept_terms(services.maps, cache)
        check_terms(services.maps, cache)
        source = PublishedMaps.open(services.maps, services.http, area, grid, species_filter(job, services, cache),
                                    cache, reporter, known=known_taxa(job), offline=job.offline)
        with closing(source):
            yield source


def _tell_cost(source: PublishedMaps, reporter: Reporter) -> None:
    """Say what will be downloaded, and refuse more than the settings allow."""
    cost = estimate(source)
    cost.refuse_above(source.settings.most_megabytes)
    reporter.message("published_estimate", taxa=cost.taxa, requests=cost.requests,
                     megabytes=round(cost.megabytes, 1), minutes=round(cost.minutes, 1))
