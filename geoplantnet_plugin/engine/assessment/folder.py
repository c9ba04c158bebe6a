"""The output folder: used by one job at a time, resumed only by the job that began it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoplantnet_plugin.common.assessment import COMPLETE, MANIFEST
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.manifest import read_document

LOCK = ".lock"
PARTS = "parts"


@contextmanager
def output_folder(out: Path, digest: str) -> Iterator[Path]:
    """Hold `out` for the job with `digest` (what its scores depend on) while it runs.

    A folder with an unfinished assessment of the same job is continued.

    Raises:
        EngineError: another process uses the folder, or it holds something else.
    """
    from filelock import FileLock, Timeout

    is_new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise EngineError("out_in_use", out=out) from error
    except OSError as error:
        raise EngineError("out_not_writable", out=out, reason=error.strerror or error) from error
    try:
        if not is_new:
            _check(out, digest)
        yield out
    finally:
        lock.release()
        (out / LOCK).unlink(missing_ok=True)


def _check(out: Path, digest: str) -> None:
    if not (out / MANIFEST).exists():
        if any(path.name != LOCK for path in out.iterdir()):
            raise EngineError("out_not_empty", out=out)
        return
    document = read_document(out)
    if document.get("state") == COMPLETE:
        raise EngineError("out_complete", out=out)
    if document.get("job", {}).get("digest") != digest:
        raise EngineError("out_other_job", out=out)
