"""One job in a worker: an engine child is run for it, and its record kept true."""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from geoplantnet_plugin.common.errors import EngineError

from . import jobs
from .callbacks import defer_notices
from .child import PASSING, Busy, held, run_engine
from .database import patiently
from .folders import JobFolder
from .jobs import FAILED, SUCCESSFUL, Record
from .names import Names
from .queue import Again, Tools
from .steps import STEPS, Stage

log = logging.getLogger(__name__)
TELL_EVERY = 0.5
"""Seconds between two updates of a job's record."""


async def run_job(tools: Tools, id: UUID) -> None:
    """Run one job to its end: *successful*, *failed* with a sentence, or dismissed.

    Raises:
        Again: this attempt failed, and another may succeed.
    """
    folder = JobFolder(tools.settings.results, id)
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        with held(folder.lock) as lock:
            record = await _in_thread(lambda: jobs.begin(tools.pool, id))
            if record is not None:
                await _attempt(tools, record, folder, lock)
    except Busy as error:
        raise Again from error
    except asyncio.CancelledError:
        await asyncio.to_thread(_leave, tools, id, folder)
        raise
    except OSError as error:  # of the folder: an attempt is counted by hand
        log.exception("job %s: its folder", id)
        record = await _in_thread(lambda: jobs.begin(tools.pool, id))
        if record is not None:
            await _again_or_fail(tools, record, *_sentence(tools, record, folder, error))


async def _attempt(tools: Tools, record: Record, folder: JobFolder, lock: int) -> None:
    """Make one attempt. What goes wrong in this process is no fault of the request, which was checked before."""
    if record.attempt > tools.settings.attempts:
        await _fail(tools, record.id, "served_crashed", {"attempts": tools.settings.attempts})
        return
    try:
        await _compute(tools, record, folder, lock)
    except Again:
        raise
    except Exception as error:
        log.exception("job %s: attempt %d", record.id, record.attempt)
        await _again_or_fail(tools, record, *_sentence(tools, record, folder, error))


async def _compute(tools: Tools, record: Record, folder: JobFolder, lock: int) -> None:
    await _in_thread(lambda: defer_notices(tools, record, "inProgressUri"))
    step = STEPS[record.process]
    names = Names.of(tools.settings, folder)
    teller = Teller(tools, record.id, step.stages, names)
    job = await _in_thread(lambda: step.prepare(tools, record, folder))
    # A worker that died after its child's last word left a whole folder: what is left is to keep it.
    if not step.is_done(folder):
        ending = await run_engine(job, folder.log, lock, teller.hear)
        code, params = ending.error or ("", {})
        if ending.refused:
            await _fail(tools, record.id, *_told(code, names.told(params)))
            return
        if not ending.done:
            log.warning("job %s: exit code %d, %s %s", record.id, ending.exit_code, code, params)
            told = (code, names.told(params)) if code in PASSING else _crashed(record)
            await _again_or_fail(tools, record, *told)
            return
    await _in_thread(lambda: step.keep(tools, record, folder))
    await _succeed(tools, record, folder)


async def _succeed(tools: Tools, record: Record, folder: JobFolder) -> None:
    size = await _in_thread(folder.size)
    if await _in_thread(lambda: jobs.finish(tools.pool, record.id, SUCCESSFUL, "served_successful", {}, size)):
        await _in_thread(lambda: defer_notices(tools, record, "successUri"))
        log.info("job %s: successful", record.id)


async def _again_or_fail(tools: Tools, record: Record, code: str, params: dict[str, Any]) -> None:
    log.warning("job %s: attempt %d ended with %s", record.id, record.attempt, code)
    if record.attempt < tools.settings.attempts:
        raise Again(code)
    await _fail(tools, record.id, code, params)


async def _fail(tools: Tools, id: UUID, code: str, params: dict[str, Any]) -> None:
    if await _in_thread(lambda: jobs.finish(tools.pool, id, FAILED, code, params)):
        record = await _in_thread(lambda: jobs.read(tools.pool, id))
        if record:
            await _in_thread(lambda: defer_notices(tools, record, "failedUri"))
        log.info("job %s: failed, %s", id, code)


def _told(code: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return what the client is told of the engine's refusal: a full disk here is nothing that he can mend."""
    return ("served_disk_full", {}) if code == "disk_full" else (code, params)


def _sentence(tools: Tools, record: Record, folder: JobFolder, error: Exception) -> tuple[str, dict[str, Any]]:
    """Return what the client is told where the last attempt ends with `error`."""
    if isinstance(error, EngineError):
        return _told(error.code, Names.of(tools.settings, folder).told(error.params))
    if not isinstance(error, OSError):
        return _crashed(record)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "served_disk_full", {}
    return "served_no_folder", {"reason": error.strerror or type(error).__name__}


def _crashed(record: Record) -> tuple[str, dict[str, Any]]:
    return "served_crashed", {"attempts": record.attempt}


def _leave(tools: Tools, id: UUID, folder: JobFolder) -> None:
    """Delete what a dismissed job has made; a job whose worker is stopped loses neither its parts nor an attempt."""
    if not patiently(lambda: jobs.give_back(tools.pool, id)):
        shutil.rmtree(folder.path, ignore_errors=True)


async def _in_thread(action: Callable[[], Any]) -> Any:
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


@dataclass
class Teller:
    """Turns a child's events into the record's progress and log, not more often than `TELL_EVERY`."""

    tools: Tools
    id: UUID
    stages: dict[str, Stage]
    names: Names
    last: float = field(default=0.0, init=False)

    async def hear(self, event: dict[str, Any]) -> None:
        """Keep one event."""
        if event["event"] == "progress":
            await self._progress(event["stage"], event["done"], event["total"])
        else:
            await _in_thread(lambda: jobs.tell_event(self.tools.pool, self.id, event["event"], event["code"],
                                                     self.names.told(event["params"])))

    async def _progress(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self.last < TELL_EVERY or stage not in self.stages:
            return
        self.last = time.monotonic()
        start, end = self.stages[stage]
        percent = round(start + (end - start) * done / max(total, 1))
        if not await _in_thread(lambda: jobs.tell_progress(self.tools.pool, self.id, percent, "served_stage",
                                                           {"stage": stage, "done": done, "total": total})):
            # Dismissed, and the queue did not tell: it had taken this worker for dead.
            raise asyncio.CancelledError
