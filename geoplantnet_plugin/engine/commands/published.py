"""The commands ``geoplantnet published terms|species|estimate|cache``, and the jobs of the first and third."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, PublishedOptions, TermsRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.assess import AREA, GRID_CRS, RESOLUTION, read_job, read_typed
from geoplantnet_plugin.engine.commands.command import Command, Result, typed
from geoplantnet_plugin.engine.commands.source_arguments import PUBLISHED, Options
from geoplantnet_plugin.engine.services.cache import open_cache
from geoplantnet_plugin.engine.services.settings import chosen_services

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.sources.published.source import PublishedMaps


@dataclass(frozen=True)
class CacheRequest:
    """Asks what is cached; `clear` deletes it first."""

    clear: bool = False


def _terms(asked: TermsRequest, reporter: Reporter) -> Result:
    """Return the terms of the maps and when they were accepted ("" when not), accepting them first if asked to."""
    from geoplantnet_plugin.engine.sources.published.terms import accept_terms, terms_accepted, terms_params

    settings = chosen_services(asked.source_url).maps
    with open_cache() as cache:
        if asked.accept:
            accept_terms(settings, cache)
        accepted = terms_accepted(settings, cache)
    params = terms_params(settings)
    terms = render("published_terms", params)
    return {"terms": terms, "params": params, "accepted": accepted,
            "text": f"{terms}\n\nAccepted: {accepted}" if accepted else terms}


def _species(job: AssessJob, reporter: Reporter) -> Result:
    with _open(job, reporter) as source:
        found = [{"id": taxon.id, "name": taxon.accepted_name, "family": taxon.family,
                  "countries": [entry.country for entry in maps]}
                 for taxon, maps in zip(source.taxa, source.selection.maps, strict=True)]
        provenance = asdict(source.provenance())
    lines = [f"{entry['id']:>7}  {entry['name']}" for entry in found]
    return {"species": found, "provenance": provenance, "text": "\n".join(lines)}


def _estimate(job: AssessJob, reporter: Reporter) -> Result:
    """Return what a job would download, and the limit; ``text`` says it in words."""
    from geoplantnet_plugin.engine.sources.published.estimate import estimate

    with _open(job, reporter) as source:
        cost = estimate(source)
        limit, made = source.settings.most_megabytes, source.provenance()
    text = (f"{cost.taxa} species, {cost.all_maps} maps of {', '.join(cost.countries)}, {cost.maps} not cached\n"
            f"about {cost.requests} requests, {cost.megabytes:.1f} MB, {cost.minutes:.1f} minutes")
    return {"estimate": asdict(cost), "limit_megabytes": limit, "provenance": asdict(made), "text": text}


def _cache(asked: CacheRequest, reporter: Reporter) -> Result:
    with open_cache() as cache:
        if asked.clear:
            cache.clear()
        size = cache.size()
    text = f"{size.folder}: {size.documents} documents, {size.files} maps, {size.megabytes:.1f} MB"
    return {"cache": {**asdict(size), "folder": str(size.folder)}, "text": text}


@contextmanager
def _open(job: AssessJob, reporter: Reporter) -> Iterator[PublishedMaps]:
    from geoplantnet_plugin.engine.sources.published.source_plan import open_published
    from geoplantnet_plugin.engine.where.area import read_area

    options = job.source
    if not isinstance(options, PublishedOptions):
        raise EngineError("job_not_published")
    area = read_area(job.area, job.grid_crs, reporter)
    with open_published(options, area, area.grid(job.resolution), reporter) as source:
        yield source


OF_AREA = (AREA, RESOLUTION, GRID_CRS, Options(PublishedOptions, PUBLISHED))
THEIRS = {"source": PublishedOptions.KIND, "out": "."}

GROUPS = {"published": "GeoPl@ntNet's published maps"}
COMMANDS = (
    Command(
        _terms, TermsRequest, "published terms", "show the terms of use of the data, or accept them", (
            typed("accept", "note that you have read and accept them"), typed("source_url", metavar="URL")),
        job="published_terms"),
    Command(_species, AssessJob, "published species", "list the published species of an area", OF_AREA, THEIRS,
            read_typed=read_typed),
    Command(_estimate, AssessJob, "published estimate", "what assessing an area would download", OF_AREA, THEIRS,
            job="published_estimate", read=read_job, read_typed=read_typed),
    Command(_cache, CacheRequest, "published cache", "show what is cached, or clear it", (typed("clear"),)),
)
