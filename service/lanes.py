"""A worker process: a lane for each queue that it serves, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException

from . import queue
from .queue import Tools, open_tools
from .settings import Settings

log = logging.getLogger(__name__)
COURTESY = 10
"""How far a worker and its engine step back (nice), so that requests on the same computer are answered meanwhile."""


def work(settings: Settings, queues: tuple[str, ...]) -> None:
    """Work on `queues` until a SIGTERM or SIGINT; a job in hand is left to another worker, with what is finished."""
    os.nice(COURTESY)
    with open_tools(settings) as tools:
        asyncio.run(_work(tools, queues))


async def _work(tools: Tools, queues: tuple[str, ...]) -> None:
    lanes = [asyncio.create_task(_lane(tools, name)) for name in queues]
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop, lanes)
    await asyncio.wait(lanes)


def _stop(lanes: list[asyncio.Task[None]]) -> None:
    for lane in lanes:
        lane.cancel()


async def _lane(tools: Tools, name: str) -> None:
    """Work on one queue until this is cancelled; what befalls another lane does not touch the job in hand here."""
    while True:
        try:
            await _serve(tools, name)
        except (ConnectorException, psycopg.OperationalError) as error:
            log.warning("%s: the database is away: %s", name, error)
        await asyncio.sleep(1)


async def _serve(tools: Tools, name: str) -> None:
    app = queue.make_queue(procrastinate.PsycopgConnector(conninfo=tools.settings.database))
    async with app.open_async():
        await app.run_worker_async(
            queues=[name], concurrency=1 if name == queue.JOBS else 2, name=name, install_signal_handlers=False,
            delete_jobs="successful" if name == queue.CHORES else "never", shutdown_graceful_timeout=0,
            update_heartbeat_interval=queue.HEARTBEAT, stalled_worker_timeout=queue.STALLED,
            additional_context={"tools": tools})
