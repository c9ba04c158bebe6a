"""Scoring: from the grid's blocks to parts on disk, reading and inference overlapped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.assessment.parts import Parts, strip_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source import UNIT_ROWS, ScoredBlock, ScoreSource
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.blocks import AreaBlock
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

STRIP_SECONDS = 1.0
"""Strips are cut so that one takes about this long: a cancel is heard and progress is shown between strips."""


@dataclass(frozen=True)
class ScoringTask:
    """What scoring needs, in whatever process it runs: it can be pickled.

    `parts` is the folder of the finished parts, `keep` how many taxa are kept a cell, `memory` the
    working memory in bytes; `max_rows` bounds the height of a strip, and so the memory for its inputs.
    """

    source: SourcePlan
    area: Area
    grid: Grid
    parts: Path
    keep: int
    memory: int
    max_rows: int

    def open_parts(self) -> Parts:
        """Return the parts that are finished by now."""
        return Parts(self.parts, self.source.scale, len(self.source.taxa))


Runner = Callable[[ScoringTask, Sequence[Block], int, Reporter], dict[str, float]]
"""Scores blocks of a task, of so many cells in all, to the last row; returns what took how many seconds."""


def score_area(task: ScoringTask, blocks: Sequence[Block], cells: int, runner: Runner, reporter: Reporter
               ) -> dict[str, float]:
    """Score those of `blocks`, which hold the area's `cells`, that are not in the parts yet; return the seconds taken.

    Raises:
        Cancelled: between two strips, everything finished being kept.
    """
    parts = task.open_parts()
    waiting = [block for block in blocks if parts.next_row(block) < block.height]
    return runner(task, waiting, cells, reporter) if waiting else {}


def in_this_process(task: ScoringTask, blocks: Sequence[Block], cells: int, reporter: Reporter) -> dict[str, float]:
    """Score blocks here; a `Runner`."""
    parts = task.open_parts()
    with task.source.open(task.keep, task.memory, reporter) as source:
        entries = (AreaBlock.of(block, task.area, task.grid) for block in blocks)
        done = cells - _waiting_cells(task, blocks, parts) if parts.begun else 0
        _score(source, entries, parts, task.max_rows, (done, cells), reporter)
        return dict(source.seconds)


def _waiting_cells(task: ScoringTask, blocks: Sequence[Block], parts: Parts) -> int:
    """Return how many of the area's cells in `blocks` are not in the parts yet."""
    return sum(int(AreaBlock.of(block, task.area, task.grid).inside[parts.next_row(block):].sum()) for block in blocks)


def _score(source: ScoreSource, entries: Iterable[AreaBlock], parts: Parts, max_rows: int, cells: tuple[int, int],
           reporter: Reporter) -> None:
    """Score what the parts lack; `cells` are those finished before and those of the whole area."""
    pace = _Pace(source.strip_rows, max_rows)
    done, total = cells
    with ThreadPoolExecutor(max_workers=2) as pool:
        waiting: list[tuple[AreaBlock, Block, Future[ScoredBlock]]] = []
        for entry, strip in _strips(entries, parts, pace):
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
    """How many rows the next strip has: those the source likes, else few at first, then `STRIP_SECONDS` worth.

    Always whole units of `UNIT_ROWS`, where memory allows for one.
    """

    def __init__(self, liked: int | None, max_rows: int) -> None:
        self._liked = liked
        self._max = max(1, min(max_rows, BLOCK_CELLS))
        self._step = min(UNIT_ROWS, self._max)
        self._last = time.perf_counter()
        self.rows = min(liked or UNIT_ROWS, self._max)

    def finished(self, rows: int) -> None:
        if self._liked:
            return
        now = time.perf_counter()
        wanted = rows * STRIP_SECONDS / max(now - self._last, 1e-3)
        self._last = now
        self.rows = int(np.clip(wanted, self._step, min(self._max, 4 * self.rows))) // self._step * self._step


def _strips(entries: Iterable[AreaBlock], parts: Parts, pace: _Pace) -> Iterator[tuple[AreaBlock, Block]]:
    for entry in entries:
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
