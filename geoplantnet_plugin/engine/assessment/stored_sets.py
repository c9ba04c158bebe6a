"""The assemblages of a finished assessment, read from its tables some cells at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.engine.assessment.cell_sets import numbers
from geoplantnet_plugin.engine.assessment.opening import file_of, layer_raster

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELLS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Sets:
    """The assemblages of `cells` (n,), each of `counts` (n,) taxa: `taxa` and stored `scores`, one after the other."""

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    taxa: NDArray[np.int64]
    scores: NDArray[np.int64]


def cells_with_data(folder: Path, document: dict[str, Any]) -> NDArray[np.int64]:
    """Return the numbers of the cells that have scores: those without a taxon count in a coverage as well."""
    with layer_raster(file_of(folder, document["species"]["file"])) as raster:
        return np.flatnonzero(raster.read(1) != raster.nodata)


def stretches(tables: Any, cells: NDArray[np.int64]) -> Iterator[Sets]:
    """Yield the assemblages of `cells`, which rise, stretch by stretch."""
    (lowest,), = tables.execute("SELECT lowest FROM stored_scores")
    rows = tables.execute("SELECT cell, taxa_count, taxa, scores FROM cell_sets ORDER BY cell")
    done = 0
    while found := rows.fetchmany(CELLS_AT_ONCE):
        cell, count, taxa, scores = zip(*found, strict=True)
        upto = int(np.searchsorted(cells, cell[-1], side="right"))
        counts = np.zeros(upto - done, np.int64)
        counts[np.searchsorted(cells[done:upto], cell)] = count
        yield Sets(cells[done:upto], counts, numbers("".join(taxa)), numbers("".join(scores)) + lowest)
        done = upto
    none = np.empty(0, np.int64)
    yield Sets(cells[done:], np.zeros(len(cells) - done, np.int64), none, none)
