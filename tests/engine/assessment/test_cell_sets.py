"""The packed assemblages give back, in SQL and through the reader, exactly what went in."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from geoplantnet_plugin.common.tables import cell_taxa, taxa_of_cell
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assessment.cell_sets import CellSets
from geoplantnet_plugin.engine.assessment.rasters import encoding_of
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.where.grid import Grid

TAXA = 60_000
GRID = Grid("EPSG:3035", 50, 4_000_000, 2_500_000, 300, 270)


def assemblages(rng: np.random.Generator, cells: int, low: float, high: float) -> Assemblage:
    counts = rng.integers(0, 6, cells)
    start = np.concatenate([[0], np.cumsum(counts)])
    common = rng.random(start[-1]) < 0.5  # one taxon in half of the cells, so that its cells fill several rows
    ids = np.where(common, 7, rng.integers(0, TAXA, start[-1])).astype(np.int32)
    return Assemblage(start, ids, rng.uniform(low, high, start[-1]).astype(np.float32))


def thirds(cells: np.ndarray, found: Assemblage):
    """The same, some cells at a time."""
    for part in np.array_split(np.arange(len(cells)), 3):
        yield cells[part], found.take(np.isin(np.arange(len(cells)), part))


@pytest.mark.parametrize(("scale", "low", "high"), [(Scale.SIGMOID, 0, 1), (Scale.LOGIT, -32.7, 32.7)])
def test_rows_are_those_that_were_added(scale: Scale, low: float, high: float) -> None:
    """Four blocks, three cut off by the grid, one without cells; taxa and scores on both sides of the surrogates."""
    rng, encoding = np.random.default_rng(6), encoding_of(scale)
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE gpkg_contents (table_name, data_type, identifier, description, srs_id);"
                             "CREATE TABLE taxa (taxon INTEGER, accepted_name TEXT)")
    connection.executemany("INSERT INTO taxa VALUES (?, ?)", ((taxon, f"Taxon {taxon}") for taxon in range(TAXA)))
    sets = CellSets(connection, GRID, encoding, TAXA)
    sets.begin()
    wanted = []
    for block in GRID.blocks():
        cells = np.flatnonzero(rng.random(block.height * block.width) < 0.1 * (block.index != 1)).astype(np.int32)
        found = assemblages(rng, len(cells), low, high)
        sets.add(block, thirds(cells, found))
        for i, position in enumerate(cells.tolist()):
            cell = (block.row + position // block.width) * GRID.width + block.col + position % block.width
            entry = slice(found.start[i], found.start[i + 1])
            wanted += zip([cell] * 6, found.ids[entry].tolist(), encoding.encode(found.values[entry]).tolist(),
                          range(6), strict=False)
    sets.finish()
    wanted.sort(key=lambda row: (row[0], row[3]))
    assert any(score - encoding.below > 0xD800 for *_, score, _ in wanted) == (scale is Scale.LOGIT)
    rows = [row[:3] for row in wanted]
    assert connection.execute("SELECT cell, taxon, score FROM cell_taxa ORDER BY fid").fetchall() == rows
    assert list(cell_taxa(connection, 0, 300 * 270)) == rows
    assert list(cell_taxa(connection, 40_000, 50_000)) == [row for row in rows if 40_000 <= row[0] < 50_000]
    assert sorted(connection.execute("SELECT taxon, cell FROM taxon_cells")) == sorted(
        (taxon, cell) for cell, taxon, _ in rows)
    cell = rows[100][0]
    assert taxa_of_cell(connection, cell) == [
        (f"Taxon {taxon}", pytest.approx(score * encoding.scale)) for number, taxon, score in rows if number == cell]
    assert connection.execute("SELECT sum(taxa_count) FROM cell_sets").fetchone() == (len(rows),)


def test_a_taxon_is_looked_up_not_searched() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE gpkg_contents (table_name, data_type, identifier, description, srs_id);"
                             "CREATE TABLE taxa (taxon INTEGER, accepted_name TEXT)")
    sets = CellSets(connection, GRID, encoding_of(Scale.SIGMOID), TAXA)
    sets.begin()
    sets.finish()
    for query in ("SELECT cell FROM taxon_cells WHERE taxon = 5", "SELECT taxon FROM cell_taxa WHERE cell = 5"):
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
        assert any("SEARCH" in step and "PRIMARY KEY" in step for step in steps), steps
