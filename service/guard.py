"""Who may do what: bearer tokens, or the same as a password for browsers and GIS; and a log without secrets."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from .database import Pool
from .problems import Problem
from .tokens import READ, RUN, Caller, caller_of

log = logging.getLogger(__name__)
OPEN_PATHS = ("/", "/health", "/conformance", "/openapi", "/processes")
"""What says nothing of anybody: the service's own description."""
REALM = 'Bearer realm="geoplantnet", Basic realm="geoplantnet (the token is the password)"'
LANGUAGES = ("en", "fr")
PAGES = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
"""What a page may load (Content-Security-Policy): no script, and nothing from elsewhere."""


def guard(app: Flask, pool: Pool) -> None:
    """Let `app` ask every request for its token and log how it was answered."""

    @app.before_request
    def identify() -> None:
        g.begun = time.monotonic()
        g.caller = _caller(pool)
        if g.caller is None and not _is_open():
            raise Problem(401, "served_no_token_given")
        needed = READ if request.method in ("GET", "HEAD", "OPTIONS") else RUN
        if g.caller is not None and needed not in g.caller.scopes:
            raise Problem(403, "served_scope", scope=needed)
        if request.method == "POST" and request.mimetype != "application/json":
            # A web page of someone else can send forms and plain text, but no JSON.
            raise Problem(415, "served_not_json")

    @app.after_request
    def record(response: Response) -> Response:
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = REALM
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = PAGES
        # Only the rule is logged: a path may hold an id, a query an area.
        log.info("request", extra={"data": {
            "method": request.method, "rule": str(request.url_rule or "–"), "status": response.status_code,
            "ms": round(1000 * (time.monotonic() - g.get("begun", time.monotonic())), 1),
            "owner": getattr(g.get("caller"), "owner", None)}})
        return response


def caller() -> Caller:
    """Return who asks."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise Problem(401, "served_no_token_given")
    return found


def language() -> str:
    """Return the language in which the client reads sentences."""
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def _caller(pool: Pool) -> Caller | None:
    given = request.authorization
    if given is None:
        return None
    token = given.token if given.type == "bearer" else given.password if given.type == "basic" else None
    found = caller_of(pool, token) if token else None
    if found is None:
        raise Problem(401, "served_bad_token")
    return found


def _is_open() -> bool:
    path = request.path.rstrip("/") or "/"
    return request.method in ("GET", "HEAD") and (path in OPEN_PATHS or path.startswith(("/processes/", "/static/")))
