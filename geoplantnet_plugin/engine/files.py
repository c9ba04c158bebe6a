"""Files appear whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoplantnet_plugin.engine.errors import EngineError


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path` and rename it when the block ends well, else delete it.

    Raises:
        EngineError: the disk is full.
    """
    temporary = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.errno == errno.ENOSPC or "No space left" in str(error):
            raise EngineError("disk_full", out=path.parent) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
