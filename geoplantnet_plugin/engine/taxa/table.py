"""The taxa table: accepted names with what is known of them. *Unknown* (None) is not *no* (False)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.vernacular import NAME_COLUMNS, common_name

SHIPPED_KINDS = ("iucn", "eu_directive", "invasive", "endemic", "rare", "alien")
"""Kinds of status with a meaning of their own; any other kind is a user's list."""

NAME_KINDS = NAME_COLUMNS
"""Kinds of list that give taxa common names instead of statuses."""


@dataclass(frozen=True)
class Status:
    """One statement about a taxon, with where it comes from.

    `kind` is one of ``iucn``, ``eu_directive``, ``invasive``, ``endemic``, ``rare``, ``alien`` or the id of a
    user list; `value` is the category or annex (``VU``, ``II``, ``yes`` …), ``no`` for looked up, not listed. A
    value of ``?`` and a sentence is a name of the list that may concern the taxon: its status stays unknown.
    `in_force` says whether the list is in force at the site; None where the site's country does not say.
    """

    kind: str
    value: str
    instrument: str
    territory: str
    source: str
    date: str
    in_force: bool | None = None


@dataclass(frozen=True)
class Taxon:
    """One taxon of a score source. Blank strings and None mean *unknown*.

    `niche_breadth` is that of the training plots (θ, see ``docs/indicators.md``): it compares taxa of one model only.
    """

    id: str
    name: str
    accepted_name: str
    authorship: str = ""
    gbif_id: str = ""
    rank: str = ""
    family: str = ""
    genus: str = ""
    life_form: str = ""
    common_de: str = ""
    common_en: str = ""
    common_es: str = ""
    common_fr: str = ""
    common_it: str = ""
    common_nl: str = ""
    lambda_: float | None = None
    niche_breadth: float | None = None
    statuses: tuple[Status, ...] = field(default=())

    @property
    def common_names(self) -> dict[str, str]:
        """The common names by `NAME_COLUMNS`; blank ones are unknown."""
        return {column: getattr(self, column) for column in NAME_COLUMNS}

    def common_name(self, language: str) -> str:
        """Return the common name that a reader of `language` is shown (`common.vernacular.common_name`)."""
        return common_name(self.common_names, language)

    def named(self, names: Mapping[str, str]) -> Taxon:
        """Return the taxon with the common `names` (by `NAME_COLUMNS`) in place of its own in these languages."""
        changes: dict[str, Any] = {column: name for column, name in names.items() if name}
        return replace(self, **changes)


@dataclass(frozen=True)
class ListOrigin:
    """What a list of one `kind` (see `Status`) is, where it comes from and where it is in force.

    `territory` is an ISO 3166 code, ``EU``, or blank for everywhere. A `complete` list names every taxon that it
    concerns, so that a species it does not name is known not to be listed.
    """

    id: str
    title: str
    kind: str
    instrument: str
    territory: str
    source: str
    date: str
    licence: str
    complete: bool


@dataclass(frozen=True)
class ListInfo(ListOrigin):
    """A list whose statuses were put into a taxa table: how many `names` it has and how many `matched`."""

    names: int
    matched: int


@dataclass(frozen=True)
class TaxaTable:
    """The taxa of a score source in the order of its scores, and the lists whose statuses they carry."""

    taxa: tuple[Taxon, ...]
    lists: tuple[ListInfo, ...] = ()

    def __len__(self) -> int:
        return len(self.taxa)

    def __iter__(self) -> Iterator[Taxon]:
        return iter(self.taxa)

    def __getitem__(self, index: int) -> Taxon:
        return self.taxa[index]


TAXON_COLUMNS = ("id", "name", "accepted_name", "authorship", "gbif_id", "rank", "family", "genus",
                 "life_form", *NAME_COLUMNS, "lambda", "niche_breadth")


def read_taxa(path: Path) -> TaxaTable:
    """Read a model package's ``taxa.csv`` (UTF-8, header of `TAXON_COLUMNS`, one row an output)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return TaxaTable(tuple(_taxon(row) for row in csv.DictReader(file)))


def _taxon(row: dict[str, str]) -> Taxon:
    text: dict[str, Any] = {key: (row.get(key) or "").strip() for key in TAXON_COLUMNS}
    lambda_, breadth = text.pop("lambda"), text.pop("niche_breadth")
    text["accepted_name"] = text["accepted_name"] or text["name"].replace("_", " ")
    return Taxon(**text, lambda_=float(lambda_) if lambda_ else None,
                 niche_breadth=float(breadth) if breadth else None)
