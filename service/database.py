"""The database: a pool of connections, and the migrations that make its tables."""

from __future__ import annotations

import asyncio
import hashlib
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 60.0
"""Seconds for which a worker waits for a database that is restarted."""
_LOCK = int.from_bytes(hashlib.sha256(b"geoplantnet migrations").digest()[:7], "big")
Result = TypeVar("Result")
Pool = ConnectionPool[psycopg.Connection[dict[str, Any]]]


def open_pool(database: str, connections: int = 8) -> Pool:
    """Return a pool whose rows are dictionaries; a connection that has died is replaced before it is given out.

    Each statement is a transaction of its own, unless it stands in a block of `connection.transaction()`: a question
    costs one way to the database and back.
    """
    return ConnectionPool(database, min_size=1, max_size=connections, open=True, check=_check,
                          kwargs={"row_factory": dict_row, "autocommit": True})


def _check(connection: psycopg.Connection[dict[str, Any]]) -> None:
    """Ask a connection whether it lives, if the server has sent on it what nobody asked for, such as its end."""
    heard = select.poll()
    heard.register(connection, select.POLLIN)
    if heard.poll(0):
        ConnectionPool.check_connection(connection)


def migrate(database: str) -> list[str]:
    """Bring the tables up to date and return the names of the migrations that were run.

    Two processes that do so at once wait for each other.
    """
    import procrastinate

    done = []
    with psycopg.connect(database) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute("CREATE SCHEMA IF NOT EXISTS service")
        connection.execute("CREATE TABLE IF NOT EXISTS service.migration ("
                           "name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())")
        known = {row[0] for row in connection.execute("SELECT name FROM service.migration")}
        ours = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(MIGRATIONS.glob("*.sql"))]
        for name, text in [("0000_queue", procrastinate.schema.SchemaManager.get_schema()), *ours]:
            if name not in known:
                connection.execute(text.encode())
                connection.execute("INSERT INTO service.migration (name) VALUES (%s)", [name])
                done.append(name)
    return done


def patiently(action: Callable[[], Result]) -> Result:
    """Do what may be done twice, again and again while the database is away.

    Raises:
        psycopg.OperationalError: it stays away.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return action()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


async def in_thread(action: Callable[[], Result]) -> Result:
    """Do in a thread what may be done twice, again and again while the database is away.

    A thread cannot be stopped: where this job is, the thread is waited for, so that it writes into no folder that is
    another worker's by then.
    """
    doing = asyncio.ensure_future(asyncio.to_thread(patiently, action))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise
