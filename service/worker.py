"""One job in a worker: an engine child is run for it, and its record kept true."""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
from typing import Any
from uuid import UUID

from geoplantnet_plugin.common.errors import EngineError

from . import jobs
from .callbacks import defer_notices
from .child import PASSING, Busy, held, run_engine
from .database import in_thread, patiently
from .folders import JobFolder
from .jobs import DISMISSED, FAILED, SUCCESSFUL, Record
from .names import Names
from .queue import Again, Tools
from .steps import STEPS
from .telling import Over, Teller

log = logging.getLogger(__name__)


async def run_job(tools: Tools, id: UUID) -> None:
    """Run one job to its end: *successful*, *failed* with a sentence, or dismissed.

    Raises:
        Again: this attempt failed, and another may succeed.
    """
    folder = JobFolder(tools.settings.results, id)
    try:
        await _hold(tools, id, folder)
    except Over:
        await in_thread(lambda: _forget_dismissed(tools, id, folder))
    except asyncio.CancelledError:
        await asyncio.to_thread(_leave, tools, id, folder)
        raise


async def _hold(tools: Tools, id: UUID, folder: JobFolder) -> None:
    """Make an attempt at a job, unless another worker is at it."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        with held(folder.lock) as lock:
            await _attempt(tools, await _begin(tools, id), folder, lock)
    except Busy as error:
        raise Again from error
    except OSError as error:  # of the folder: an attempt is counted by hand
        log.exception("job %s: its folder", id)
        record = await _begin(tools, id)
        await _again_or_fail(tools, record, *_sentence(tools, record, folder, error))


async def _begin(tools: Tools, id: UUID) -> Record:
    record = await in_thread(lambda: jobs.begin(tools.pool, id))
    if record is None:
        raise Over
    return record


async def _attempt(tools: Tools, record: Record, folder: JobFolder, lock: int) -> None:
    """Make one attempt. What goes wrong in this process is no fault of the request, which was checked before."""
    if record.attempt > tools.settings.attempts:
        await _fail(tools, record.id, "served_crashed", {"attempts": tools.settings.attempts})
        return
    try:
        await _compute(tools, record, folder, lock)
    except (Again, Over):
        raise
    except Exception as error:
        log.exception("job %s: attempt %d", record.id, record.attempt)
        await _again_or_fail(tools, record, *_sentence(tools, record, folder, error))


async def _compute(tools: Tools, record: Record, folder: JobFolder, lock: int) -> None:
    await in_thread(lambda: defer_notices(tools, record, "inProgressUri"))
    step = STEPS[record.process]
    names = Names.of(tools.settings, folder)
    teller = Teller(tools, record.id, step.stages, names)
    job = await in_thread(lambda: step.prepare(tools, record, folder))
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
    await in_thread(lambda: step.keep(tools, record, folder))
    await _succeed(tools, record, folder)


async def _succeed(tools: Tools, record: Record, folder: JobFolder) -> None:
    size = await in_thread(folder.size)
    await _end(tools, record.id, "successUri", SUCCESSFUL, "served_successful", {}, size)


async def _end(tools: Tools, id: UUID, member: str, status: str, code: str, params: dict[str, Any],
               size: int = 0) -> None:
    """End a job and tell its subscriber.

    Raises:
        Over: it was dismissed before.
    """
    await in_thread(lambda: jobs.finish(tools.pool, id, status, code, params, size))
    record = await in_thread(lambda: jobs.read(tools.pool, id))
    # Not what `finish` returns: where its answer was lost with the database, it is done twice.
    if record is None or record.status != status:
        raise Over
    await in_thread(lambda: defer_notices(tools, record, member))
    log.info("job %s: %s", id, status)


async def _again_or_fail(tools: Tools, record: Record, code: str, params: dict[str, Any]) -> None:
    log.warning("job %s: attempt %d ended with %s", record.id, record.attempt, code)
    if record.attempt < tools.settings.attempts:
        raise Again(code)
    await _fail(tools, record.id, code, params)


async def _fail(tools: Tools, id: UUID, code: str, params: dict[str, Any]) -> None:
    await _end(tools, id, "failedUri", FAILED, code, params)


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
    """Stop with the worker, which costs a job neither its parts nor an attempt, or because the job was dismissed."""
    if not patiently(lambda: jobs.give_back(tools.pool, id)):
        patiently(lambda: _forget_dismissed(tools, id, folder))


def _forget_dismissed(tools: Tools, id: UUID, folder: JobFolder) -> None:
    """Delete what a dismissed job has made; what is over in another way stays."""
    record = jobs.read(tools.pool, id)
    if record is None or record.status == DISMISSED:
        shutil.rmtree(folder.path, ignore_errors=True)
