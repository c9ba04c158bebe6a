"""Tiles as work for processes: here, or on a Dask cluster that is there already.

A tile is finished when its assessment is; the file ``NAME.json`` beside its folder holds the key that it was made for.
A worker writes nothing but its own tile, whole or not at all, so that whatever dies is made up for by running again.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import COMPLETE, MANIFEST
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.tiles.plan import Tile

STOP = "stop"
"""A file beside the tiles: while it is there, workers stop at their next checkpoint."""
SECONDS = 0.5
"""Between two looks at whether to stop."""
STOPPING_SECONDS = 60
"""For workers to hear a stop: they do so between two strips."""


class TileReporter(Reporter):
    """Says nothing; hears a stop through the file that all workers see."""

    def __init__(self, stop: Path) -> None:
        self._stop = stop

    def cancelled(self) -> bool:
        return self._stop.exists()


def finished(tile: Tile) -> bool:
    """Whether the tile's assessment is there, made for the same key."""
    try:
        made = json.loads(_key_file(tile).read_text(encoding="utf-8"))
        if made.get("key") != tile.key or made.get("empty"):
            return bool(made.get("key") == tile.key)
        return bool(json.loads((tile.job.out / MANIFEST).read_text(encoding="utf-8"))["state"] == COMPLETE)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def assess_tile(tile: Tile) -> str:
    """Make a tile's assessment, or go on with it, and return the tile's name; runs in a worker.

    What was made for another key is deleted first. Where no cell has data the folder is removed: the tile is empty.
    """
    from geoplantnet_plugin.engine.assess.run import assess

    file = _key_file(tile)
    if not file.exists() or tile.key not in file.read_text(encoding="utf-8"):
        shutil.rmtree(tile.job.out, ignore_errors=True)
    _write(file, {"key": tile.key})
    try:
        assess(tile.job, TileReporter(tile.job.out.parent / STOP))
    except EngineError as error:
        if error.code not in EMPTY:
            raise
        shutil.rmtree(tile.job.out, ignore_errors=True)
        _write(file, {"key": tile.key, "empty": True})
    return tile.name


def _write(file: Path, document: dict[str, object]) -> None:
    with writing(file) as temporary:
        temporary.write_text(json.dumps(document), encoding="utf-8")


EMPTY = frozenset({"assess_no_cell", "cube_area_outside", "cube_all_nodata"})
"""Errors that say that a tile has no data; the area as a whole may have."""


def run_tiles(tiles: Sequence[Tile], workers: int, scheduler: str, reporter: Reporter) -> None:
    """Run the tiles that are not finished.

    Raises:
        EngineError: what a tile was refused for; ``map_worker_lost``, a worker died: what is finished is kept.
        Cancelled: the caller asked to stop.
    """
    waiting = [tile for tile in tiles if not finished(tile)]
    done = len(tiles) - len(waiting)
    reporter.progress("tiles", done, len(tiles))
    if not waiting:
        return
    stop = waiting[0].job.out.parent / STOP
    stop.unlink(missing_ok=True)
    with _executor(min(workers, len(waiting)), scheduler) as executor:
        running = {executor.submit(assess_tile, tile) for tile in waiting}
        try:
            while running:
                ready, running = wait(running, SECONDS, FIRST_COMPLETED)
                for future in ready:
                    _check(future)
                    done += 1
                    reporter.progress("tiles", done, len(tiles))
                reporter.checkpoint()
        except BaseException:
            with suppress(OSError):  # the folder itself may be what is gone
                stop.touch()
            wait([future for future in running if not future.cancel()], STOPPING_SECONDS)
            raise
        finally:
            stop.unlink(missing_ok=True)


def _check(future: Future[str]) -> None:
    try:
        future.result()
    except _lost() as error:
        raise EngineError("map_worker_lost") from error


def _lost() -> tuple[type[BaseException], ...]:
    """Return what is raised where a worker, or with its scheduler all of them, is gone; nobody here cancels a tile."""
    cluster = sys.modules.get("distributed")
    return (BrokenProcessPool, CancelledError, *((cluster.KilledWorker,) if cluster else ()))


@contextmanager
def _executor(workers: int, scheduler: str) -> Iterator[Executor]:
    if scheduler:
        try:
            import distributed
        except ImportError as error:
            raise EngineError("map_no_dask") from error
        connect: Any = distributed.Client
        try:
            client = connect(scheduler, timeout=30)
        except (OSError, ValueError) as error:
            raise EngineError("map_scheduler", scheduler=scheduler[:200], reason=str(error)[:300]) from error
        with client:
            yield client.get_executor(retries=2)
    else:
        with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
            yield executor


def _key_file(tile: Tile) -> Path:
    return tile.job.out.with_name(f"{tile.name}.json")
