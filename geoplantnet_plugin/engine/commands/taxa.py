"""The commands ``geoplantnet taxa import|list|remove``: the user's own species lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ImportRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Nothing, Result, placed, typed
from geoplantnet_plugin.engine.indicators.registry import INDICATORS
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import (
    SHIPPED,
    SpeciesList,
    load_lists,
    regional_lists,
    user_lists_folder,
    write_list,
)
from geoplantnet_plugin.engine.taxa.match import How, Match, sorted_by_how
from geoplantnet_plugin.engine.taxa.read import read_rows
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS, SHIPPED_KINDS, TaxaTable

SHOWN = 10
"""Names shown of each kind of match; all are in the result with ``--json``."""


@dataclass(frozen=True)
class ListRequest:
    """One of the user's lists, by its short name."""

    id: str


def import_list(job: ImportRequest, reporter: Reporter) -> Result:
    """Import a list and return what it has become, with a report of its names where a model is given.

    Raises:
        EngineError: the list cannot be read, or its id or kind is none.
    """
    id = job.id or re.sub(r"[^a-z0-9]+", "_", job.list.stem.lower()).strip("_")
    kind = job.kind or id
    _check(id, kind, job.kind)
    rows = read_rows(job.list, kind, reporter, job.name_column, job.value_column)
    title = job.title or job.list.stem
    species = SpeciesList(id, title, kind, job.instrument or title, job.territory.upper(),
                          f"imported by the user from {job.list.name}", job.date or date.today().isoformat(), "",
                          job.complete, rows)
    matches = _matches(species, job.model) if job.model else []
    write_list(user_lists_folder(), species)
    result: dict[str, object] = {"id": id, "rows": len(rows), "out": str(user_lists_folder())}
    lines = [render("taxa_list_imported", {"id": id, "rows": len(rows)}, job.language)]
    if job.model:
        result["matches"] = {how.value: [match.name for match in found]
                             for how, found in sorted_by_how(matches).items() if found}
        lines += report_lines(matches, job.language)
        result["report"] = lines[1:]
    return {**result, "text": "\n".join(lines)}


def _check(id: str, kind: str, asked: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", id):
        raise EngineError("taxa_list_id", id=id)
    if asked and asked not in (*SHIPPED_KINDS, *NAME_KINDS):
        raise EngineError("taxa_list_kind", kind=asked, known=[*SHIPPED_KINDS, *NAME_KINDS])
    if (SHIPPED / f"{id}.json").exists() or (
            not asked and kind in (*INDICATORS, *SHIPPED_KINDS, *NAME_KINDS, "habitat", "specialised")):
        raise EngineError("taxa_list_taken", id=id)


def _is_users(species: SpeciesList) -> bool:
    return (user_lists_folder() / f"{species.id}.json").is_file()


def _matches(species: SpeciesList, model: str) -> list[Match]:
    return join(_taxa(model), [species]).matches[species.id]


def _taxa(model: str) -> TaxaTable:
    from geoplantnet_plugin.engine.models.package import open_package

    return open_package(model).taxa


def report_lines(matches: list[Match], language: str = "en") -> list[str]:
    """Return, for people, how the names of a list were matched, with the first names of each kind."""
    lines = []
    for how, found in sorted_by_how(matches).items():
        if found:
            names = [match.name for match in found[:SHOWN]]
            more = f" … (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
            shown = "" if how in (How.EXACT, How.UNMATCHED) else f": {', '.join(names)}{more}"
            lines.append(f"{len(found):>7}  {render(f'match_{how.value}', {}, language)}{shown}")
    return lines


def _list(asked: Nothing, reporter: Reporter) -> Result:
    lists = [*load_lists(), *regional_lists()]
    lines = [f"{species.id:<24}{len(species.rows):>7}  {species.title} ({species.territory or 'anywhere'}, "
             f"{species.date}{', yours' if _is_users(species) else ''})" for species in lists]
    return {"lists": [{"id": species.id, "title": species.title, "kind": species.kind, "rows": len(species.rows),
                       "territory": species.territory, "instrument": species.instrument, "source": species.source,
                       "date": species.date, "own": _is_users(species)} for species in lists],
            "text": "\n".join(lines)}


def _remove(asked: ListRequest, reporter: Reporter) -> Result:
    folder = user_lists_folder()
    if asked.id not in {path.stem for path in folder.glob("*.json")}:
        raise EngineError("taxa_list_none", id=asked.id)
    for suffix in (".json", ".csv"):
        (folder / f"{asked.id}{suffix}").unlink(missing_ok=True)
    return {"id": asked.id, "text": render("taxa_list_removed", {"id": asked.id})}


GROUPS = {"taxa": "your own species lists: red lists, protected species, …"}
COMMANDS = (
    Command(
        import_list, ImportRequest, "taxa import", "add a list of species; it becomes an indicator of its own", (
            placed("list", metavar="LIST.csv"),
            typed("id", "short name of the list and its indicator (default: from the file's name)"),
            typed("title", "name of the list for people"),
            typed("kind", "what the list says (default: a list of its own); common_de, _en, _fr …: its values are "
                          "common names", metavar="|".join((*SHIPPED_KINDS, *NAME_KINDS))),
            typed("instrument", "law or publication that makes the list (default: its title)"),
            typed("territory", "where it is in force: ISO 3166 code or EU (default: anywhere)"),
            typed("date", "date of the list (default: today's, as the date of import)"),
            typed("complete", "a species that the list does not name is known not to be listed"),
            typed("name_column", metavar="HEADER"), typed("value_column", metavar="HEADER"),
            typed("model", "also say how the names match the taxa of this model")),
        job="import_taxa"),
    Command(_list, Nothing, "taxa list", "show the shipped lists and yours"),
    Command(_remove, ListRequest, "taxa remove", "remove one of your lists", (placed("id"),)),
)
