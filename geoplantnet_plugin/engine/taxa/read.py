"""Reading a user's list of species: any common encoding and separator, with or without a header."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.taxa.lists import ListRow
from geoplantnet_plugin.engine.taxa.match import parse_name
from geoplantnet_plugin.engine.taxa.statuses import IUCN
from geoplantnet_plugin.engine.taxa.table import NAME_KINDS

MOST_BYTES = 50 * 1024**2
MOST_ROWS = 200_000
SEPARATORS = ",;\t|"

NAME_HEADERS = ("name", "scientificname", "species", "taxon", "acceptedname", "latinname", "nom", "nomscientifique",
                "nomlatin", "espece", "nomvalide", "nomcomplet", "lbnom", "art", "wissenschaftlichername", "wetnaam")
NAME_VALUE_HEADERS = ("commonname", "vernacularname", "vernacular", "nomvernaculaire", "nomvern", "nomcommun",
                      "nomfrancais", "englishname")
"""Headers of the value of a list of common names."""

VALUE_HEADERS = ("value", "status", "category", "iucn", "redlist", "annex", "categorie", "statut", "listerouge",
                 "cotation", "annexe", "valeur")
ID_HEADERS = ("gbifid", "gbifkey", "gbiftaxonkey", "taxonkey", "usagekey")
ACCEPTED_HEADERS = ("acceptedname", "acceptednameusage", "nomvalide", "nomaccepte")


@dataclass(frozen=True)
class Columns:
    """Where in a table's rows the name, the accepted name, the GBIF id and the value are; None where nowhere."""

    name: int
    accepted: int | None = None
    gbif: int | None = None
    value: int | None = None


def read_rows(path: Path, kind: str, warner: Warner, name_column: str = "", value_column: str = ""
              ) -> tuple[ListRow, ...]:
    """Read the rows of a list of the status `kind`.

    Columns are found by their header or named by the caller; without a header the first column that holds
    scientific names is taken and every value is ``yes``. Repeated rows count once. Rows without a name and, for
    ``iucn``, rows with an unknown category, and for lists of common names rows without one, are left out with a
    warning.
    """
    table = read_table(path)
    header = [_plain(cell) for cell in table[0]]
    columns = _columns(path, header, table, name_column, value_column,
                       NAME_VALUE_HEADERS if kind in NAME_KINDS else VALUE_HEADERS)
    has_header = not parse_name(table[0][columns.name]).species or header[columns.name] in NAME_HEADERS
    rows: dict[ListRow, None] = {}
    nameless, unknown = 0, set()
    for cells in table[has_header:]:
        row = _row(cells, columns)
        if not parse_name(row.name).genus or (kind in NAME_KINDS and row.value == "yes"):
            nameless += 1
        elif kind == "iucn" and row.value not in IUCN:
            unknown.add(row.value)
        else:
            rows[row] = None
    if nameless:
        warner.warning("taxa_list_nameless", count=nameless)
    if unknown:
        warner.warning("taxa_list_unknown_codes", codes=sorted(unknown)[:10], known=list(IUCN))
    repeated = len(table) - has_header - nameless - len(rows)
    if repeated and not unknown:
        warner.warning("taxa_list_repeated", count=repeated)
    if not rows:
        raise EngineError("taxa_list_empty", path=path)
    return tuple(rows)


def read_table(path: Path) -> list[list[str]]:
    """Return the rows of a text table, header included, all of one width and without blanks around cells.

    Raises:
        EngineError: the file is no text, too large, empty or not readable.
    """
    text = _text(path)
    sample = text[:20_000].splitlines()[:50]
    separator = max(SEPARATORS, key=lambda mark: sum(mark in line for line in sample))
    try:
        table = [cells for cells in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, cells))]
    except csv.Error as error:
        raise EngineError("taxa_list_unreadable", path=path, reason=str(error)) from error
    if not table:
        raise EngineError("taxa_list_empty", path=path)
    if len(table) > MOST_ROWS:
        raise EngineError("taxa_list_large", path=path, rows=len(table), most=MOST_ROWS)
    width = max(map(len, table))
    return [[cell.strip() for cell in cells] + [""] * (width - len(cells)) for cells in table]


def _text(path: Path) -> str:
    """Return the text: by its byte order mark, else UTF-8, else the Windows code page of western Europe."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EngineError("taxa_list_large", path=path, rows=f"{path.stat().st_size // 2**20} MiB", most=MOST_ROWS)
        data = path.read_bytes()
    except OSError as error:
        raise EngineError("taxa_list_unreadable", path=path, reason=error.strerror or str(error)) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if data[:4] == b"PK\x03\x04" or b"\0" in data[:1000]:
        raise EngineError("taxa_list_not_text", path=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _plain(header: str) -> str:
    """Return a header in lower case without accents, spaces and marks."""
    letters = unicodedata.normalize("NFKD", header.lower())
    return re.sub(r"[^a-z]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _columns(path: Path, header: Sequence[str], table: Sequence[Sequence[str]], name_column: str,
             value_column: str, value_headers: Sequence[str]) -> Columns:
    name = _named(path, header, table, name_column) if name_column else _find(header, NAME_HEADERS)
    if name is None:
        name = _column_of_names(path, table)
    value = _named(path, header, table, value_column) if value_column else _find(header, value_headers)
    accepted = _find(header, ACCEPTED_HEADERS)
    return Columns(name, accepted if accepted != name else None, _find(header, ID_HEADERS), value)


def _named(path: Path, header: Sequence[str], table: Sequence[Sequence[str]], column: str) -> int:
    if _plain(column) not in header:
        raise EngineError("taxa_list_column", path=path, column=column, found=list(table[0]))
    return header.index(_plain(column))


def _find(header: Sequence[str], known: Sequence[str]) -> int | None:
    return next((header.index(name) for name in known if name in header), None)


def _column_of_names(path: Path, table: Sequence[Sequence[str]]) -> int:
    """Return the column most of whose first cells read as a scientific name of two words or more."""
    sample = table[:200]
    shares = [sum(bool(cells[i][:1].isupper() and parse_name(cells[i]).species) for cells in sample) / len(sample)
              for i in range(len(table[0]))]
    best = max(range(len(shares)), key=shares.__getitem__)
    if shares[best] < 0.5:
        raise EngineError("taxa_list_no_names", path=path, found=list(table[0])[:10])
    return best


def _row(cells: Sequence[str], columns: Columns) -> ListRow:
    def cell(index: int | None) -> str:
        return cells[index] if index is not None else ""

    value = cell(columns.value)
    return ListRow(cell(columns.name), cell(columns.accepted), re.sub(r"\D", "", cell(columns.gbif)),
                   value=value.upper() if value.upper() in IUCN else value or "yes")
