"""Reading the tables of an assessment, ``assemblage.gpkg``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def open_tables(geopackage: Path) -> Iterator[sqlite3.Connection]:
    """Open the tables for reading only, wherever they lie: a finished assessment does not change.

    Raises:
        sqlite3.Error: there are none, or they are damaged.
    """
    uri = f"{geopackage.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True, check_same_thread=False)) as connection:
        yield connection


def taxon_ids(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the ids of the taxa by their number in ``cell_taxa``."""
    return dict(connection.execute("SELECT taxon, id FROM taxa"))


SURROGATES, BEYOND = 0xD800, 0x800
"""A number of ``cell_sets`` is a character, its code point one more; from here on `BEYOND` more, past surrogates."""


def cell_codes(connection: sqlite3.Connection, first: int, end: int) -> tuple[bytes, bytes, int]:
    """Return the taxa and scores of all cells from `first` to before `end` as code points (UTF-32, little-endian).

    The third is what to add to the scores' numbers; see `SURROGATES` for how a code point stands for a number.
    """
    (lowest,), = connection.execute("SELECT lowest FROM stored_scores")
    rows = connection.execute("SELECT taxa, scores FROM cell_sets WHERE cell >= ? AND cell < ? ORDER BY cell",
                              (first, end)).fetchall()
    taxa, scores = ("".join(row[column] for row in rows).encode("utf-32-le") for column in (0, 1))
    return taxa, scores, lowest


def cell_taxa(connection: sqlite3.Connection, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield cell, taxon and stored score of the assemblages of the cells from `first` to before `end`, in order."""
    (lowest,), = connection.execute("SELECT lowest FROM stored_scores")
    for cell, taxa, scores in connection.execute(
            "SELECT cell, taxa, scores FROM cell_sets WHERE cell >= ? AND cell < ? ORDER BY cell", (first, end)):
        for taxon, score in zip(map(_number, taxa), map(_number, scores)):
            yield cell, taxon, score + lowest


def _number(character: str) -> int:
    """Return the number that a character of ``cell_sets`` stands for; see ``engine/assessment/cell_sets.py``."""
    code = ord(character)
    return code - 1 if code < SURROGATES else code - 1 - BEYOND


def taxa_of_cell(connection: sqlite3.Connection, cell: int) -> list[tuple[str, float]]:
    """Return name and score of the taxa of one cell, best first."""
    return connection.execute("SELECT name, score FROM cell_taxa_named WHERE cell = ? ORDER BY fid", (cell,)).fetchall()
