"""Results are kept for so many days; what nobody owns any more is deleted."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from uuid import UUID

from . import maps
from .folders import JobFolder
from .queue import Tools

ORPHAN_SECONDS = 3600
"""A folder without a job may belong to one that is being recorded."""


def delete_expired(tools: Tools) -> int:
    """Delete the results of jobs that finished too long ago, and folders of dismissed or unknown jobs.

    Returns how many folders went.
    """
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
    gone = [folder for folder in _folders(tools.settings.results) if folder.id in over
            or (folder.id not in kept and time.time() - folder.path.stat().st_mtime > ORPHAN_SECONDS)]
    for folder in gone:
        shutil.rmtree(folder.path, ignore_errors=True)
    return len(gone)


def _folders(results: Path) -> list[JobFolder]:
    found = []
    for path in results.iterdir() if results.is_dir() else ():
        try:
            found.append(JobFolder(results, UUID(path.name)))
        except ValueError:
            continue
    return found
