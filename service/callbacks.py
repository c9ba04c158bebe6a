"""Callbacks: a subscriber's addresses are told how a job is, if their hosts are allowed."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import requests

from . import jobs
from .jobs import Record
from .problems import Problem
from .queue import Tools
from .settings import Settings
from .status import results_document, status_info

MEMBERS = {"successUri": jobs.SUCCESSFUL, "inProgressUri": jobs.RUNNING, "failedUri": jobs.FAILED}
SECONDS = 10


def check_subscriber(settings: Settings, subscriber: dict[str, str] | None) -> None:
    """Refuse addresses of hosts that are not in `callback_hosts`.

    Raises:
        Problem: 400.
    """
    for uri in (subscriber or {}).values():
        try:
            scheme, host = urlsplit(uri)[:2]
        except ValueError:  # such as http://[::1
            scheme, host = "", ""
        if scheme not in ("http", "https") or host not in settings.callback_hosts:
            raise Problem(400, "served_callback_host", host=host[:60] or uri[:60])


def defer_notices(tools: Tools, record: Record, member: str) -> None:
    """Let a subscriber be told, if there is one who wants to know of this."""
    if not (record.subscriber or {}).get(member):
        return
    tools.queue.configure_task("notify").defer(job=str(record.id), member=member)


def tell_subscriber(tools: Tools, id: UUID, member: str) -> None:
    """Post the results of a successful job, or the status of another, to one address; redirects are not followed.

    Raises:
        requests.RequestException: it does not take it now; the queue tries again.
    """
    record = jobs.read(tools.pool, id)
    if record is None or record.subscriber is None:
        return
    body = (results_document(tools.settings, record) if member == "successUri"
            else status_info(tools.settings, record))
    answer = requests.post(record.subscriber[member], json=body, timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
