"""Species lists: what laws, red lists and users say of taxa. `joining` puts it into a taxa table.

A list is a folder's ``ID.json`` (what it is) with ``ID.csv`` (its names and values). Shipped lists lie in
``resources/taxa``, the user's in the user's data folder; both have the same form.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.base.holding import held
from geoplantnet_plugin.engine.taxa.table import ListOrigin, Status
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
    """Write a list as ``ID.csv`` and ``ID.json``.

    Raises:
        EngineError: ``out_in_use``, another job writes a list there; ``out_not_writable``, ``disk_full``.
    """
    with held(folder, folder):
        with writing(folder / f"{species.id}.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((row.name, row.accepted_name, row.gbif_id, row.related, row.value)
                             for row in species.rows)
        with writing(folder / f"{species.id}.json") as path:
            path.write_text(json.dumps(species.about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
