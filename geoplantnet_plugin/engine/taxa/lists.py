"""Species lists: what laws, red lists and users say of taxa, and putting it into a taxa table.

A list is a folder's ``ID.json`` (what it is) with ``ID.csv`` (its names and values). Shipped lists lie in
``resources/taxa``, the user's in the user's data folder; both have the same form.
"""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import NOT_LISTED
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.taxa.match import How, Match, Matcher
from geoplantnet_plugin.engine.taxa.names import Sense, parse_name
from geoplantnet_plugin.engine.taxa.statuses import UNSURE
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, ListInfo, ListOrigin, Status, TaxaTable, Taxon
from geoplantnet_plugin.engine.taxa.territory import in_force

SHIPPED = RESOURCES / "taxa"
LIFE_FORMS = SHIPPED / "life_forms.csv"
REGIONAL = SHIPPED / "regional"
"""Lists of a part of a country: they count where the site's country and subdivision are known to be theirs."""

REPORTED = "reported"
"""Begins the value of a row that is reported as listed since a date, without the list itself being at hand."""

COLUMNS = ("name", "accepted_name", "gbif_id", "related", "value")


@dataclass(frozen=True)
class ListRow:
    """One listed name, its accepted name and GBIF id where known, and the value.

    `gbif_id` is a key of the GBIF backbone (as it stood before GBIF moved to the Catalogue of Life), never of another
    checklist. `related` is a species to which the name belongs, as the species itself or a part of it: matches with it
    are shown to people and carry nothing over. A blank `value` says nothing, one that begins with `REPORTED` is not
    verified: both leave the status unknown.
    """

    name: str
    accepted_name: str = ""
    gbif_id: str = ""
    related: str = ""
    value: str = "yes"


@dataclass(frozen=True)
class SpeciesList(ListOrigin):
    """A list of names with its values."""

    rows: tuple[ListRow, ...] = ()

    @property
    def about(self) -> dict[str, Any]:
        """What the list is, without its rows."""
        return {field.name: getattr(self, field.name) for field in fields(ListOrigin)}

    def status(self, value: str) -> Status:
        """Return a status with this list's origin."""
        return Status(self.kind, value, self.instrument, self.territory, self.source, self.date)


@dataclass(frozen=True)
class Joined:
    """A taxa table with the statuses of lists, and how each list's names were matched, by list id."""

    taxa: TaxaTable
    matches: dict[str, list[Match]]


def user_lists_folder() -> Path:
    """Return the folder of the user's lists: ``$GEOPLANTNET_LISTS``, else in the user's data folder."""
    import platformdirs

    chosen = os.environ.get("GEOPLANTNET_LISTS")
    return Path(chosen) if chosen else platformdirs.user_data_path("geoplantnet", appauthor=False) / "lists"


def load_lists(folders: Iterable[Path] | None = None, country: str | None = None) -> list[SpeciesList]:
    """Return the shipped and the user's lists, and the shipped regional ones that are in force in `country`."""
    folders = (SHIPPED, user_lists_folder()) if folders is None else folders
    lists = [read_list(path) for folder in folders for path in sorted(folder.glob("*.json"))]
    return [*lists, *(species for species in regional_lists() if in_force(species.territory, country))]


def regional_lists() -> list[SpeciesList]:
    """Return the shipped regional lists."""
    return [read_list(path) for path in sorted(REGIONAL.glob("*.json"))]


def read_list(path: Path) -> SpeciesList:
    """Read a list from its ``ID.json`` and the CSV beside it."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            rows = tuple(ListRow(*(row[column] for column in COLUMNS)) for row in csv.DictReader(file))
        return SpeciesList(**about, rows=rows)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EngineError("taxa_list_unreadable", path=path, reason=str(error)) from error


def write_list(folder: Path, species: SpeciesList) -> None:
    """Write a list as ``ID.csv`` and ``ID.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder / f"{species.id}.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.name, row.accepted_name, row.gbif_id, row.related, row.value) for row in species.rows)
    with writing(folder / f"{species.id}.json") as path:
        path.write_text(json.dumps(species.about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def join(taxa: TaxaTable, lists: Sequence[SpeciesList]) -> Joined:
    """Return `taxa` with the life forms shipped with the plugin and the statuses of `lists`.

    What the table already says stays, but for common names, which a list of the user's replaces.

    A status is carried over by an exact name, an accepted name given by the
    list, or a listed whole genus; every other relation is only noted (a status value that begins with ``?``) and
    leaves the status unknown. A species that a complete list does not name in any way, under no name that a checklist
    knows, gets the status ``no``; one that no checklist knows stays unknown.
    """
    matcher = Matcher(taxa)
    found: dict[int, list[Status]] = defaultdict(list)
    matches = {}
    for species in lists:
        matches[species.id] = _join_one(species, taxa, matcher, found)
    forms = read_life_forms()
    joined = (_with_life_form(_with_names(taxon, found[i]), forms)
              for i, taxon in enumerate(taxa))
    return Joined(TaxaTable(tuple(joined), tuple(_info(species, matches[species.id]) for species in lists)), matches)


def _with_names(taxon: Taxon, found: Sequence[Status]) -> Taxon:
    """Return the taxon with what lists say of it: their statuses, and their common names in place of its own."""
    names = {status.kind: status.value for status in found
             if status.kind in NAME_KINDS and not status.value.startswith(UNSURE)}
    return replace(taxon, common_en=names.get("common_en", taxon.common_en),
                   common_fr=names.get("common_fr", taxon.common_fr),
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
        return {row["name"]: row["life_form"] for row in csv.DictReader(file)}


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
