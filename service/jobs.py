"""The records of jobs: what was asked, how far it is, how it ended. They outlive workers and web processes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from .database import Pool
from .problems import NO_JOB, Problem
from .tokens import ADMIN, Caller

ACCEPTED, RUNNING, SUCCESSFUL, FAILED, DISMISSED = STATES = (
    "accepted", "running", "successful", "failed", "dismissed")
OPEN = (ACCEPTED, RUNNING)
Connection = psycopg.Connection[dict[str, Any]]


@dataclass(frozen=True)
class Record:
    """One job; its `title` tells it from its owner's others.

    `code` and `params` are its sentence, `bytes` and `seconds` what its result took.

    `position` is a waiting job's place in the queue, from 1, and 0 for one that does not wait; `warnings` are the codes
    and parameters of what it warned of, in order. Both are read with the rest: to tell a status takes one question.
    """

    id: UUID
    owner: str
    process: str
    title: str
    status: str
    code: str
    params: dict[str, Any]
    progress: int
    language: str
    inputs: dict[str, Any]
    subscriber: dict[str, Any] | None
    cells: int
    bytes: int | None
    seconds: float | None
    attempt: int
    queue_id: int | None
    created: datetime
    started: datetime | None
    updated: datetime
    finished: datetime | None
    expired: bool
    position: int
    warnings: list[dict[str, Any]]


_COMPUTED = {
    "position": "CASE WHEN job.status = 'accepted' THEN (SELECT count(*) FROM procrastinate_jobs mine "
                "JOIN procrastinate_jobs other ON other.status = 'todo' AND other.queue_name = mine.queue_name "
                "AND (other.priority, -other.id) >= (mine.priority, -mine.id) "
                "WHERE mine.id = job.queue_id AND mine.status = 'todo') ELSE 0 END",
    "warnings": "ARRAY(SELECT jsonb_build_object('code', said.code, 'params', said.params) FROM service.event said "
                "WHERE said.job = job.id AND said.kind = 'warning' ORDER BY said.id)"}
_COLUMNS = ", ".join(f"{_COMPUTED.get(field.name, f'job.{field.name}')} AS {field.name}" for field in fields(Record))


def add(connection: Connection, record: dict[str, Any]) -> None:
    """Insert a job: `id`, `owner`, `key`, `process`, `title`, `language`, `inputs`, `subscriber`, `cells`."""
    connection.execute(
        "INSERT INTO service.job (id, owner, key, process, title, language, inputs, subscriber, cells) VALUES "
        "(%(id)s, %(owner)s, %(key)s, %(process)s, %(title)s, %(language)s, %(inputs)s, %(subscriber)s, %(cells)s)",
        {**record, "inputs": Jsonb(record["inputs"]),
         "subscriber": Jsonb(record["subscriber"]) if record["subscriber"] else None})


def find(pool: Pool, caller: Caller, id: str) -> Record:
    """Return a job that `caller` may see.

    Raises:
        Problem: 404, the same for a job of someone else as for none.
    """
    try:
        known = UUID(id)
    except ValueError:
        known = None
    record = read(pool, known) if known else None
    if record is None or (record.owner != caller.owner and ADMIN not in caller.scopes):
        raise Problem(404, "served_no_job", NO_JOB, job=id[:60])
    return record


def read(pool: Pool, id: UUID) -> Record | None:
    """Return the job of that id, whoever owns it."""
    with pool.connection() as connection:
        row = connection.execute(f"SELECT {_COLUMNS} FROM service.job job WHERE id = %s".encode(), [id]).fetchone()
    return Record(**row) if row else None


def search(pool: Pool, caller: Caller, limit: int, offset: int, status: str | None,
           process: str | None) -> tuple[list[Record], int]:
    """Return a page of the jobs that `caller` may see, newest first, and how many there are in all."""
    where = ("(%(all)s OR owner = %(owner)s) AND (%(status)s::text IS NULL OR status = %(status)s) "
             "AND (%(process)s::text IS NULL OR process = %(process)s)")
    values = {"all": ADMIN in caller.scopes, "owner": caller.owner, "status": status, "process": process,
              "limit": limit, "offset": offset}
    with pool.connection() as connection:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM service.job job WHERE {where} "
                                  "ORDER BY created DESC, id LIMIT %(limit)s OFFSET %(offset)s".encode(), values)
        records = [Record(**row) for row in rows]
        total = connection.execute(f"SELECT count(*) AS n FROM service.job WHERE {where}".encode(), values).fetchone()
    return records, total["n"] if total else 0


def begin(pool: Pool, id: UUID) -> Record | None:
    """Count one more attempt at a job and return it; None when it is over (finished or dismissed)."""
    with pool.connection() as connection:
        row = connection.execute(
            "UPDATE service.job job SET status = 'running', code = 'served_running', params = '{}', "
            "attempt = attempt + 1, started = coalesce(started, now()), updated = now() "
            f"WHERE id = %s AND status IN ('accepted', 'running') RETURNING {_COLUMNS}".encode(), [id]).fetchone()
    return Record(**row) if row else None


def give_back(pool: Pool, id: UUID) -> bool:
    """Take back an attempt that was stopped with its worker; False where the job is over."""
    with pool.connection() as connection:
        done = connection.execute("UPDATE service.job SET attempt = attempt - 1, updated = now() "
                                  "WHERE id = %s AND status = 'running'", [id])
        return done.rowcount == 1


def tell_progress(pool: Pool, id: UUID, progress: int, code: str, params: dict[str, Any]) -> bool:
    """Say how far a running job is, which never goes back; False where it does not run any more."""
    with pool.connection() as connection:
        done = connection.execute(
            "UPDATE service.job SET progress = greatest(progress, %s), code = %s, params = %s, updated = now() "
            "WHERE id = %s AND status = 'running'", [progress, code, Jsonb(params), id])
        return done.rowcount == 1


def tell_event(pool: Pool, id: UUID, kind: str, code: str, params: dict[str, Any]) -> None:
    """Keep a message or a warning of a job; the same one only once, since a job that is begun again repeats it."""
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO service.event (job, kind, code, params) SELECT %(job)s, %(kind)s, %(code)s, %(params)s "
            "WHERE NOT EXISTS (SELECT 1 FROM service.event WHERE job = %(job)s AND code = %(code)s "
            "AND params = %(params)s)", {"job": id, "kind": kind, "code": code, "params": Jsonb(params)})


def events(pool: Pool, id: UUID) -> list[dict[str, Any]]:
    """Return what a job said, in order: `at`, `kind`, `code`, `params`."""
    with pool.connection() as connection:
        return connection.execute("SELECT at, kind, code, params FROM service.event WHERE job = %s ORDER BY id",
                                  [id]).fetchall()


def finish(pool: Pool, id: UUID, status: str, code: str, params: dict[str, Any], size: int = 0) -> bool:
    """End an open job and return whether it was open: the first end counts."""
    with pool.connection() as connection:
        done = connection.execute(
            "UPDATE service.job SET status = %(status)s, code = %(code)s, params = %(params)s, finished = now(), "
            "updated = now(), bytes = %(bytes)s, seconds = extract(epoch FROM now() - coalesce(started, now())), "
            "progress = CASE WHEN %(status)s = 'successful' THEN 100 ELSE progress END "
            "WHERE id = %(id)s AND status IN ('accepted', 'running')",
            {"status": status, "code": code, "params": Jsonb(params), "bytes": size, "id": id})
        return done.rowcount == 1


def dismiss(pool: Pool, id: UUID) -> bool:
    """Mark a job as dismissed and return whether this call did so: of two at once, one does."""
    with pool.connection() as connection:
        done = connection.execute(
            "UPDATE service.job SET status = 'dismissed', code = 'served_dismissed', params = '{}', updated = now(), "
            "finished = coalesce(finished, now()) WHERE id = %s AND status <> 'dismissed'", [id])
        return done.rowcount == 1
