"""``geoplantnet published terms|species|estimate|cache``, ``flora …`` and ``compare``."""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.engine.events import Reporter
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import (
    ApiSettings,
    HttpSettings,
    MapSettings,
    cache_folder,
    read_services,
)

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.area import Area
    from geoplantnet_plugin.engine.scores.published.selection import SpeciesFilter
    from geoplantnet_plugin.engine.scores.published.source import PublishedMaps
    from geoplantnet_plugin.engine.services.plantnet import PlantNet
    from geoplantnet_plugin.engine.taxa import TaxaTable


def register(subparsers: Any) -> None:
    """Add the commands; each sets ``handler(args, reporter) -> dict`` as a default."""
    _register_published(subparsers.add_parser("published", help="GeoPl@ntNet's published maps"))
    _register_flora(subparsers.add_parser("flora", help="the Pl@ntNet API: expected species, floras, quota"))
    compare = subparsers.add_parser("compare", help="compare two assessments of one area")
    compare.add_argument("first", type=Path, help="folder of an assessment")
    compare.add_argument("second", type=Path, help="folder of another one, on the same grid")
    compare.add_argument("--out", type=Path, required=True, help="folder for the comparison, new")
    compare.set_defaults(handler=_compare)


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose published maps: shared with ``assess``."""
    parser.add_argument("--source-url", metavar="URL", help="catalogue of the maps (default: GeoPl@ntNet's)")
    parser.add_argument("--species", type=Path, metavar="FILE", help="only these species: a text file, one name a line")
    parser.add_argument("--family", action="append", default=[], help="only this family (needs --known; repeatable)")
    parser.add_argument("--status", action="append", default=[], metavar="KIND",
                        help="only species on a list of this kind: invasive, eu_directive, … (repeatable)")
    parser.add_argument("--flora", metavar="PROJECT", help="only species of this Pl@ntNet flora (needs a key)")
    parser.add_argument("--api-url", metavar="URL", help="address of the Pl@ntNet API (default: its own)")
    parser.add_argument("--known", type=Path, metavar="TAXA.csv", help="table with families and full names of taxa")
    parser.add_argument("--offline", action="store_true", help="use what is in the cache, ask nobody")


def map_settings(args: argparse.Namespace) -> MapSettings:
    """Return the settings of the maps that the arguments choose."""
    settings = read_services().maps
    return replace(settings, catalogue=args.source_url) if args.source_url else settings


def species_filter(args: argparse.Namespace) -> SpeciesFilter:
    """Return the filter that the arguments choose.

    Raises:
        EngineError: the list cannot be read, or the flora cannot be asked for.
    """
    from geoplantnet_plugin.engine.scores.published.selection import SpeciesFilter, read_names

    names = set(read_names(args.species)) if args.species else set()
    if args.flora:
        with _plantnet(args) as api:
            flora = {entry.name for entry in api.flora(args.flora)}
        names = names & flora if names else flora
    return SpeciesFilter(frozenset(names), frozenset(args.family), frozenset(args.status))


def known_taxa(args: argparse.Namespace) -> TaxaTable | None:
    """Return the table of known taxa that the arguments name."""
    from geoplantnet_plugin.engine.taxa import read_taxa

    return read_taxa(args.known) if args.known else None


def open_cache() -> Cache:
    """Open the user's cache."""
    return Cache(cache_folder(), read_services().cache_megabytes)


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


def _register_flora(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    expected = actions.add_parser("expected", help="quick list of the species expected in an area (relative scores)")
    _add_area(expected)
    expected.set_defaults(handler=_expected)
    near = actions.add_parser("near", help="floras, the nearest to the area first")
    _add_area(near)
    near.set_defaults(handler=_near)
    species = actions.add_parser("species", help="all species of a flora")
    species.add_argument("project", help="id of a flora (see near)")
    species.set_defaults(handler=_flora_species)
    quota = actions.add_parser("quota", help="what is left of today's quota")
    quota.set_defaults(handler=_quota)
    for action in (expected, near, species, quota):
        action.add_argument("--api-url", metavar="URL", help="address of the API (default: Pl@ntNet's)")
        action.add_argument("--language", default="en", help="language of common names (en, fr, …)")
    for action in (expected, species):
        action.add_argument("--out", type=Path, metavar="TAXA.csv", help="write the species as a taxa table too")


def _add_area(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, help="polygons in any vector format and CRS (FILE|layername=NAME)")
    parser.add_argument("--resolution", type=float, metavar="M")
    parser.add_argument("--grid-crs", metavar="EPSG:N")


def _terms(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.scores.published.terms import accept_terms, terms_accepted, terms_text

    settings = map_settings(args)
    with open_cache() as cache:
        if args.accept:
            accept_terms(settings, cache)
        accepted = terms_accepted(settings, cache)
    text = terms_text(settings)
    return {"terms": text, "accepted": accepted, "text": text + (f"\n\nAccepted: {accepted}" if accepted else "")}


def _species(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    with open_cache() as cache:
        source = _open(args, cache, reporter)
        source.close()
    species = [{"id": taxon.id, "name": taxon.accepted_name, "family": taxon.family,
                "countries": [entry.country for entry in maps]}
               for taxon, maps in zip(source.taxa, source.selection.maps, strict=True)]
    lines = [f"{entry['id']:>7}  {entry['name']}" for entry in species]
    return {"species": species, "provenance": asdict(source.provenance()), "text": "\n".join(lines)}


def _estimate(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.scores.published.estimate import estimate

    with open_cache() as cache:
        source = _open(args, cache, reporter)
        try:
            cost = estimate(source)
        finally:
            source.close()
    text = (f"{cost.taxa} species, {cost.all_maps} maps of {', '.join(cost.countries)}, {cost.maps} not cached\n"
            f"about {cost.requests} requests, {cost.megabytes:.1f} MB, {cost.minutes:.1f} minutes")
    return {"estimate": asdict(cost), "limit_megabytes": source.settings.most_megabytes, "text": text}


def _cache(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    with open_cache() as cache:
        if args.clear:
            cache.clear()
        size = cache.size()
    text = f"{size.folder}: {size.documents} documents, {size.files} maps, {size.megabytes:.1f} MB"
    return {"cache": {**asdict(size), "folder": str(size.folder)}, "text": text}


def _expected(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.services.plantnet import as_taxa

    with _plantnet(args) as api:
        found = api.expected(_degrees(args, reporter).bounds, args.language)
    if args.out:
        _write_taxa(args.out, as_taxa(found.species, args.language))
    lines = [f"{entry.score:8.4f}  {entry.name}  ({entry.observations} observations)" for entry in found.species]
    head = f"{len(lines)} species expected ({found.date}, {found.attribution}); scores are {found.scale.value}"
    return {"species": [asdict(entry) for entry in found.species], "scale": found.scale.value, "date": found.date,
            "attribution": found.attribution, "text": "\n".join([head, *lines])}


def _near(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    centre = _degrees(args, reporter).centroid
    with _plantnet(args) as api:
        floras = api.floras(centre.x, centre.y, args.language)
    return {"floras": [asdict(flora) for flora in floras],
            "text": "\n".join(f"{flora.id}  {flora.title}" for flora in floras)}


def _flora_species(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.services.plantnet import as_taxa

    with _plantnet(args) as api:
        species = api.flora(args.project, args.language)
    if args.out:
        _write_taxa(args.out, as_taxa(species, args.language))
    return {"species": [asdict(entry) for entry in species],
            "text": "\n".join(f"{entry.name} {entry.authorship}  {entry.iucn}".rstrip() for entry in species)}


def _quota(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    with _plantnet(args) as api:
        quota = api.quota()
    return {"quota": asdict(quota), "text": f"{quota.day}: {quota.remaining} of {quota.total} identifications left"}


def _compare(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.comparison import compare

    result = compare(args.first, args.second, args.out, reporter)
    return {"out": str(args.out), "comparison": asdict(result.summary), "text": result.summary.text()}


def _open(args: argparse.Namespace, cache: Cache, reporter: Reporter) -> PublishedMaps:
    from geoplantnet_plugin.engine.scores.published.source import PublishedMaps

    area = _area(args, reporter)
    return PublishedMaps.open(map_settings(args), _http(), area, area.grid(args.resolution), species_filter(args),
                              cache, reporter, known=known_taxa(args), offline=args.offline)


def _area(args: argparse.Namespace, reporter: Reporter) -> Area:
    from geoplantnet_plugin.engine.area import read_area

    return read_area(args.area, args.grid_crs, reporter)


def _degrees(args: argparse.Namespace, reporter: Reporter) -> Any:
    from geoplantnet_plugin.engine.scores.published.source import in_degrees

    return in_degrees(_area(args, reporter))


def _plantnet(args: argparse.Namespace) -> PlantNet:
    from geoplantnet_plugin.engine.services.plantnet import PlantNet

    settings: ApiSettings = read_services().api
    return PlantNet(replace(settings, url=args.api_url) if args.api_url else settings, _http())


def _http() -> HttpSettings:
    return read_services().http


def _write_taxa(path: Path, taxa: TaxaTable) -> None:
    from geoplantnet_plugin.engine.files import writing
    from geoplantnet_plugin.engine.taxa import TAXON_COLUMNS

    with writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TAXON_COLUMNS)
        writer.writerows([getattr(taxon, name) for name in TAXON_COLUMNS if name != "lambda"] + [""] for taxon in taxa)
