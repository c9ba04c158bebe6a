"""What the service says when it refuses: one sentence, in the exception format of OGC API – Processes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import render

TYPES = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
NO_PROCESS, NO_JOB, NOT_READY = (f"{TYPES}/{name}" for name in ("no-such-process", "no-such-job", "result-not-ready"))
MEDIA_TYPE = "application/problem+json"
HTTP = {404: "served_no_page", 405: "served_method", 413: "served_body_large"}
"""What is said where nothing but the status is known."""


class Problem(EngineError):
    """A refusal: an HTTP `status`, and a code with parameters that say it in a sentence.

    `kind` is the exception type that the standard names for it, if any; `retry_after` seconds may pass before the same
    request can succeed.
    """

    def __init__(self, status: int, code: str, kind: str = "about:blank", retry_after: int = 0, **params: Any) -> None:
        super().__init__(code, **params)
        self.status = status
        self.kind = kind
        self.retry_after = retry_after

    @classmethod
    def of(cls, status: int, error: EngineError) -> Problem:
        """Return the refusal that says what the engine says, whatever its parameters are called."""
        problem = cls(status, error.code)
        problem.params = error.params
        return problem

    def document(self, language: str) -> dict[str, object]:
        """Return the exception as the client gets it."""
        return {"type": self.kind, "title": HTTPStatus(self.status).phrase, "status": self.status,
                "detail": render(self.code, self.params, language), "code": self.code}

    def headers(self) -> dict[str, str]:
        """Return what goes with it."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}
