"""Which of the published taxa are asked for: the fewer, the smaller the download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geoplantnet_plugin.engine import statuses
from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.scores.published.catalogue import Country, PublishedMap
from geoplantnet_plugin.engine.scores.published.names import name_of, slug_of
from geoplantnet_plugin.engine.taxa import TaxaTable, Taxon


@dataclass(frozen=True)
class SpeciesFilter:
    """What a taxon must be to be asked for; an empty criterion asks nothing.

    `names` are scientific names (with or without author) or ids of the publisher: those of a list or of the
    local flora. `families` and `status_kinds` (``iucn``, ``eu_directive``, ``invasive``, …) need to be *known*
    of the taxon: one of which nothing is known does not pass.
    """

    names: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    status_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Selection:
    """The taxa asked for, by id, and the maps of each in the order of the countries.

    `unmatched` are names of the filter that no published taxon bears.
    """

    taxa: TaxaTable
    maps: tuple[tuple[PublishedMap, ...], ...]
    unmatched: tuple[str, ...]


def select(countries: Sequence[Country], wanted: SpeciesFilter, known: TaxaTable | None = None) -> Selection:
    """Return the taxa of `countries` that pass `wanted`; `known` gives them family, statuses and full names.

    Raises:
        EngineError: none passes.
    """
    maps = _by_taxon(countries)
    names = _Names(known or TaxaTable(()))
    wanted_slugs = {slug_of(name): name for name in wanted.names}
    matched: set[str] = set()
    chosen = []
    for number in sorted(maps, key=int):
        slug = maps[number][0].slug
        taxon = names.taxon(number, slug)
        hits = {number, slug_of(slug), slug_of(taxon.name), slug_of(taxon.accepted_name)} & set(wanted_slugs)
        matched |= hits
        if (hits or not wanted.names) and _passes(taxon, wanted):
            chosen.append(taxon)
    if not chosen:
        raise EngineError("published_no_taxa", countries=[country.name for country in countries])
    unmatched = tuple(sorted(name for slug, name in wanted_slugs.items() if slug not in matched))
    return Selection(TaxaTable(tuple(chosen)), tuple(maps[taxon.id] for taxon in chosen), unmatched)


def _by_taxon(countries: Iterable[Country]) -> Mapping[str, tuple[PublishedMap, ...]]:
    maps: dict[str, tuple[PublishedMap, ...]] = {}
    for country in countries:
        for entry in country.maps:
            maps[entry.id] = (*maps.get(entry.id, ()), entry)
    return maps


def _passes(taxon: Taxon, wanted: SpeciesFilter) -> bool:
    if wanted.families and taxon.family.lower() not in {family.lower() for family in wanted.families}:
        return False
    return not wanted.status_kinds or any(statuses.is_listed(taxon, kind) for kind in wanted.status_kinds)


class _Names:
    """Known taxa by the slugs of their names; a slug that stands for two taxa is no evidence of either."""

    def __init__(self, known: TaxaTable) -> None:
        self._known: dict[str, Taxon | None] = {}
        for taxon in known:
            slugs = {slug_of(f"{name} {taxon.authorship}") for name in (taxon.name, taxon.accepted_name)}
            for slug in slugs | {slug_of(taxon.name), slug_of(taxon.accepted_name)}:
                self._known[slug] = None if self._known.get(slug, taxon) != taxon else taxon

    def taxon(self, number: str, slug: str) -> Taxon:
        name = name_of(slug)
        found = self._known.get(slug_of(slug)) or self._known.get(slug_of(name))
        if found:
            return replace(found, id=number, lambda_=None)
        genus = name.split()[0]
        return Taxon(id=number, name=name, accepted_name=name, genus=genus)
