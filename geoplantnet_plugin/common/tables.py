"""Reading the tables of an assessment, ``assemblage.gpkg``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .assessment import RANKS


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


def cell_taxa(connection: sqlite3.Connection, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield cell, taxon and stored score of the assemblages of the cells from `first` to before `end`."""
    yield from connection.execute("SELECT cell, taxon, score FROM cell_taxa WHERE fid >= ? AND fid < ?",
                                  (first * RANKS, end * RANKS))


def taxa_of_cell(connection: sqlite3.Connection, cell: int) -> list[tuple[str, float]]:
    """Return name and score of the taxa of one cell, best first."""
    return connection.execute("SELECT name, score FROM cell_taxa_named WHERE fid >= ? AND fid < ? ORDER BY fid",
                              (cell * RANKS, (cell + 1) * RANKS)).fetchall()
