"""The assemblages of an assessment in its GeoPackage, packed: by cell and by taxon.

A row for every taxon of every cell would take 32 bytes, half of them the index by taxon. Instead ``cell_sets`` has one
row a cell, with its taxa and their scores as two texts, and ``taxon_sets`` up to `TOGETHER` cells of a taxon a row, as
their distances to the first: a number is one character, whose code point is one more. The views ``cell_taxa`` and
``taxon_cells`` give rows of numbers again to whoever asks in SQL; ``common/tables.py`` reads the texts themselves.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.assessment import RANKS
from geoplantnet_plugin.common.tables import BEYOND, SURROGATES
from geoplantnet_plugin.engine.assemblage.sets import Assemblage
from geoplantnet_plugin.engine.assessment.by_taxon import ByTaxon
from geoplantnet_plugin.engine.assessment.rasters import Encoding
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOGETHER = 64
"""Cells of a taxon in one row: a character of a long text is found by counting from its start."""
FURTHEST = SURROGATES - 2
"""Distance to the first cell of a row of ``taxon_sets``: its character has three bytes at most, and is no surrogate."""
HALF = BLOCK_CELLS // 2
"""Rows of a block whose cells are sorted together: a position in them takes two bytes."""

Piece = tuple["NDArray[np.int32]", Assemblage]
"""Flat positions (n,) of cells of a block, rising, and their assemblages."""

TABLES = """
CREATE TABLE ranks (rank INTEGER PRIMARY KEY);
CREATE TABLE cell_sets (cell INTEGER PRIMARY KEY, taxa_count INTEGER NOT NULL, taxa TEXT NOT NULL,
  scores TEXT NOT NULL);
CREATE TABLE taxon_sets (taxon INTEGER NOT NULL, first INTEGER NOT NULL, cells_count INTEGER NOT NULL,
  cells TEXT NOT NULL, PRIMARY KEY (taxon, first)) WITHOUT ROWID;
CREATE TABLE stored_scores (lowest INTEGER NOT NULL, step REAL NOT NULL);
"""
VIEWS = """
CREATE VIEW cell_taxa AS SELECT cell * {ranks} + rank AS fid, cell, {taxon} AS taxon, {score} AS score
  FROM cell_sets JOIN ranks ON rank < taxa_count;
CREATE VIEW taxon_cells AS SELECT taxon, first + {place} AS cell
  FROM taxon_sets JOIN ranks ON rank < cells_count;
CREATE VIEW cell_taxa_named AS SELECT c.fid, c.cell, t.accepted_name AS name, c.score * {step} AS score
  FROM cell_taxa c JOIN taxa t ON t.taxon = c.taxon;
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('cell_taxa', 'attributes', 'cell_taxa',
   'Taxa taken as present in each cell. cell = row × grid width + column; score is stored as in species.tif', 0),
  ('taxon_cells', 'attributes', 'taxon_cells', 'The cells of each taxon: quick where one taxon is asked for', 0),
  ('cell_taxa_named', 'attributes', 'cell_taxa_named', 'cell_taxa with names and scores', 0);
"""


def characters(numbers: NDArray[Any]) -> str:
    """Return a text with one character for each number (0 to 65,535)."""
    codes = numbers.astype(np.uint32) + 1
    codes += (codes >= SURROGATES) * np.uint32(BEYOND)
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def numbers(text: str) -> NDArray[np.int64]:
    """Return the numbers of the characters of a text."""
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.int64)
    return codes - 1 - (codes >= SURROGATES) * BEYOND


def number_in(column: str, most: int) -> str:
    """Return the SQL for the number at place `rank` of a text of numbers up to `most`."""
    code = f"unicode(substr({column}, rank + 1, 1))"
    low = f"({code} - 1)"
    return low if most + 1 < SURROGATES else f"(CASE WHEN {code} < {SURROGATES} THEN {low} ELSE {low} - {BEYOND} END)"


@dataclass
class CellSets:
    """The assemblages being written block by block."""

    connection: sqlite3.Connection
    grid: Grid
    encoding: Encoding
    taxa_count: int
    most: int = TOGETHER
    """Most numbers in one text so far."""

    def begin(self) -> None:
        """Create the tables."""
        self.connection.executescript(TABLES)
        self.connection.execute("INSERT INTO stored_scores VALUES (?, ?)", (self.encoding.below, self.encoding.scale))

    def add(self, block: Block, pieces: Iterable[Piece]) -> None:
        """Add the assemblages of a block, which come some cells at a time."""
        half, entries = 0, ByTaxon()
        for cells, assemblage in pieces:
            rows, cols = np.divmod(cells.astype(np.int64), block.width)
            self._add_cells((block.row + rows) * self.grid.width + block.col + cols, assemblage)
            first = int(np.searchsorted(rows, HALF))
            if first:
                _enter(entries, rows[:first], cols[:first], assemblage, 0)
            if first < len(cells):
                if half == 0:
                    self._add_taxa(block, half, entries)
                    half, entries = 1, ByTaxon()
                _enter(entries, rows[first:] - HALF, cols[first:], assemblage, first)
        self._add_taxa(block, half, entries)

    def _add_cells(self, cell: NDArray[np.int64], assemblage: Assemblage) -> None:
        taxa = characters(assemblage.ids)
        scores = characters(self.encoding.encode(assemblage.values) - self.encoding.below)
        bounds = assemblage.start.tolist()
        self.most = max(self.most, int(assemblage.richness.max(initial=0)))
        self.connection.executemany("INSERT INTO cell_sets VALUES (?, ?, ?, ?)", (
            (number, end - start, taxa[start:end], scores[start:end])
            for number, start, end in zip(cell.tolist(), bounds, bounds[1:], strict=False) if end > start))

    def _add_taxa(self, block: Block, half: int, entries: ByTaxon) -> None:
        """Add the cells of one half of a block, taxon by taxon."""
        origin = (block.row + half * HALF) * self.grid.width + block.col
        for taxa, place in entries.taxa(self.taxa_count):
            rows, cols = np.divmod(place, BLOCK_CELLS)
            self.connection.executemany("INSERT INTO taxon_sets VALUES (?, ?, ?, ?)",
                                        _by_taxon(taxa, origin + rows.astype(np.int64) * self.grid.width + cols))

    def finish(self) -> None:
        """Create the views."""
        self.connection.executemany("INSERT INTO ranks VALUES (?)", ((rank,) for rank in range(self.most)))
        self.connection.executescript(VIEWS.format(
            ranks=RANKS, step=self.encoding.scale, taxon=number_in("taxa", self.taxa_count),
            place=number_in("cells", FURTHEST),
            score=f"{number_in('scores', self.encoding.highest - self.encoding.below)} + {self.encoding.below}"))


def _enter(entries: ByTaxon, rows: NDArray[np.int64], cols: NDArray[np.int64], assemblage: Assemblage,
           first: int) -> None:
    """Enter the taxa of some cells of half a block, which are those of `assemblage` from the cell `first` on."""
    bounds = assemblage.start[first:first + len(rows) + 1]
    place = np.repeat((rows * BLOCK_CELLS + cols).astype(np.uint16), np.diff(bounds))
    entries.add(assemblage.ids[bounds[0]:bounds[-1]], place)


def _by_taxon(taxa: NDArray[np.uint16], cells: NDArray[np.int64]) -> Iterator[tuple[int, int, int, str]]:
    """Yield rows of ``taxon_sets`` from entries sorted by taxon and cell."""
    starts = list(_row_starts(taxa, cells))
    first, counts = cells[starts], np.diff([*starts, len(cells)])
    text = characters(cells - np.repeat(first, counts))
    for taxon, cell, start, count in zip(taxa[starts].tolist(), first.tolist(), starts, counts.tolist(), strict=True):
        yield taxon, cell, count, text[start:start + count]


def _row_starts(taxa: NDArray[np.uint16], cells: NDArray[np.int64]) -> Iterator[int]:
    """Yield where rows begin: with another taxon, after `TOGETHER` cells and beyond `FURTHEST`."""
    begins = np.flatnonzero(np.diff(taxa.astype(np.int32), prepend=-1))
    known = cells.tolist()
    for begin, end in zip(begins.tolist(), [*begins.tolist()[1:], len(taxa)], strict=False):
        while begin < end:
            yield begin
            begin = min(begin + TOGETHER, bisect_right(known, known[begin] + FURTHEST, begin, end))
