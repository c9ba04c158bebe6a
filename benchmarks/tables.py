"""The GeoPackage's assemblages, packed, beside a row for every taxon of every cell: size, writing, reading.

``python -m benchmarks.tables`` runs this part alone. A quarter of a tile of 25 km: 62,500 cells with 50 of 11,255 taxa
each, drawn at random, which is the hardest to pack.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import quickest, table
from geoplantnet_plugin.common.tables import cell_codes
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assessment.cell_sets import CellSets
from geoplantnet_plugin.engine.assessment.rasters import Encoding, encoding_of
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.where.grid import Block, Grid

TAXA, EACH, SIDE = 11_255, 50, 250
GRID = Grid("EPSG:3035", 50, 4_000_000, 2_600_000, SIDE, SIDE)
FIRST, END, TAXON = 20_000, 30_000, 777
ROWS = """
CREATE TABLE cell_taxa (fid INTEGER PRIMARY KEY, cell INTEGER NOT NULL, taxon INTEGER NOT NULL, score INTEGER NOT NULL);
"""


def main() -> None:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        drawn, encoding = draw(), encoding_of(Scale.SIGMOID)
        found = [measure(Path(folder) / f"{name}.gpkg", *layout, drawn, encoding) for name, layout in LAYOUTS.items()]
    rows = []
    for figure in found[0]:
        old, new = (part[figure] for part in found)
        rows.append((figure, f"{new:,.4g}, as rows {old:,.4g}: **{new / old:.2f} ×**"))
    table(f"Assemblages of {SIDE * SIDE:,} cells, {EACH} of {TAXA:,} taxa each: packed, beside rows", rows)


def draw() -> Assemblage:
    """Return random assemblages, best first."""
    rng, cells = np.random.default_rng(4), SIDE * SIDE
    ids = rng.integers(0, TAXA, (cells, EACH))
    values = -np.sort(-rng.uniform(0.01, 1, (cells, EACH)), axis=1)
    return Assemblage(np.arange(cells + 1) * EACH, ids.ravel().astype(np.int32), values.ravel().astype(np.float32))


def measure(path: Path, write: Callable[..., None], area: Callable[..., object], species: str, where: str,
            drawn: Assemblage, encoding: Encoding) -> dict[str, float]:
    """Write a file and read it; return the figures by name."""
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                                 "CREATE TABLE gpkg_contents (table_name, data_type, identifier, description, srs_id);"
                                 "CREATE TABLE taxa (taxon INTEGER, accepted_name TEXT);")
        write(connection, drawn, encoding)
        connection.commit()
        written = time.perf_counter() - start
        return {"MB for a tile of 250,000 cells": path.stat().st_size / 1e6 * 250_000 / (SIDE * SIDE),
                "writing, s": written,
                "sub-area of 10,000 cells, read as the plugin does, s": quickest(lambda: area(connection, FIRST, END)),
                "one cell, read as the plugin does, s": quickest(lambda: area(connection, FIRST, FIRST + 1)),
                "a species' cells in SQL, s": quickest(lambda: connection.execute(species).fetchall()),
                "taxa of 10,000 cells counted in SQL, s": quickest(lambda: connection.execute(
                    f"SELECT taxon, count(*) FROM cell_taxa WHERE {where} GROUP BY taxon").fetchall())}


def write_packed(connection: sqlite3.Connection, drawn: Assemblage, encoding: Encoding) -> None:
    """Write as an assessment does."""
    sets = CellSets(connection, GRID, encoding, TAXA)
    sets.begin()
    sets.add(Block(0, 0, 0, SIDE, SIDE), [(np.arange(SIDE * SIDE, dtype=np.int32), drawn)])
    sets.finish()


def write_rows(connection: sqlite3.Connection, drawn: Assemblage, encoding: Encoding) -> None:
    """Write a row for every taxon of every cell, five hundred at once, and an index by taxon."""
    connection.executescript(ROWS)
    rank = np.tile(np.arange(EACH), SIDE * SIDE)
    rows = np.stack([drawn.cell * 1024 + rank, drawn.cell, drawn.ids, encoding.encode(drawn.values)], axis=1)
    connection.executemany(f"INSERT INTO cell_taxa VALUES {', '.join(['(?, ?, ?, ?)'] * 500)}",
                           (line.tolist() for line in rows.reshape(-1, 2000)))
    connection.execute("CREATE INDEX cell_taxa_taxon ON cell_taxa (taxon)")


def rows_of(connection: sqlite3.Connection, first: int, end: int) -> object:
    """Read cells of the rows by their primary key."""
    return connection.execute("SELECT cell, taxon, score FROM cell_taxa WHERE fid >= ? AND fid < ?",
                              (first * 1024, end * 1024)).fetchall()


LAYOUTS = {
    "rows": (write_rows, rows_of, f"SELECT cell FROM cell_taxa WHERE taxon = {TAXON}",
             f"fid >= {FIRST * 1024} AND fid < {END * 1024}"),
    "packed": (write_packed, cell_codes,
               f"SELECT cell FROM taxon_cells WHERE taxon = {TAXON}", f"cell >= {FIRST} AND cell < {END}"),
}

if __name__ == "__main__":
    main()
