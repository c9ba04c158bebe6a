"""Cells some at a time, on all processors."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Listen = Callable[[], None]


class Batches:
    """Runs batches of cells, as many beside each other as there are `threads`."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads)

    def run(self, work: Callable[[slice], None], cells: int, batch: int, listen: Listen) -> None:
        """Do `work` on all cells, `batch` at a time; `listen` is called now and then and may raise `Cancelled`."""
        parts = [slice(start, start + batch) for start in range(0, cells, batch)]
        for first in range(0, len(parts), self.threads):
            list(self._pool.map(work, parts[first:first + self.threads]))
            listen()
