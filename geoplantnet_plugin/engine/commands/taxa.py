"""The commands ``geoplantnet taxa import|list|remove``: the user's own species lists."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ImportRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.indicators.registry import INDICATORS
from geoplantnet_plugin.engine.taxa.lists import (
    SHIPPED,
    SpeciesList,
    join,
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


def register(commands: Any) -> None:
    """Add ``taxa`` to the command line."""
    parser = commands.add_parser("taxa", help="your own species lists: red lists, protected species, …")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_import(actions)
    listing = actions.add_parser("list", help="show the shipped lists and yours")
    listing.set_defaults(handler=_list)
    remove = actions.add_parser("remove", help="remove one of your lists")
    remove.add_argument("id")
    remove.set_defaults(handler=_remove)


def _add_import(actions: Any) -> None:
    parser = actions.add_parser("import", help="add a list of species; it becomes an indicator of its own")
    parser.add_argument("list", type=Path, metavar="LIST.csv")
    parser.add_argument("--id", help="short name of the list and its indicator (default: from the file's name)")
    parser.add_argument("--title", default="", help="name of the list for people")
    parser.add_argument("--kind", default="", metavar="|".join((*SHIPPED_KINDS, *NAME_KINDS)),
                        help="what the list says (default: a list of its own); common_en and common_fr: its values are "
                             "common names")
    parser.add_argument("--instrument", default="", help="law or publication that makes the list (default: its title)")
    parser.add_argument("--territory", default="", help="where it is in force: ISO 3166 code or EU (default: anywhere)")
    parser.add_argument("--date", default="", help="date of the list (default: today's, as the date of import)")
    parser.add_argument("--complete", action="store_true",
                        help="a species that the list does not name is known not to be listed")
    parser.add_argument("--name-column", default="", metavar="HEADER")
    parser.add_argument("--value-column", default="", metavar="HEADER")
    parser.add_argument("--model", help="also say how the names match the taxa of this model")
    parser.set_defaults(handler=_import)


def _import(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return import_list(ImportRequest(
        args.list, args.id or "", args.title, args.kind, args.instrument, args.territory, args.date, args.complete,
        args.name_column, args.value_column, args.model or ""), reporter)


def import_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `ImportRequest`)."""
    return import_list(from_document(ImportRequest, document), reporter)


def import_list(job: ImportRequest, reporter: Reporter) -> dict[str, object]:
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


def _list(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    lists = [*load_lists(), *regional_lists()]
    lines = [f"{species.id:<24}{len(species.rows):>7}  {species.title} ({species.territory or 'anywhere'}, "
             f"{species.date}{', yours' if _is_users(species) else ''})" for species in lists]
    return {"lists": [{"id": species.id, "title": species.title, "kind": species.kind, "rows": len(species.rows),
                       "territory": species.territory, "instrument": species.instrument, "source": species.source,
                       "date": species.date, "own": _is_users(species)} for species in lists],
            "text": "\n".join(lines)}


def _remove(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    folder = user_lists_folder()
    if args.id not in {path.stem for path in folder.glob("*.json")}:
        raise EngineError("taxa_list_none", id=args.id)
    for suffix in (".json", ".csv"):
        (folder / f"{args.id}{suffix}").unlink(missing_ok=True)
    return {"id": args.id, "text": render("taxa_list_removed", {"id": args.id})}
