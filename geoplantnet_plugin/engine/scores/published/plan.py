"""The score source that reads GeoPl@ntNet's published maps, or maps published in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from geoplantnet_plugin.engine.area import Area
from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.grid import Grid
from geoplantnet_plugin.engine.job import AssessJob
from geoplantnet_plugin.engine.scores.plan import Origin, SourcePlan
from geoplantnet_plugin.engine.scores.published.estimate import estimate
from geoplantnet_plugin.engine.scores.published.selection import SpeciesFilter, read_names
from geoplantnet_plugin.engine.scores.published.source import PublishedMaps
from geoplantnet_plugin.engine.scores.source import ScoreSource
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import cache_folder, read_services

DEFAULT_RULE = "topk:50"
"""GeoPl@ntNet's own rule is not published; its legend "Species threshold 50" and the top of its Shannon scale fit
the 50 best taxa of a cell."""


def plan_published(job: AssessJob, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    """Read the catalogue of the published maps and choose the taxa; of the maps only a sample is read.

    Raises:
        EngineError: the terms are not accepted, the area lies outside all countries, no taxon is left, or the
            catalogue cannot be read, or the download is larger than the settings allow.
    """
    services = read_services()
    settings = replace(services.maps, catalogue=job.source_url) if job.source_url else services.maps
    cache = Cache(cache_folder(), services.cache_megabytes)
    source = PublishedMaps.open(settings, services.http, area, grid, _filter(job), cache, reporter,
                                offline=job.offline)
    if not job.offline:
        _tell_cost(source, reporter)
    made = source.provenance()

    @contextmanager
    def opened(keep: int, memory: int) -> Iterator[ScoreSource]:
        source.keep, source.memory = keep, memory
        with cache, closing(source):
            yield source

    return SourcePlan(
        Origin("published maps", "geoplantnet", made.title, made.version, source.digest, made.scale,
               "; ".join(made.licences), made.attribution, made.taxa, made.retrieved),
        source.taxa, source.scale, None, DEFAULT_RULE, made.effective_resolution, False, 0, (source.digest,), opened,
        [{"name": "published maps", "source": made.url, "crs": made.crs, "resolution": made.pixel_metres,
          "resampling": made.resampling, "countries": list(made.countries), "maps": made.maps,
          "nan_means": made.nan_means, "nodata_means": made.nodata_means}])


def _tell_cost(source: PublishedMaps, reporter: Reporter) -> None:
    """Say what will be downloaded, and refuse more than the settings allow."""
    cost = estimate(source)
    cost.refuse_above(source.settings.most_megabytes)
    reporter.message("published_estimate", taxa=cost.taxa, requests=cost.requests,
                     megabytes=round(cost.megabytes, 1), minutes=round(cost.minutes, 1))


def _filter(job: AssessJob) -> SpeciesFilter:
    names = read_names(Path(job.species)) if job.species else frozenset()
    return SpeciesFilter(names, frozenset(job.families), frozenset(job.statuses))
