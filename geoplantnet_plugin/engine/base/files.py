"""Files appear whole or not at all."""

from __future__ import annotations

import csv
import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import Cancelled, EngineError

FULL = 1 << 20
"""A disk with less free space (bytes) when a write fails is full: GDAL and SQLite name no cause."""


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path` and rename it when the block ends well, else delete it.

    Raises:
        EngineError: the disk is full.
    """
    with scratch(path.with_name(f".{path.stem}.part{path.suffix}")) as temporary:
        yield temporary
        temporary.replace(path)


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a table as UTF-8 CSV (RFC 4180), whole or not at all."""
    with writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Give `path` for a file that is deleted, if it is still there, when the block ends.

    Raises:
        EngineError: the disk is full.
    """
    try:
        yield path
    except (EngineError, Cancelled):
        raise
    except Exception as error:
        if getattr(error, "errno", None) == errno.ENOSPC or shutil.disk_usage(path.parent).free < FULL:
            raise EngineError("disk_full", out=path.parent) from error
        raise
    finally:
        path.unlink(missing_ok=True)
