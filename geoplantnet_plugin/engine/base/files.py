"""Files appear whole or not at all."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from geoplantnet_plugin.common.errors import Cancelled, EngineError

FULL = 1 << 20
"""A disk with less free space (bytes) after a write is full: GDAL and SQLite name no cause."""
BROKEN_ZIP = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a zip raises that is damaged, encrypted or packed in another way, beside the system's own errors."""


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path` and rename it when the block ends well, else delete it.

    Raises:
        EngineError: the disk is full.
    """
    with scratch(path.with_name(f".{path.stem}.part{path.suffix}")) as temporary:
        yield temporary
        synced(temporary)
        temporary.replace(path)
        synced(path.parent)


def synced(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk: after a power cut they are there whole."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there, and renames are journaled
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a table as UTF-8 CSV (RFC 4180), whole or not at all."""
    with writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Give `path` for a file that is deleted, if it is still there, when the block ends; so is what was there before.

    Raises:
        EngineError: the disk is full.
    """
    _remove(path)
    try:
        with told_when_full(path.parent):
            yield path
    finally:
        _remove(path)


def _remove(path: Path) -> None:
    """Delete a file with what SQLite keeps beside it: another database must not be given an old journal."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def told_when_full(folder: Path) -> Iterator[None]:
    """Raise `EngineError` ``disk_full`` for what fails because the disk of `folder` is full.

    Also where nothing failed and no room is left: GDAL is silent about what it cannot write when it closes a file.
    """
    try:
        yield
    except (EngineError, Cancelled):
        raise
    except Exception as error:
        if getattr(error, "errno", None) == errno.ENOSPC or _is_full(folder):
            raise EngineError("disk_full", out=folder) from error
        raise
    if _is_full(folder):
        raise EngineError("disk_full", out=folder)


def _is_full(folder: Path) -> bool:
    return folder.exists() and shutil.disk_usage(folder).free < FULL
