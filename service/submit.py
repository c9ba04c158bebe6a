"""A job is recorded and queued in one transaction, if its owner may have one more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from . import jobs
from .jobs import Connection, Record
from .problems import Problem
from .queue import PAUSE, Tools
from .settings import Limits
from .tokens import Caller

DAY = 86400
SOON = 60
"""Seconds after which a client with too many open jobs may ask again."""


@dataclass(frozen=True)
class Request:
    """A request to execute `process`, checked; its `key` tells it from others of the same owner, if he gave one."""

    process: str
    title: str
    inputs: dict[str, Any]
    cells: int
    language: str
    subscriber: dict[str, str] | None
    key: str | None


def submit(tools: Tools, caller: Caller, request: Request) -> Record:
    """Accept a job and return its record; the one that was accepted before where the request comes again.

    The more open jobs an owner has, the later his next one comes: one client's hundred jobs do not block another's one.

    Raises:
        Problem: 429, he has as many as he may have; 422, its key was another request's.
    """
    id = uuid4()
    with tools.pool.connection() as connection, connection.transaction():
        # Two requests of one owner are counted one after the other.
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [caller.owner])
        known = _repeated(connection, caller, request)
        if known is None:
            open_jobs = _check(connection, tools.settings.limits, caller, request.cells)
            jobs.add(connection, {**vars(request), "id": id, "owner": caller.owner})
            _queue(tools, connection, id, request.process, request.inputs, -open_jobs)
    return _known(tools, known or id)


def _repeated(connection: Connection, caller: Caller, request: Request) -> UUID | None:
    """Return the job that the same request has made before."""
    row = connection.execute("SELECT id, process, inputs FROM service.job WHERE owner = %s AND key = %s",
                             [caller.owner, request.key]).fetchone()
    if row is None:
        return None
    if (row["process"], row["inputs"]) != (request.process, request.inputs):
        raise Problem(422, "served_key", key=request.key)
    id: UUID = row["id"]
    return id


def queue_lost(tools: Tools) -> None:
    """Queue open jobs again whose entry has ended without them: none is forgotten."""
    with tools.pool.connection() as connection, connection.transaction():
        lost = connection.execute(
            "SELECT id, process, inputs FROM service.job WHERE status IN ('accepted', 'running') AND NOT EXISTS ("
            "SELECT 1 FROM procrastinate_jobs q WHERE q.id = queue_id AND q.status IN ('todo', 'doing')) "
            "FOR UPDATE SKIP LOCKED").fetchall()
        for row in lost:
            _queue(tools, connection, row["id"], row["process"], row["inputs"], 0)


def queue_late(tools: Tools) -> None:
    """Bring forward jobs that a worker with a wrong clock has put off for longer than it should."""
    with tools.pool.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'compute' "
                           "AND status = 'todo' AND scheduled_at > now() + %s * interval '1 second'", [PAUSE])


def _queue(tools: Tools, connection: Connection, id: UUID, process: str, inputs: dict[str, Any], priority: int) -> None:
    # Two reports on one assessment would write the same files.
    lock = f"report {inputs['assessment']}" if process == "report" else str(id)
    queue_id = tools.queue.configure_task("compute", priority=priority, lock=lock,
                                          connection=connection).defer(job=str(id))
    connection.execute("UPDATE service.job SET queue_id = %s WHERE id = %s", [queue_id, id])


def _known(tools: Tools, id: UUID) -> Record:
    record = jobs.read(tools.pool, id)
    if record is None:
        raise Problem(500, "served_fault")
    return record


def _check(connection: Connection, limits: Limits, caller: Caller, cells: int) -> int:
    """Return how many open jobs the owner has."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE status IN ('accepted', 'running')) AS open, "
        "coalesce(sum(cells) FILTER (WHERE created > now() - interval '1 day'), 0) AS cells, "
        "coalesce(extract(epoch FROM min(created) FILTER (WHERE cells > 0 AND created > now() - interval '1 day') "
        "+ interval '1 day' - now()), 0) AS wait "
        "FROM service.job WHERE owner = %s AND NOT (status = 'dismissed' AND started IS NULL) "
        "AND (created > now() - interval '1 day' OR status IN ('accepted', 'running'))",
        [caller.owner]).fetchone() or {}
    if row["open"] >= limits.open_jobs:
        raise Problem(429, "served_open_jobs", retry_after=SOON, count=row["open"], most=limits.open_jobs)
    if row["cells"] + cells > limits.cells_a_day:
        raise Problem(429, "served_cells_a_day", retry_after=max(1, min(DAY, round(row["wait"]))), cells=cells,
                      used=int(row["cells"]), most=limits.cells_a_day)
    return int(row["open"])
