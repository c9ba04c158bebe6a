"""The folder that waits for a service: which job it waits for, and the files that come into it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import COMPLETE, MANIFEST, SERVICE_TICKET
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.base.holding import is_own
from geoplantnet_plugin.engine.services.download import RemoteFile, download, forget
from geoplantnet_plugin.engine.services.http import ServiceError
from geoplantnet_plugin.engine.services.processes import Processes

GONE = (404, 410)
"""What is said of a job or a result that is there no longer."""


@dataclass(frozen=True)
class Ticket:
    """The `job` (its address) that was submitted with inputs of this `digest`, and the `files` that come from it.

    The address is blank while no answer has come; `key` is the name of the request then, by which it is known again.
    """

    job: str
    digest: str
    files: tuple[str, ...] = ()
    key: str = ""


def ticket_of(out: Path, digest: str) -> Ticket | None:
    """Return what an unfinished folder waits for, None where it is empty.

    Raises:
        EngineError: it holds something else.
    """
    path = out / SERVICE_TICKET
    if path.is_file():
        ticket = Ticket(**json.loads(path.read_text(encoding="utf-8")))
        if ticket.digest != digest:
            raise EngineError("out_other_job", out=out)
        return ticket
    if (out / MANIFEST).is_file() and read_document(out).get("state") == COMPLETE:
        raise EngineError("out_complete", out=out)
    if any(not is_own(entry.name) for entry in out.iterdir()):
        raise EngineError("out_not_empty", out=out)
    return None


def keep(out: Path, ticket: Ticket) -> None:
    """Note what a folder waits for."""
    with writing(out / SERVICE_TICKET) as temporary:
        temporary.write_text(json.dumps(asdict(ticket)), encoding="utf-8")


def drop(out: Path) -> None:
    """Let a folder wait no more."""
    (out / SERVICE_TICKET).unlink(missing_ok=True)


def fetch_results(service: Processes, status: dict[str, Any], out: Path, ticket: Ticket, reporter: Reporter) -> None:
    """Bring the files of a successful job into `out`, the manifest last: a folder with one is whole.

    Raises:
        ServiceError: the service fails, or sends something else than it lists. Where it has the results no longer,
            nothing of them is kept here either.
        Cancelled: the caller asked to stop; what is there is kept.
    """
    try:
        listed = [RemoteFile.of(service, entry) for entry in service.files(status)]
        if MANIFEST not in {file.name for file in listed}:
            raise ServiceError("service_no_files", host=service.host)
        ticket = replace(ticket, files=tuple(file.name for file in listed))
        keep(out, ticket)
        _bring(service, listed, out, reporter)
    except ServiceError as error:
        if error.params.get("status") in GONE:
            forget(ticket.files, out)
            drop(out)
        raise
    drop(out)


def _bring(service: Processes, listed: list[RemoteFile], out: Path, reporter: Reporter) -> None:
    total, done = sum(file.size for file in listed), 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        reporter.progress("download", done, total)
        reporter.checkpoint()

    for file in sorted(listed, key=lambda file: file.name == MANIFEST):
        download(service, file, out, tell)
