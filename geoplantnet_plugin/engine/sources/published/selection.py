"""Which of the published taxa are asked for: the fewer, the smaller the download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import read_table
from geoplantnet_plugin.engine.sources.published.catalogue import Country, PublishedMap
from geoplantnet_plugin.engine.sources.published.names import name_of, slug_of
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import load_lists
from geoplantnet_plugin.engine.taxa.read import NAME_HEADERS, Columns, find_columns
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon


@dataclass(frozen=True)
class SpeciesFilter:
    """What a taxon must be to be asked for; an empty criterion asks nothing.

    `names` are scientific names (with or without author) or ids of the publisher; `flora` likewise, those of a local
    flora: with both, a taxon must be in both. `families`, and `status_kinds` as the species lists have them
    (``iucn``, ``eu_directive``, ``invasive``, the id of a list of one's own), need to be *known* of the taxon: one
    of which nothing is known does not pass.
    """

    names: frozenset[str] = frozenset()
    flora: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    status_kinds: frozenset[str] = frozenset()


def read_names(path: Path, reporter: Reporter) -> frozenset[str]:
    """Return the names in a table, or in a text file with one a line; lines that begin with # are passed over.

    Where no column holds names they are ids of the publisher, in the first one.

    Raises:
        EngineError: the file cannot be read.
    """
    table = read_table(path, NAME_HEADERS, reporter)
    try:
        columns = find_columns(table)
    except EngineError:
        columns = Columns(name=0)
    names = (cells[columns.name] for cells in table.rows[columns.header:] if not cells[0].startswith("#"))
    return frozenset(filter(None, names))


@dataclass(frozen=True)
class Selection:
    """The taxa asked for, by id, and the maps of each in the order of the countries.

    `unmatched` are names of the filter that no published taxon bears.
    """

    taxa: TaxaTable
    maps: tuple[tuple[PublishedMap, ...], ...]
    unmatched: tuple[str, ...]


def select(countries: Sequence[Country], wanted: SpeciesFilter, known: TaxaTable | None = None) -> Selection:
    """Return the taxa of `countries` that pass `wanted`, in the order of their ids.

    `known` gives taxa their full names, GBIF ids and families. Statuses come from the species lists; the returned
    taxa do not carry them yet.

    Raises:
        EngineError: none passes.
    """
    maps = _by_taxon(countries)
    names = _Names(known or TaxaTable(()))
    taxa = [names.taxon(number, maps[number][0].slug) for number in sorted(maps, key=int)]
    slugs = {slug_of(name): name for name in wanted.names}
    flora = {slug_of(name) for name in wanted.flora}
    called = {taxon.id: _called(taxon, maps[taxon.id][0].slug) for taxon in taxa}
    hits = {number: names & set(slugs) for number, names in called.items()}
    listed = _listed(taxa, wanted.status_kinds)
    families = {family.lower() for family in wanted.families}
    chosen = tuple(taxon for taxon in taxa if (hits[taxon.id] or not slugs) and (taxon.id in listed)
                   and (called[taxon.id] & flora or not flora)
                   and (taxon.family.lower() in families or not families))
    if not chosen:
        raise EngineError("published_no_taxa", countries=[country.name for country in countries])
    matched = set[str]().union(*hits.values())
    unmatched = tuple(sorted(name for slug, name in slugs.items() if slug not in matched))
    return Selection(TaxaTable(chosen), tuple(maps[taxon.id] for taxon in chosen), unmatched)


def _called(taxon: Taxon, slug: str) -> set[str]:
    """Everything that a name in a filter may call the taxon, as slugs."""
    return {taxon.id, slug_of(slug), slug_of(name_of(slug)), slug_of(taxon.name), slug_of(taxon.accepted_name)}


def _listed(taxa: Sequence[Taxon], kinds: frozenset[str]) -> set[str]:
    """The ids of the taxa that a species list of one of `kinds` names; of all taxa without `kinds`."""
    if not kinds:
        return {taxon.id for taxon in taxa}
    lists = [entry for entry in load_lists() if entry.kind in kinds]
    joined = join(TaxaTable(tuple(taxa)), lists).taxa
    return {taxon.id for taxon in joined if any(statuses.is_listed(taxon, kind) for kind in kinds)}


def _by_taxon(countries: Iterable[Country]) -> Mapping[str, tuple[PublishedMap, ...]]:
    maps: dict[str, tuple[PublishedMap, ...]] = {}
    for country in countries:
        for entry in country.maps:
            maps[entry.id] = (*maps.get(entry.id, ()), entry)
    return maps


class _Names:
    """Known taxa by the slugs of their names; a slug that stands for two taxa is no evidence of either."""

    def __init__(self, known: TaxaTable) -> None:
        self._known: dict[str, Taxon | None] = {}
        self._families: dict[str, str] = {}
        for taxon in known:
            names = {taxon.name, taxon.accepted_name}
            for slug in {slug_of(name) for name in names | {f"{name} {taxon.authorship}" for name in names}}:
                self._known[slug] = None if self._known.get(slug, taxon) != taxon else taxon
            if taxon.family:
                self._families[taxon.accepted_name.split()[0]] = taxon.family

    def taxon(self, number: str, slug: str) -> Taxon:
        """The taxon of a published map; a genus that is known gives its family to its other species."""
        name = name_of(slug)
        found = self._known.get(slug_of(slug)) or self._known.get(slug_of(name))
        if found:
            return replace(found, id=number, lambda_=None)
        genus = name.split()[0]
        return Taxon(id=number, name=name, accepted_name=name, genus=genus, family=self._families.get(genus, ""))
