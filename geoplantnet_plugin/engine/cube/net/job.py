"""Reads the job of a fetch and the words in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import FetchJob


def fetch_job(document: Mapping[str, Any]) -> FetchJob:
    """Return the job that a JSON object describes (fields of `FetchJob`; missing ones have its defaults).

    Raises:
        EngineError: ``job_invalid``, ``net_bad_day``, ``net_bad_season``, ``net_nothing_asked``.
    """
    job = from_document(FetchJob, document)
    return checked(replace(job, out=job.out.absolute()))


def checked(job: FetchJob) -> FetchJob:
    """Return `job` when its words can be understood.

    Raises:
        EngineError: as `fetch_job`.
    """
    if not job.sources and not job.model:
        raise EngineError("net_nothing_asked")
    for day in filter(None, (job.start, job.end)):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise EngineError("net_bad_day", day=day) from error
    if job.start and job.end and job.start > job.end:
        raise EngineError("net_bad_day", day=f"{job.start} – {job.end}")
    if job.season:
        months(job.season)
    return job


def months(season: str) -> tuple[int, int]:
    """Return first and last month of ``06-08``.

    Raises:
        EngineError: ``net_bad_season``.
    """
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", season)
    if not match or not all(1 <= int(month) <= 12 for month in match.groups()):
        raise EngineError("net_bad_season", season=season)
    return int(match[1]), int(match[2])
