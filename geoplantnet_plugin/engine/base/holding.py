"""Folders that one job at a time writes: whoever comes second is told who holds it."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.base.files import synced, told_when_full

if TYPE_CHECKING:
    from filelock import FileLock

LOCK, HOLDER = ".lock", ".holder"
"""Who holds a folder, and what is known of it: kept apart, since a lock's own content is lost when it is tried."""
SCRATCH = re.compile(r"^\..+\.part(\.[^.]+)?(-journal|-wal|-shm)?$")
"""Names of files in the making."""
TRIALS = 5


@contextmanager
def held(folder: Path, out: Path) -> Iterator[None]:
    """Hold `folder`, which is made where there is none, while the block runs; `out` is how a person calls it.

    What a killed job left in the making is removed.

    Raises:
        EngineError: ``out_in_use`` (with the process that holds it), ``out_not_writable``.
    """
    lock = _acquired(folder, out)
    try:
        (folder / HOLDER).write_text(f"{os.getpid()}, {platform.node()}", encoding="utf-8")
        sweep(folder)
        with _told_when_gone(folder / HOLDER, out):
            yield
    finally:
        for name in (HOLDER, LOCK):  # before it is let go: later, the lock may be another job's
            with suppress(OSError):
                (folder / name).unlink()
        lock.release()


@contextmanager
def _told_when_gone(holder: Path, out: Path) -> Iterator[None]:
    """Raise `EngineError` ``out_gone`` for what fails because the folder was removed.

    Its own file tells: the folder may be there again, since a job makes folders where they are missing.
    """
    try:
        yield
    except (EngineError, Cancelled):
        raise
    except Exception as error:
        if holder.exists():
            raise
        raise EngineError("out_gone", out=out) from error


def _acquired(folder: Path, out: Path) -> FileLock:
    from filelock import FileLock, Timeout

    for trial in range(TRIALS):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK, timeout=0)
            lock.acquire()
            return lock
        except Timeout as error:
            raise EngineError("out_in_use", out=out, holder=_holder(folder)) from error
        except OSError as error:
            # a job that ends may remove the folder just when it has been found
            if not isinstance(error, FileNotFoundError) or trial == TRIALS - 1:
                raise EngineError("out_not_writable", out=out, reason=error.strerror or error) from error
    raise EngineError("out_gone", out=out)


def _holder(folder: Path) -> str:
    try:
        return (folder / HOLDER).read_text(encoding="utf-8")[:200]
    except (OSError, ValueError):
        return "?"


def sweep(folder: Path) -> None:
    """Remove files in the making, of `folder` and the folders in it."""
    for place in (folder, *(entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink())):
        for path in place.iterdir():
            if SCRATCH.match(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def is_own(name: str) -> bool:
    """Whether a name is one that a job leaves when it is killed before it has written anything."""
    return name in (LOCK, HOLDER) or bool(SCRATCH.match(name))


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder beside `out`, and rename it when the block ends well, else delete it.

    Raises:
        EngineError: ``out_not_empty``, ``out_in_use``, ``out_not_writable``, ``disk_full``.
    """
    out = out.absolute()
    place = out.with_name(f".{out.name}.part")
    try:
        with held(place, out), _made_in(place, out) as temporary, told_when_full(out.parent):
            yield temporary
            if out.exists():
                out.rmdir()
            temporary.rename(out)
            synced(out.parent)
    finally:
        with suppress(OSError):  # another job has it by now
            place.rmdir()


@contextmanager
def _made_in(place: Path, out: Path) -> Iterator[Path]:
    temporary = place / out.name
    shutil.rmtree(temporary, ignore_errors=True)  # of a job that was killed
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise EngineError("out_not_empty", out=out)
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
