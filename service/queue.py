"""The queue: procrastinate on the same database. It locks, retries, hears heartbeats and aborts; we only say what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from uuid import UUID

import procrastinate
from procrastinate import jobs as queued
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from .database import Pool, open_pool
from .settings import Settings

log = logging.getLogger(__name__)
JOBS, CHORES, PROJECTS = "jobs", "chores", "projects"
"""Queues: computations; what takes a moment and must not wait for one; what needs QGIS."""
HEARTBEAT, STALLED = 3.0, 20.0
"""Seconds: a worker says so often that it lives, and is taken for dead after so long. A child whose worker has died
ends within ten (see `reporters.GRACE_SECONDS`)."""
PAUSE = 5.0
"""Seconds until a job is tried again."""
AT_ONCE = datetime.fromtimestamp(0, timezone.utc)
"""Whatever this computer's clock says: it is the database's that counts."""


class Again(Exception):
    """The task could not be done this time: later, perhaps by another worker."""


class UntilItEnds(BaseRetryStrategy):
    """Tries again what said `Again` or was stopped with its worker; how often, the job's record knows."""

    def get_retry_decision(self, *, exception: BaseException, job: queued.Job) -> RetryDecision | None:
        """Return when to try again, None for never."""
        if isinstance(exception, (Again, asyncio.CancelledError)):
            return RetryDecision(retry_at=datetime.now(timezone.utc) + timedelta(seconds=PAUSE))
        return None


@dataclass(frozen=True)
class Tools:
    """What web processes and tasks work with; `queue` takes new entries."""

    settings: Settings
    pool: Pool
    queue: procrastinate.App


@contextmanager
def open_tools(settings: Settings, connections: int = 8) -> Iterator[Tools]:
    """Give the tools of a process, and close them."""
    pool = open_pool(settings.database, connections)
    queue = make_queue(procrastinate.SyncPsycopgConnector(conninfo=settings.database))
    with pool, queue.open():
        yield Tools(settings, pool, queue)


async def compute(context: procrastinate.JobContext, job: str) -> None:
    """Run one job to its end."""
    from .worker import run_job

    await run_job(_tools(context), UUID(job))


def notify(context: procrastinate.JobContext, job: str, member: str) -> None:
    """Tell a subscriber how a job is."""
    from .callbacks import tell_subscriber

    tell_subscriber(_tools(context), UUID(job), member)


def tables(context: procrastinate.JobContext, job: str) -> None:
    """Put a finished assessment into the tables of maps."""
    from .maps import load_job

    load_job(_tools(context), UUID(job))


def project(context: procrastinate.JobContext, job: str) -> None:
    """Write the QGIS project of a finished assessment, where QGIS is installed."""
    from .projects import make_project

    make_project(_tools(context), UUID(job))


async def rescue(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give the tasks of dead workers to living ones, and an entry to open jobs whose own has ended or comes late."""
    from .submit import queue_late, queue_lost

    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        try:
            await manager.retry_job(stalled, retry_at=AT_ONCE)
        except UniqueViolation:  # a chore of which one waits already
            await manager.finish_job(stalled, queued.Status.FAILED, delete_job=True)
        except ConnectorException as error:  # it has ended meanwhile
            log.warning("entry %s of the queue: %s", stalled.id, error)
    for mend in (queue_late, queue_lost):
        await asyncio.to_thread(mend, _tools(context))


async def tidy(context: procrastinate.JobContext, timestamp: int) -> None:
    """Delete results that have expired or belong to nobody, and old entries of the queue."""
    from .expiry import delete_expired

    await asyncio.to_thread(delete_expired, _tools(context))
    await context.app.job_manager.delete_old_jobs(nb_hours=24, include_failed=True, include_cancelled=True,
                                                  include_aborted=True)


def defer_tables(tools: Tools, id: UUID) -> None:
    """Have an assessment put into the tables of maps: its owner waits for its files only."""
    tools.queue.configure_task("tables", lock=f"tables {id}").defer(job=str(id))


def make_queue(connector: procrastinate.BaseConnector) -> procrastinate.App:
    """Return the queue over a connector: a synchronous one to put entries in, an asynchronous one to work on them."""
    app = procrastinate.App(connector=connector)
    app.task(name="compute", queue=JOBS, retry=UntilItEnds(), pass_context=True)(compute)
    app.task(name="notify", queue=CHORES, pass_context=True,
             retry=procrastinate.RetryStrategy(max_attempts=5, exponential_wait=5))(notify)
    app.task(name="tables", queue=CHORES, pass_context=True,
             retry=procrastinate.RetryStrategy(max_attempts=5, exponential_wait=5))(tables)
    app.task(name="project", queue=PROJECTS, pass_context=True,
             retry=procrastinate.RetryStrategy(max_attempts=3, wait=10))(project)
    # croniter's sixth field is the seconds.
    for function, cron in ((rescue, "* * * * * */5"), (tidy, "17 * * * *")):
        name = function.__name__
        app.periodic(cron=cron)(app.task(name=name, queue=CHORES, queueing_lock=name, pass_context=True)(function))
    return app


def _tools(context: procrastinate.JobContext) -> Tools:
    tools: Tools = context.additional_context["tools"]
    return tools
