"""Reading a user's list of species: any common encoding and separator, with or without a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import TextTable, plain, read_table
from geoplantnet_plugin.engine.taxa.lists import ListRow
from geoplantnet_plugin.engine.taxa.names import parse_name
from geoplantnet_plugin.engine.taxa.statuses import IUCN
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS

NAME_HEADERS = ("name", "scientificname", "species", "taxon", "acceptedname", "latinname", "nom", "nomscientifique",
                "nomlatin", "espece", "nomvalide", "nomcomplet", "lbnom", "art", "wissenschaftlichername", "wetnaam")
NAME_VALUE_HEADERS = ("commonname", "vernacularname", "vernacular", "nomvernaculaire", "nomvern", "nomcommun",
                      "nomfrancais", "englishname")
"""Headers of the value of a list of common names."""

VALUE_HEADERS = ("value", "status", "category", "iucn", "redlist", "annex", "categorie", "statut", "listerouge",
                 "cotation", "annexe", "valeur")
CATEGORY_NAMES = {
    "extinct": "EX", "extinctinthewild": "EW", "criticallyendangered": "CR", "endangered": "EN", "vulnerable": "VU",
    "nearthreatened": "NT", "leastconcern": "LC", "datadeficient": "DD", "notevaluated": "NE"}
"""The names of the IUCN's categories (IUCN Red List Categories and Criteria 3.1, 2012), as `plain` gives them."""
ID_HEADERS = ("gbifid", "gbifkey", "gbiftaxonkey", "taxonkey", "usagekey")
ACCEPTED_HEADERS = ("acceptedname", "acceptednameusage", "nomvalide", "nomaccepte")


@dataclass(frozen=True)
class Columns:
    """Where in a table's rows the name, the accepted name, the GBIF id and the value are; None where nowhere.

    `header` is how many rows (0 or 1) name the columns.
    """

    name: int
    accepted: int | None = None
    gbif: int | None = None
    value: int | None = None
    header: int = 0


def read_rows(path: Path, kind: str, reporter: Reporter, name_column: str = "", value_column: str = ""
              ) -> tuple[ListRow, ...]:
    """Read the rows of a list of the status `kind`.

    Columns are found by their header or named by the caller; without a header the first column that holds
    scientific names is taken and every value is ``yes``. Repeated rows count once. Rows without a name and, for
    ``iucn``, rows with an unknown category, and for lists of common names rows without one, are left out with a
    warning. A blank value says nothing of the taxon; an id that is no key of the GBIF backbone is told and not used.
    """
    values = NAME_VALUE_HEADERS if kind in NAME_KINDS else VALUE_HEADERS
    named = {plain(name_column), plain(value_column)} - {""}
    table = read_table(path, {*NAME_HEADERS, *values, *ID_HEADERS, *named}, reporter)
    columns = find_columns(table, name_column, value_column, values)
    if kind == "iucn" and not value_column:
        columns = replace(columns, value=_column_of_categories(table, columns))
    lines = table.rows[columns.header:]
    rows: dict[ListRow, None] = {}
    nameless, unknown = 0, set()
    for cells in lines:
        row = list_row(cells, columns)
        if kind == "iucn":
            row = replace(row, value=_category(row.value))
        if not parse_name(row.name).genus or (kind in NAME_KINDS and row.value in ("", "yes")):
            nameless += 1
        elif kind == "iucn" and row.value not in (*IUCN, ""):
            unknown.add(row.value)
        else:
            rows[row] = None
    if nameless:
        reporter.warning("taxa_list_nameless", count=nameless)
    _tell_of_ids(lines, columns.gbif, reporter)
    if blank := sum(not row.value for row in rows):
        reporter.warning("taxa_list_blank", count=blank)
    if unknown:
        reporter.warning("taxa_list_unknown_codes", codes=sorted(unknown)[:10], known=list(IUCN))
    repeated = len(lines) - nameless - len(rows)
    if repeated and not unknown:
        reporter.warning("taxa_list_repeated", count=repeated)
    if not rows:
        raise EngineError("taxa_list_empty", path=path)
    return tuple(rows)


def _category(value: str) -> str:
    """Return the IUCN category that a cell tells, by its code, whatever follows (``CR(PE)``, ``VU*``), or its name."""
    code = re.match(r"[A-Za-z]{2}(?![A-Za-z])", value)
    if code and code[0].upper() in IUCN:
        return code[0].upper()
    return CATEGORY_NAMES.get(plain(value), value)


def _tell_of_ids(lines: Sequence[Sequence[str]], column: int | None, reporter: Reporter) -> None:
    """Say which ids are not those of the GBIF backbone: the names alone decide."""
    mangled = [cells[column] for cells in lines if cells[column] and not backbone_id(cells[column])] if (
        column is not None) else []
    if mangled:
        reporter.warning("taxa_list_ids", count=len(mangled), first=mangled[:3])


def find_columns(table: TextTable, name_column: str = "", value_column: str = "",
                 value_headers: Sequence[str] = ()) -> Columns:
    """Return the columns that `name_column` and `value_column`, else known headers or what the cells hold, name.

    Raises:
        EngineError: there is no such column, or none that holds scientific names.
    """
    header = table.header
    name = _named(table, name_column) if name_column else _find(header, NAME_HEADERS)
    if name is None:
        name = _column_of_names(table)
    value = _named(table, value_column) if value_column else _find(header, value_headers)
    accepted = _find(header, ACCEPTED_HEADERS)
    has_header = not parse_name(table.rows[0][name]).species or header[name] in NAME_HEADERS
    return Columns(name, accepted if accepted != name else None, _find(header, ID_HEADERS), value, int(has_header))


def _named(table: TextTable, column: str) -> int:
    if plain(column) not in table.header:
        raise EngineError("taxa_list_column", path=table.path, column=column, found=table.rows[0])
    return table.header.index(plain(column))


def _find(header: Sequence[str], known: Sequence[str]) -> int | None:
    return next((header.index(name) for name in known if name in header), None)


def _column_of_names(table: TextTable) -> int:
    """Return the column most of whose first cells read as a scientific name of two words or more."""
    sample = table.rows[:200]
    shares = [sum(bool(cells[i][:1].isupper() and parse_name(cells[i]).species) for cells in sample) / len(sample)
              for i in range(len(sample[0]))]
    best = max(range(len(shares)), key=shares.__getitem__)
    if shares[best] < 0.5:
        raise EngineError("taxa_list_no_names", path=table.path, found=table.rows[0][:10])
    return best


def _column_of_categories(table: TextTable, columns: Columns) -> int:
    """Return the column that holds categories, whatever its header: the one called so unless another holds most.

    Raises:
        EngineError: no cell of any column is a category.
    """
    lines = table.rows[columns.header:]
    counts = [0 if index == columns.name else sum(_category(cells[index]) in IUCN for cells in lines)
              for index in range(len(table.rows[0]))]
    best = max(range(len(counts)), key=counts.__getitem__)
    called = columns.value
    if called is not None and (2 * counts[called] >= counts[best] or not counts[best]):
        return called
    if not counts[best]:
        raise EngineError("taxa_list_no_category", path=table.path, found=table.rows[0][:10], known=list(IUCN))
    return best


def list_row(cells: Sequence[str], columns: Columns) -> ListRow:
    """Return what a row of a table says."""
    def cell(index: int | None) -> str:
        return cells[index] if index is not None else ""

    value = cell(columns.value)
    blank = "" if columns.value is not None else "yes"
    return ListRow(cell(columns.name), cell(columns.accepted), backbone_id(cell(columns.gbif)),
                   value=value.upper() if value.upper() in IUCN else value or blank)


def backbone_id(text: str) -> str:
    """Return a key of the GBIF backbone: digits, perhaps with the ``.0`` of a spreadsheet; a blank for anything else.

    Exponents, decimals and the letters of other checklists' ids (Catalogue of Life) are no such key.
    """
    found = re.fullmatch(r"(\d+)(?:[.,]0+)?", text.strip())
    return found[1] if found else ""
