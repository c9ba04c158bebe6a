"""The one reader of finished assessments: manifest and tables, checked. A folder may come from anywhere."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import ANSWERS, COMPLETE, MANIFEST, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import MOST_NAME, harmless
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.common.vernacular import NAME_COLUMNS
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.taxa.table import ListInfo, Status, TaxaTable, Taxon

TAXON_FIELDS = ("id", "name", "accepted_name", "authorship", "gbif_id", "rank", "family", "genus", "life_form",
                *NAME_COLUMNS)
STATUS_FIELDS = ("kind", "value", "instrument", "territory", "source", "date")
LIST_FIELDS = ("id", "title", "kind", "instrument", "territory", "source", "date", "licence")

NUMBER = (int, float)
NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "area": {"hectares": NUMBER, "cells": int},
    "grid": {"crs": str, "resolution": NUMBER, "effective_resolution": NUMBER},
    "score_source": {"kind": str, "title": str, "version": str, "digest": str, "scale": str, "licence": str,
                     "attribution": str, "taxa": int},
    "set_rule": {"id": str, "text": str, "params": dict},
    "coverage": {"cells": int, "area_cells": int, "missing_share": NUMBER, "outside_domain_share": NUMBER,
                 "edge_domain_share": NUMBER, "mean_richness": NUMBER}}
"""What a report reads of the manifest, and of what type."""

SURVEY_NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    **{key: value for key, value in NEEDED.items() if key != "coverage"},
    "survey": {"side": NUMBER, "floor": NUMBER, "squares": list, "habitats": list}}
"""The same for a species pool, which has no cells."""

RANKS_NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    **{key: value for key, value in NEEDED.items() if key != "coverage"},
    "ranks": {"side": NUMBER, "taxa": int, "squares": list}}
"""The same for cells that are ranked only."""


def open_folder(path: Path) -> AssessmentFolder:
    """Open an assessment folder.

    Raises:
        EngineError: it is no assessment, is unfinished or lacks its tables.
    """
    document = read_document(path)
    if document.get("state") != COMPLETE:
        raise EngineError("assessment_unfinished", folder=path)
    _check(path, document)
    gpkg = path / TABLES
    if not gpkg.is_file():
        raise EngineError("assessment_unreadable", folder=path, reason=f"{gpkg.name} is missing")
    try:
        with open_tables(gpkg) as connection:
            connection.row_factory = sqlite3.Row
            taxa = _taxa(connection)
            coverage = () if document["coverage"] is None else tuple(_coverage(connection, taxa))
            return AssessmentFolder(path, document, taxa, coverage)
    except (sqlite3.Error, KeyError, IndexError, TypeError) as error:
        raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST} or {gpkg.name}: {error}") from error


def _check(path: Path, document: Mapping[str, Any]) -> None:
    """Refuse a manifest that lacks what a report reads or has something else in its place."""
    kinds_of = {"coverage": NEEDED, "ranks": RANKS_NEEDED, "survey": SURVEY_NEEDED}
    held = next((entry for entry in kinds_of if isinstance(document.get(entry), dict)), "coverage")
    for entry, kinds in kinds_of[held].items():
        part = document.get(entry)
        for key, kind in kinds.items():
            if not isinstance(part, dict) or not isinstance(part.get(key), kind):
                raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST}: {entry}.{key}")
    for entry in (*document.get("indicators", ()), *document.get("uncertainty", ())):
        texts = [entry.get(key) for key in ("id", "title", "unit", "definition", "file")]
        bounds = entry.get("bounds")
        if not (all(isinstance(text, str) for text in texts) and isinstance(bounds, list) and len(bounds) == 2
                and all(isinstance(bound, (int, float)) for bound in bounds)):
            raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST}: indicators")


def _taxa(connection: sqlite3.Connection) -> TaxaTable:
    statuses: dict[int, list[Status]] = defaultdict(list)
    for row in connection.execute("SELECT * FROM statuses ORDER BY fid"):
        statuses[row["taxon"]].append(Status(**_texts(row, STATUS_FIELDS), in_force=ANSWERS.get(row["in_force"])))
    taxa = tuple(Taxon(**_texts(row, TAXON_FIELDS), statuses=tuple(statuses[row["taxon"]]))
                 for row in connection.execute("SELECT * FROM taxa ORDER BY taxon"))
    lists = tuple(ListInfo(**_texts(row, LIST_FIELDS), complete=bool(row["complete"]), names=row["names"],
                           matched=row["matched"]) for row in connection.execute("SELECT * FROM lists ORDER BY fid"))
    return TaxaTable(taxa, lists)


def _texts(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: harmless(row[name], MOST_NAME) or "" for name in names}


def _coverage(connection: sqlite3.Connection, taxa: TaxaTable) -> Iterator[CoverageRow]:
    by_id = {taxon.id: taxon for taxon in taxa}
    for row in connection.execute("SELECT * FROM coverage ORDER BY fid"):
        yield CoverageRow(by_id[row["id"]], row["cells"], row["coverage"], row["mean_score"], row["max_score"],
                          row["expected_share"], row["expected_low"], row["expected_high"])
