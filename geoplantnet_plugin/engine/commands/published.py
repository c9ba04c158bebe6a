"""``geoplantnet published terms|species|estimate|cache`` and ``flora …``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, PublishedOptions
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands import flora
from geoplantnet_plugin.engine.services.cache import open_cache
from geoplantnet_plugin.engine.services.settings import chosen_services

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.sources.published.source import PublishedMaps


def register(subparsers: Any) -> None:
    """Add the commands; each sets ``handler(args, reporter) -> dict`` as a default."""
    _register_published(subparsers.add_parser("published", help="GeoPl@ntNet's published maps"))
    flora.register(subparsers.add_parser("flora", help="the Pl@ntNet API: expected species, floras, quota"))


def add_source_arguments(parser: Any) -> None:
    """Add the arguments that choose published maps: the same everywhere."""
    parser.add_argument("--source-url", metavar="URL", help="catalogue of the maps (default: GeoPl@ntNet's)")
    parser.add_argument("--species", metavar="FILE", help="only these species: a text file, one name a line")
    parser.add_argument("--family", action="append", default=[], help="only this family (needs --known; repeatable)")
    parser.add_argument("--status", action="append", default=[], metavar="KIND",
                        help="only species on a list of this kind: invasive, eu_directive, … (repeatable)")
    parser.add_argument("--flora", metavar="PROJECT", default="",
                        help="only species of this Pl@ntNet flora (see `flora near`; needs a key)")
    parser.add_argument("--api-url", metavar="URL", help="address of the Pl@ntNet API (default: its own)")
    parser.add_argument("--known", metavar="TAXA.csv", help="table with families and full names of taxa")
    parser.add_argument("--accept-terms", action="store_true",
                        help="you have read the terms of the data (`published terms`) and accept them")
    parser.add_argument("--offline", action="store_true", help="use what is in the cache, ask nobody")


def source_fields(args: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of `PublishedOptions` that the arguments of `add_source_arguments` fill."""
    return {"source_url": args.source_url, "species": args.species, "families": tuple(args.family),
            "statuses": tuple(args.status), "flora": args.flora, "api_url": args.api_url, "known": args.known,
            "accept_terms": args.accept_terms, "offline": args.offline}


def _register_published(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    terms = actions.add_parser("terms", help="show the terms of use of the data, or accept them")
    terms.add_argument("--accept", action="store_true", help="note that you have read and accept them")
    terms.add_argument("--source-url", metavar="URL")
    terms.set_defaults(handler=_terms)
    for name, handler, text in (("species", _species, "list the published species of an area"),
                                ("estimate", _estimate, "what assessing an area would download")):
        action = actions.add_parser(name, help=text)
        _add_area(action)
        add_source_arguments(action)
        action.set_defaults(handler=handler)
    cache = actions.add_parser("cache", help="show what is cached, or clear it")
    cache.add_argument("--clear", action="store_true")
    cache.set_defaults(handler=_cache)


def _add_area(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, help="polygons in any vector format and CRS (FILE|layername=NAME)")
    parser.add_argument("--resolution", type=float, metavar="M")
    parser.add_argument("--grid-crs", metavar="EPSG:N")


def _terms(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    told = terms(args.source_url, args.accept)
    accepted = told["accepted"]
    return {**told, "text": f"{told['terms']}" + (f"\n\nAccepted: {accepted}" if accepted else "")}


def terms(source_url: str | None, accept: bool = False) -> dict[str, object]:
    """Return the terms of the maps at `source_url` and when they were accepted ("" when not), accepting them first."""
    from geoplantnet_plugin.engine.sources.published.terms import accept_terms, terms_accepted, terms_params

    settings = chosen_services(source_url).maps
    with open_cache() as cache:
        if accept:
            accept_terms(settings, cache)
        accepted = terms_accepted(settings, cache)
    params = terms_params(settings)
    return {"terms": render("published_terms", params), "params": params, "accepted": accepted}


def _species(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    with _open(_job(args), reporter) as source:
        found = [{"id": taxon.id, "name": taxon.accepted_name, "family": taxon.family,
                  "countries": [entry.country for entry in maps]}
                 for taxon, maps in zip(source.taxa, source.selection.maps, strict=True)]
        provenance = asdict(source.provenance())
    lines = [f"{entry['id']:>7}  {entry['name']}" for entry in found]
    return {"species": found, "provenance": provenance, "text": "\n".join(lines)}


def _estimate(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return estimate_job(_job(args), reporter)


def estimate_job(job: AssessJob, reporter: Reporter) -> dict[str, object]:
    """Return what a job would download, and the limit; ``text`` says it in words."""
    from geoplantnet_plugin.engine.sources.published.estimate import estimate

    with _open(job, reporter) as source:
        cost = estimate(source)
        limit, made = source.settings.most_megabytes, source.provenance()
    text = (f"{cost.taxa} species, {cost.all_maps} maps of {', '.join(cost.countries)}, {cost.maps} not cached\n"
            f"about {cost.requests} requests, {cost.megabytes:.1f} MB, {cost.minutes:.1f} minutes")
    return {"estimate": asdict(cost), "limit_megabytes": limit, "provenance": asdict(made), "text": text}


def _cache(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    with open_cache() as cache:
        if args.clear:
            cache.clear()
        size = cache.size()
    text = f"{size.folder}: {size.documents} documents, {size.files} maps, {size.megabytes:.1f} MB"
    return {"cache": {**asdict(size), "folder": str(size.folder)}, "text": text}


def _job(args: argparse.Namespace) -> AssessJob:
    return AssessJob(args.area, Path(), PublishedOptions(**source_fields(args)), args.resolution, args.grid_crs)


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
