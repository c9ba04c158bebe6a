"""An assessment that a service computes: submitted, followed, and fetched into the same folder that a run here makes.

It is no score source: no score comes to this computer before the whole folder does.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from geoplantnet_plugin.common.errors import Cancelled
from geoplantnet_plugin.common.jobs import AssessJob, ServiceOptions
from geoplantnet_plugin.engine.assess.served_folder import GONE, Ticket, drop, fetch_results, keep, ticket_of
from geoplantnet_plugin.engine.assess.served_request import Request, request_of
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.holding import held
from geoplantnet_plugin.engine.services.http import ServiceError
from geoplantnet_plugin.engine.services.processes import AWAY, Processes, open_processes

PATIENCE = 600.0
"""Seconds for which a service may be away while its job runs."""
SOON, LATER = 0.5, 5.0
"""Seconds between two looks at a job: the longer it runs, the more."""

SERVICE_SECONDS, DOWNLOAD_SECONDS = 60.0, 5.0
"""What computing there and fetching the folder are expected to take, until their own pace is known."""



def assess_on_service(job: AssessJob, options: ServiceOptions, reporter: Reporter) -> dict[str, Any]:
    """Have `job` computed, fetch its folder into ``job.out`` and return the manifest.

    A folder that waits for the same job goes on waiting for it. When the caller asks to stop, the job is dismissed;
    when the caller is merely gone, it runs on and can be taken up again.

    Raises:
        EngineError: bad input, a service that refuses or fails, or a folder that holds something else.
        Cancelled: the caller asked to stop, or is gone.
    """
    with open_processes(options.service, options.language) as service, held(job.out, job.out):
        reporter.expect(service=SERVICE_SECONDS, download=DOWNLOAD_SECONDS)
        request = request_of(service, job, options, reporter)
        ticket = ticket_of(job.out, request.digest)
        if ticket is None or (ticket.job and not _is_known(service, ticket.job, reporter)):
            ticket = Ticket("", request.digest, key=str(uuid4()))
        if not ticket.job:
            ticket = _submit(service, request, ticket, job.out, reporter)
        status = _follow(service, ticket.job, job.out, reporter)
        fetch_results(service, status, job.out, ticket, reporter)
    reporter.message("assess_done", out=str(job.out))
    return read_document(job.out)


def fetch_job(service: Processes, job: str, out: Path, reporter: Reporter) -> None:
    """Fetch the folder of a finished job into `out`, new or begun by an earlier fetch of it.

    Raises:
        EngineError: the job is not finished, or `out` holds something else.
    """
    status = service.status(job)
    if status["status"] != "successful":
        reason = str(status.get("message", status["status"]))
        raise ServiceError("service_not_finished", host=service.host, reason=reason)
    address = service.job_address(job)
    with held(out, out):
        ticket = ticket_of(out, address) or Ticket(address, address)
        fetch_results(service, status, out, ticket, reporter)
    reporter.message("assess_done", out=str(out))


def _submit(service: Processes, request: Request, ticket: Ticket, out: Path, reporter: Reporter) -> Ticket:
    """Have the job made. The request's key is kept first: sent again with it, it finds the job that it has made."""
    reporter.message("service_leaves", host=service.host, vertices=request.vertices)
    keep(out, ticket)
    try:
        ticket = replace(ticket, job=_accepted(service, request, ticket.key, reporter))
    except ServiceError as error:
        if error.code not in AWAY:
            drop(out)
        raise
    keep(out, ticket)
    reporter.message("service_submitted", host=service.host, job=ticket.job.rsplit("/", 1)[-1])
    return ticket


def _accepted(service: Processes, request: Request, key: str, reporter: Reporter) -> str:
    """Return the address of the job that the service accepts, later if it says so or its answer was lost."""
    waited, lost = 0.0, 0
    while True:
        try:
            return service.submit("assess", request.inputs, key)
        except ServiceError as error:
            lost += error.code in AWAY
            wait = _pause_before(service, error)
            if wait is None or lost == service.fetcher.settings.attempts or waited + wait > PATIENCE:
                raise
            reporter.message("service_later", wait=f"{wait:g}", reason=str(error))
        _wait(wait, reporter)
        waited += wait


def _pause_before(service: Processes, error: ServiceError) -> float | None:
    """Return the seconds before the same request may be sent again, None where it may not."""
    if error.params.get("status") == 429:  # nothing was done, and it will be done later
        return max(1.0, float(error.params.get("wait") or 0))
    return LATER if error.code in AWAY and service.takes_keys("assess") else None


def _is_known(service: Processes, job: str, reporter: Reporter) -> bool:
    """Whether the service still has a job that may become, or is, a result."""
    try:
        known = service.status(job)["status"] in ("accepted", "running", "successful")
    except ServiceError as error:
        if error.params.get("status") not in GONE and error.code != "service_not_found":
            raise
        known = False
    reporter.message("service_continued" if known else "service_job_gone", host=service.host)
    return known


def _follow(service: Processes, job: str, out: Path, reporter: Reporter) -> dict[str, Any]:
    """Return the status of a job once it is successful."""
    waited, place = 0.0, None
    while True:
        status = _patient_status(service, job, reporter)
        state = status["status"]
        if state == "successful":
            return status
        if state not in ("accepted", "running"):
            drop(out)
            raise ServiceError("service_job_failed", host=service.host, reason=str(status.get("message", state)))
        if state == "running":
            reporter.progress("service", int(status.get("progress") or 0), 100)
        elif status.get("queuePosition") not in (None, place):
            place = status["queuePosition"]
            reporter.message("service_waiting", host=service.host, position=place)
        pause = min(LATER, SOON + waited / 20)
        _pause(service, job, out, pause, reporter)
        waited += pause


def _patient_status(service: Processes, job: str, reporter: Reporter) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return service.status(job)
        except ServiceError as error:
            if error.code not in AWAY or time.monotonic() > deadline:
                raise
        _wait(LATER, reporter)


def _pause(service: Processes, job: str, out: Path, seconds: float, reporter: Reporter) -> None:
    try:
        _wait(seconds, reporter)
    except Cancelled:
        if not reporter.left():
            service.dismiss(job)
            drop(out)
            reporter.message("service_dismissed", host=service.host)
        raise


def _wait(seconds: float, reporter: Reporter) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        reporter.checkpoint()
        time.sleep(0.1)
    reporter.checkpoint()
