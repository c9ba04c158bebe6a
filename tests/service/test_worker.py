"""What befalls a job in its worker and is no fault of the request: tried again, and in the end one sentence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from filelock import FileLock
from served import Running, assess_inputs, small_area

from service import jobs
from service.child import held
from service.database import in_thread, migrate
from service.folders import JobFolder
from service.jobs import Record
from service.queue import Again, Tools, open_tools
from service.settings import read_settings
from service.steps import is_complete
from service.submit import Request, queue_late, submit
from service.tokens import Caller
from service.worker import _leave, run_job


@pytest.fixture
def tools(service: Running, tmp_path: Path) -> Iterator[Tools]:
    """Give the tools of a service on a database of its own, which no worker serves."""
    settings = read_settings(service.folder / "settings.toml")
    name = f"idle{uuid4().hex}"
    with psycopg.connect(settings.database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    own = replace(settings, database=settings.database.replace("dbname=geoplantnet", f"dbname={name}"),
                  results=tmp_path / "results")
    migrate(own.database)
    with open_tools(own) as made:
        yield made


@pytest.fixture
def job(tools: Tools) -> Record:
    """Return an accepted job."""
    return submit(tools, Caller("me", frozenset(("run",))),
                  Request("assess", "Here", assess_inputs(small_area()), 687, "en", None, None))


def attempt(tools: Tools, job: Record) -> Record:
    asyncio.run(run_job(tools, job.id))
    return found(tools, job)


def found(tools: Tools, job: Record) -> Record:
    record = jobs.read(tools.pool, job.id)
    assert record is not None
    return record


def test_a_folder_that_is_in_use_is_another_attempts(tools: Tools, job: Record) -> None:
    folder = JobFolder(tools.settings.results, job.id)
    folder.assessment.mkdir(parents=True)
    with FileLock(folder.assessment / ".lock"), pytest.raises(Again):
        attempt(tools, job)
    assert (found(tools, job).status, found(tools, job).attempt) == ("running", 1)
    assert (attempt(tools, job).status, found(tools, job).attempt) == ("successful", 2)


def test_a_folder_that_cannot_be_made_fails_after_all_attempts(tools: Tools, job: Record) -> None:
    tools.settings.results.write_text("a file")
    for _ in range(tools.settings.attempts - 1):
        with pytest.raises(Again):
            attempt(tools, job)
    assert (attempt(tools, job).status, found(tools, job).code) == ("failed", "served_no_folder")


def test_a_cube_that_is_offered_no_more_is_named(tools: Tools, job: Record) -> None:
    without = replace(tools, settings=replace(tools.settings, cubes={}, attempts=1))
    assert (attempt(without, job).status, found(tools, job).code) == ("failed", "served_not_on_cube")


def test_a_report_on_an_assessment_that_is_gone_meanwhile_says_so(tools: Tools) -> None:
    report = submit(tools, Caller("me", frozenset(("run",))),
                    Request("report", "", {"assessment": str(uuid4())}, 0, "en", None, None))
    once = replace(tools, settings=replace(tools.settings, attempts=1))
    assert (attempt(once, report).status, found(tools, report).code) == ("failed", "served_not_finished")


def test_a_worker_whose_clock_is_wrong_puts_nothing_off(tools: Tools, job: Record) -> None:
    """It is an hour ahead, and tries again five seconds later."""
    with tools.pool.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour 5 seconds'")
        queue_late(tools)
        assert connection.execute("SELECT FROM procrastinate_jobs WHERE scheduled_at <= now()").fetchall()


def test_who_still_works_on_a_job_keeps_it(tools: Tools, job: Record) -> None:
    """A worker that was taken for dead: others come back later, and no attempt is counted."""
    folder = JobFolder(tools.settings.results, job.id)
    folder.path.mkdir(parents=True)
    with held(folder.lock), pytest.raises(Again):
        attempt(tools, job)
    assert (found(tools, job).status, found(tools, job).attempt) == ("accepted", 0)


MOMENTS = {"when it begins": "UPDATE OF attempt ON service.job", "in its last moment": "INSERT ON procrastinate_jobs"}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_dismissed_job_leaves_nothing_though_the_queue_says_nothing(tools: Tools, job: Record, moment: str) -> None:
    """The child is stopped where it tells its progress; where it has told its last, the result is not kept."""
    with tools.pool.connection() as connection:
        connection.execute("CREATE FUNCTION dismissed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                           "UPDATE service.job SET status = 'dismissed'; RETURN NULL; END $$")
        connection.execute(f"CREATE TRIGGER now AFTER {moment} FOR EACH ROW EXECUTE FUNCTION dismissed()".encode())
    assert attempt(tools, job).status == "dismissed"
    assert not JobFolder(tools.settings.results, job.id).path.exists()


def test_a_job_that_is_dismissed_before_its_worker_begins_gets_no_folder(tools: Tools, job: Record) -> None:
    jobs.dismiss(tools.pool, job.id)
    assert attempt(tools, job).status == "dismissed"
    assert not JobFolder(tools.settings.results, job.id).path.exists()


def test_what_is_finished_stays_when_its_worker_is_stopped_or_begins_it_again(tools: Tools, job: Record) -> None:
    """The worker is stopped, or the database restarted, between the record's last word and the queue's."""
    folder = JobFolder(tools.settings.results, job.id)
    assert attempt(tools, job).status == "successful"
    _leave(tools, job.id, folder)
    assert attempt(tools, job).status == "successful"
    assert is_complete(folder)


def test_a_stopped_job_waits_for_what_it_writes() -> None:
    """Else its folder would be another worker's while a thread of this one still writes into it."""
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def write() -> None:
        begun.set()
        may_end.wait()
        ended.set()

    async def stopped() -> None:
        writing = asyncio.ensure_future(in_thread(write))
        await asyncio.to_thread(begun.wait)
        writing.cancel()
        await asyncio.sleep(0.1)
        assert not writing.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert ended.is_set()

    asyncio.run(stopped())
