"""The HTTP server: how many it hears at once, and what it refuses before the application hears of it."""

from __future__ import annotations

import json

from flask import Flask
from waitress import serve
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from .problems import HTTP, MEDIA_TYPE, Problem
from .settings import Settings

THREADS = 16
CONNECTIONS = 800
"""Open at once, those that send nothing included; below the 1,024 files that a process may commonly have open."""
SECONDS = 30
"""For which a connection may be silent."""


class ProblemTask(ErrorTask):  # type: ignore[misc]
    """Refuses what is too large or no HTTP, in the exception format of the standard."""

    def execute(self) -> None:
        """Answer."""
        error = self.request.error
        problem = Problem(error.code, HTTP.get(error.code, "served_refused"), reason=error.reason)
        body = json.dumps(problem.document("en")).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", MEDIA_TYPE))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class ProblemChannel(HTTPChannel):  # type: ignore[misc]
    """One client's connection."""

    error_task_class = ProblemTask


def listen(app: Flask, settings: Settings) -> None:
    """Serve until a signal ends it."""
    TcpWSGIServer.channel_class = ProblemChannel
    serve(app, host=settings.host, port=settings.port, threads=THREADS, ident="geoplantnet",
          max_request_body_size=settings.limits.body_bytes + 1, channel_timeout=SECONDS,
          connection_limit=CONNECTIONS, asyncore_use_poll=True)
