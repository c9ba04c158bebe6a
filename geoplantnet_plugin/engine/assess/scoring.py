"""Scoring: from the grid's blocks to parts on disk, reading and inference overlapped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assessment.parts import Parts, strip_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source import ScoredBlock, ScoreSource
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.blocks import AreaBlock, area_blocks
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

STRIP_SECONDS = 1.0
"""Strips are cut so that one takes about this long: a cancel is heard and progress is shown between strips."""


def score_area(source: ScoreSource, area: Area, grid: Grid, parts: Parts, max_rows: int, total: int,
               reporter: Reporter, strip_rows: int = 0) -> None:
    """Score every cell of the area that is not in `parts` yet; `total` is the area's number of cells.

    `max_rows` bounds the height of a strip, and so the memory for its inputs; `strip_rows` is the height to keep to,
    if any.

    Raises:
        Cancelled: between two strips, everything finished being kept.
    """
    pace = _Pace(max_rows, strip_rows)
    done = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        waiting: list[tuple[AreaBlock, Block, Future[ScoredBlock]]] = []
        for entry, strip in _strips(area, grid, parts, pace):
            waiting.append((entry, strip, pool.submit(source.score, strip, _rows(entry, strip))))
            if len(waiting) == 2:
                done += _keep(*waiting.pop(0), parts, pace)
                reporter.progress("scores", done, total)
            if reporter.cancelled():
                break
        for item in waiting:
            done += _keep(*item, parts, pace)
            reporter.progress("scores", done, total)
    reporter.checkpoint()


class _Pace:
    """How many rows the next strip has: `steady`, or else few at first, then about `STRIP_SECONDS` worth of work."""

    def __init__(self, max_rows: int, steady: int) -> None:
        self._max = max(1, min(max_rows, BLOCK_CELLS))
        self._steady = steady
        self._last = time.perf_counter()
        self.rows = min(steady or 8, self._max)

    def finished(self, rows: int) -> None:
        if self._steady:
            return
        now = time.perf_counter()
        wanted = rows * STRIP_SECONDS / max(now - self._last, 1e-3)
        self._last = now
        self.rows = int(np.clip(wanted, 1, min(self._max, 4 * self.rows)))


def _strips(area: Area, grid: Grid, parts: Parts, pace: _Pace) -> Iterator[tuple[AreaBlock, Block]]:
    for entry in area_blocks(area, grid):
        row = parts.next_row(entry.block)
        while row < entry.block.height:
            strip = strip_of(entry.block, row, pace.rows)
            row += strip.height
            yield entry, strip


def _rows(entry: AreaBlock, strip: Block) -> NDArray[np.bool_]:
    first = strip.row - entry.block.row
    return entry.inside[first:first + strip.height]


def _keep(entry: AreaBlock, strip: Block, scored: Future[ScoredBlock], parts: Parts, pace: _Pace) -> int:
    parts.save(entry.block, strip, scored.result())
    pace.finished(strip.height)
    return int(_rows(entry, strip).sum())
