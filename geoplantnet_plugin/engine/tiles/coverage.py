"""The coverage of the whole, merged from the tables of its tiles."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geoplantnet_plugin.common.assessment import COVERAGE, HEADINGS
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.engine.tiles.result import TileResult

Bounds = tuple["float | None", "float | None", "float | None"]
"""Expected share, lower and upper bound in %; None for what nobody states."""


@dataclass
class TaxonOfTiles:
    """What the tiles say of one taxon; `facts` are the cells of ``coverage.csv`` that are no figures."""

    name: str
    facts: dict[str, str] = field(default_factory=dict)
    cells: int = 0
    total: float = 0.0
    highest: float = float("-inf")


def merged(results: Sequence[TileResult]) -> dict[str, TaxonOfTiles]:
    """Return the taxa that some cell's set holds, by id, the commonest first, then by name."""
    found: dict[str, TaxonOfTiles] = {}
    for result in results:
        facts = _facts(result)
        for id, name, cells, mean, highest in result.rows("coverage", "id, name, cells, mean_score, max_score"):
            taxon = found.setdefault(id, TaxonOfTiles(name, facts.get(escape_formula(id), {})))
            taxon.cells += cells
            taxon.total += cells * mean
            taxon.highest = max(taxon.highest, highest)
    return dict(sorted(found.items(), key=lambda entry: (-entry[1].cells, entry[1].name)))


def expected(results: Sequence[TileResult]) -> dict[str, Bounds]:
    """Return the expected share of every taxon and its bounds, by id; nothing where a tile states none.

    A bound is the mean of the tiles' own, by their cells. The spread that a card states is that of a whole region: all
    tiles are off alike, and this part adds up as the bounds do. The chance left in each cell does not, so that the
    interval is a little wider than that of the area in one piece, where no bound of a tile is cut at 0 or 100 %.
    """
    sums: dict[str, list[Any]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0])
    for result in results:
        for id, *bounds in result.rows("expected", "id, expected_share, expected_low, expected_high"):
            row = sums[id]
            row[0] += result.cells
            for place, bound in enumerate(bounds, 1):
                row[place] = None if bound is None or row[place] is None else row[place] + result.cells * bound
    cells = sum(result.cells for result in results)
    return {id: (_share(share, cells), _share(low, cells), _share(high, cells))
            for id, (counted, share, low, high) in sums.items() if counted == cells}


def lines(results: Sequence[TileResult]) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of ``coverage.csv``, as an assessment has it."""
    cells, shares = sum(result.cells for result in results), expected(results)
    taxa = merged(results)
    header = list(dict.fromkeys(title for taxon in taxa.values() for title in taxon.facts))
    rows = []
    for id, taxon in taxa.items():
        bounds = (f"{bound:.2f}" if bound is not None else "" for bound in shares.get(id, (None, None, None)))
        figures = dict(zip((HEADINGS.expected, HEADINGS.low, HEADINGS.high), bounds, strict=True))
        figures |= {HEADINGS.coverage: f"{100 * taxon.cells / cells:.2f}",
                    HEADINGS.mean_score: f"{taxon.total / taxon.cells:.4g}",
                    HEADINGS.max_score: f"{taxon.highest:.4g}"}
        rows.append([{**taxon.facts, **figures}.get(title, "") for title in header])
    return header, rows


def _share(total: float | None, cells: int) -> float | None:
    return None if total is None else total / cells


def _facts(result: TileResult) -> dict[str, dict[str, str]]:
    with (result.folder / COVERAGE).open(encoding="utf-8", newline="") as file:
        return {row[HEADINGS.id]: row for row in csv.DictReader(file)}
