"""Putting what species lists say into a taxa table, with the life forms and common names that ship."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoplantnet_plugin.common.assessment import NOT_LISTED, UNSURE
from geoplantnet_plugin.engine.taxa.lists import LIFE_FORMS, REPORTED, SpeciesList
from geoplantnet_plugin.engine.taxa.match import How, Match, Matcher
from geoplantnet_plugin.engine.taxa.names import Sense, parse_name
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, ListInfo, Status, TaxaTable, Taxon
from geoplantnet_plugin.engine.taxa.vernacular import with_common_names


@dataclass(frozen=True)
class Joined:
    """A taxa table with the statuses of lists, and how each list's names were matched, by list id."""

    taxa: TaxaTable
    matches: dict[str, list[Match]]


def join(taxa: TaxaTable, lists: Sequence[SpeciesList]) -> Joined:
    """Return `taxa` with the life forms and common names shipped with the plugin and the statuses of `lists`.

    What the table already says stays, but for common names, which a list of the user's replaces.

    A status is carried over by an exact name, an accepted name given by the list, or a listed whole genus; every other
    relation is only noted (a status value that begins with ``?``) and leaves the status unknown. A species that a
    complete list does not name in any way, under no name that a checklist knows, gets the status ``no``; one that no
    checklist knows stays unknown.
    """
    matcher = Matcher(taxa)
    found: dict[int, list[Status]] = defaultdict(list)
    matches = {}
    for species in lists:
        matches[species.id] = _join_one(species, taxa, matcher, found)
    forms = read_life_forms()
    joined = TaxaTable(tuple(_with_life_form(_with_names(taxon, found[i]), forms) for i, taxon in enumerate(taxa)),
                       tuple(_info(species, matches[species.id]) for species in lists))
    return Joined(with_common_names(joined), matches)


def _with_names(taxon: Taxon, found: Sequence[Status]) -> Taxon:
    """Return the taxon with what lists say of it: their statuses, and their common names in place of its own."""
    names = {status.kind: status.value for status in found
             if status.kind in NAME_KINDS and not status.value.startswith(UNSURE)}
    return replace(taxon.named(names),
                   statuses=(*taxon.statuses, *(status for status in found if status.kind not in NAME_KINDS)))


def _info(species: SpeciesList, matches: Sequence[Match]) -> ListInfo:
    matched = {match.taxon for match in matches if match.how.carries}
    return ListInfo(**species.about, names=len(species.rows), matched=len(matched))


def _join_one(species: SpeciesList, taxa: TaxaTable, matcher: Matcher, found: dict[int, list[Status]]) -> list[Match]:
    values: dict[int, set[str]] = defaultdict(set)
    matches = []
    touched = set()
    for row in species.rows:
        for match in matcher.find(row.name, row.accepted_name, row.gbif_id, row.related):
            if match.how.carries and (not row.value or row.value.startswith(REPORTED)):
                since = row.value.removeprefix(REPORTED).strip()
                match = Match(f"{row.name} ({since})" if since else row.name, match.taxon,
                              How.REPORTED if row.value else How.UNSTATED)
            matches.append(match)
            touched.add(match.taxon)
            if match.taxon is not None and match.how.carries:
                values[match.taxon].add(row.value)
    matches = [replace(match, how=How.CONFLICT) if match.how.carries and len(values[match.taxon or 0]) > 1 else match
               for match in matches]
    settled = {i: listed for i, listed in values.items() if len(listed) == 1}
    for i, listed in settled.items():
        found[i].append(species.status(*listed))
    for match in matches:
        if match.taxon is not None and match.taxon not in settled:
            found[match.taxon].append(species.status(f"{UNSURE} {match.how.value}: {match.name}"))
    if species.complete:
        for i, taxon in enumerate(taxa):
            if i not in touched and _is_species(taxon) and matcher.is_known(i):
                found[i].append(species.status(NOT_LISTED))
    return matches


def _is_species(taxon: Taxon) -> bool:
    """Whether the name is a plain species: of aggregates and hybrids a part may be listed under its own name."""
    name = parse_name(taxon.accepted_name)
    return bool(name.species) and name.sense in (Sense.PLAIN, Sense.NARROW) and not name.hybrid


def read_life_forms() -> dict[str, str]:
    """Return the shipped table: name as FloraVeg.EU has it → life forms, separated by ``;``."""
    with LIFE_FORMS.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {name: form for name, form in rows if name}


def _with_life_form(taxon: Taxon, forms: dict[str, str]) -> Taxon:
    """Fill a blank life form by name; a broad name without its own row has that of the plain name."""
    if taxon.life_form:
        return taxon
    for text in (taxon.accepted_name, taxon.name):
        name = parse_name(text)
        plain = f"{name.binomial} {name.rank} {name.infra}".strip() if name.species else name.genus
        plain = plain.replace(" ", " x ", 1) if name.hybrid else plain
        for candidate in ((f"{plain} aggr.", f"{plain} coll.", plain) if name.broad else (plain,)):
            if candidate in forms:
                return replace(taxon, life_form=forms[candidate])
    return taxon
