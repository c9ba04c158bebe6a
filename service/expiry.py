"""Results are kept for so many days; what nobody owns any more is deleted."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from . import maps
from .child import Busy, held
from .folders import JobFolder
from .queue import Tools


def delete_expired(tools: Tools) -> int:
    """Delete the results of jobs that finished too long ago, and folders of dismissed or unknown jobs.

    A job is recorded before it has a folder: of the folders that are here now, those without one belong to nobody.
    Returns how many folders went.
    """
    there = _folders(tools.settings.results)
    with tools.pool.connection() as connection:
        expired = connection.execute(
            "UPDATE service.job SET expired = true WHERE NOT expired AND status IN ('successful', 'failed') "
            "AND finished < now() - make_interval(secs => %s) RETURNING id",
            [tools.settings.limits.keep_days * 86400]).fetchall()
        kept = {row["id"] for row in connection.execute(
            "SELECT id FROM service.job WHERE NOT expired AND status <> 'dismissed'")}
    over = {row["id"] for row in expired}
    for id in over:
        maps.forget(tools.pool, str(id))
    gone = [folder for folder in there if folder.id in over or folder.id not in kept]
    return sum(_delete(folder) for folder in gone)


def _delete(folder: JobFolder) -> bool:
    """Delete a folder, unless a worker or its child is still at work in it."""
    try:
        with held(folder.lock):
            shutil.rmtree(folder.path, ignore_errors=True)
    except (Busy, OSError):
        return False
    return True


def _folders(results: Path) -> list[JobFolder]:
    found = []
    for path in results.iterdir() if results.is_dir() else ():
        try:
            found.append(JobFolder(results, UUID(path.name)))
        except ValueError:
            continue
    return found
