"""Assessments that were begun: kept with their area until they are complete, so that they can be continued.

The area of a run may be a drawing that is gone when QGIS is closed, so a copy of it is kept in the profile.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QLockFile

from ..common.assessment import COMPLETE, MANIFEST, SERVICE_TICKET
from .settings import data_folder

RECORD, LOCK = "run.json", "lock"


class FolderInUse(Exception):
    """Another run, of this or another QGIS, writes to the same folder."""


@dataclass(frozen=True)
class Unfinished:
    """A run that was begun: the parameters that continue it and the assessment folder `out`."""

    parameters: dict[str, Any]
    out: Path


class Run:
    """A run in hand; `folder` is its own place in the profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, parameters: Mapping[str, Any]) -> None:
        """Keep the parameters with which the run is continued."""
        (self.folder / RECORD).write_text(json.dumps(dict(parameters)), encoding="utf-8")


@contextmanager
def begin(out: Path) -> Iterator[Run]:
    """Hold the record of the assessment folder `out`; afterwards it is gone unless the assessment is unfinished.

    Raises:
        FolderInUse: a run is writing to `out`.
    """
    folder = _home() / hashlib.sha256(str(out).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    lock = _lock(folder)
    if not lock.tryLock(0):
        raise FolderInUse
    try:
        yield Run(folder)
    finally:
        lock.unlock()
        if not _is_unfinished(out):
            shutil.rmtree(folder, ignore_errors=True)


def unfinished_runs() -> list[Unfinished]:
    """Return the runs that can be continued and that nobody is running, the latest first."""
    records = sorted(_home().glob(f"*/{RECORD}"), key=lambda path: path.stat().st_mtime, reverse=True)
    found = ((path, _read(path)) for path in records)
    return [run for path, run in found if run and _is_unfinished(run.out) and _is_free(path.parent)]


def forget(run: Unfinished) -> None:
    """Offer a run no more; what it has written stays."""
    for path in _home().glob(f"*/{RECORD}"):
        known = _read(path)
        if known and known.out == run.out and _is_free(path.parent):
            shutil.rmtree(path.parent, ignore_errors=True)


def _home() -> Path:
    return data_folder() / "unfinished"


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # stale only when the QGIS that holds it has died
    return lock


def _is_free(folder: Path) -> bool:
    lock = _lock(folder)
    free = lock.tryLock(0)
    lock.unlock()
    return free


def _read(path: Path) -> Unfinished | None:
    try:
        parameters = json.loads(path.read_text(encoding="utf-8"))
        return Unfinished(parameters, Path(parameters["OUTPUT"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_unfinished(out: Path) -> bool:
    if (out / SERVICE_TICKET).is_file():
        return True  # a service computes it, or has; the manifest comes last
    try:
        return json.loads((out / MANIFEST).read_text(encoding="utf-8"))["state"] != COMPLETE
    except (OSError, ValueError, KeyError, TypeError):
        return False
