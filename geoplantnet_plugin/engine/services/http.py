"""Asking hosts: keep-alive connections, limits, retries, and one sentence for each thing that goes wrong.

Nothing here shows an address with a query: the query may hold a key.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn

import requests

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.services.deadline import DeadlineAdapter, deadline
from geoplantnet_plugin.engine.services.settings import HttpSettings

MEGABYTE = 1_000_000
JSON_LIMIT = 64 * MEGABYTE
"""A collection of 10,000 items is about 2 MB; a document larger than this is not a catalogue."""

_BUSY = (429, 502, 503, 504)
"""Answers that ask to come back later."""

_REDIRECTS = (301, 302, 303, 307, 308)

_PIECE = 64 * 1024


class _HideQueries(logging.Filter):
    """urllib3 logs the addresses it asks at level DEBUG; their queries may hold a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_HideQueries())


class ServiceError(EngineError):
    """A service that cannot be used as asked."""


@dataclass(frozen=True)
class Answer:
    """What a host said: the `status` is 200, 206, 304, or one that the caller named as acceptable.

    `total` is the size of the whole file in bytes when a span of it was asked for; `location` where the host says that
    what was asked for can be found.
    """

    url: str
    status: int
    body: bytes
    etag: str
    modified: str
    content_type: str
    total: int | None
    location: str = ""

    @property
    def validator(self) -> str:
        """What tells one version of the file from another, "" when the host says nothing."""
        return self.etag or self.modified


class Fetcher:
    """Asks the hosts it may ask, from as many threads as wanted.

    At most `settings.connections` requests are under way; a host that says "later" is left alone by all
    threads for as long as it asked.
    """

    def __init__(self, settings: HttpSettings, hosts: frozenset[str]) -> None:
        self.settings = settings
        self.requests = 0
        self.bytes = 0
        self._hosts = hosts
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._not_before: dict[str, float] = {}
        self._sessions: dict[str, requests.Session] = {}

    def stop(self) -> None:
        """Let every waiting thread end with `Cancelled`."""
        self._stopped.set()

    def close(self) -> None:
        """Close all connections."""
        self.stop()
        with self._lock:
            for session in self._sessions.values():
                session.close()

    def get(self, url: str, limit: int, span: tuple[int, int] | None = None,
            headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None,
            accept: tuple[int, ...] = ()) -> Answer:
        """Return the answer to a GET, tried again with growing pauses while the host is busy.

        Args:
            url: an http(s) address without query.
            limit: bytes that the answer may have at most.
            span: first byte and the byte after the last, to ask for a part of a file.
            headers: more headers.
            query: parameters of the address; they are never shown.
            accept: status codes besides 200, 206 and 304 that are an answer, not a fault.

        Raises:
            ServiceError: one code per fault (``service_…``).
            Cancelled: `stop` was called.
        """
        sent = {"Accept-Encoding": "identity" if span else "gzip, deflate", **(headers or {})}
        if span:
            sent["Range"] = f"bytes={span[0]}-{span[1] - 1}"
        for attempt in range(1, self.settings.attempts + 1):
            try:
                return self._follow(url, limit, span, sent, query, accept)
            except _Later as later:
                if attempt == self.settings.attempts:
                    raise later.error from None
                self._pause(_host(url), later, attempt)
        raise AssertionError("at least one attempt")

    def send(self, method: str, url: str, limit: int, document: Mapping[str, Any] | None = None,
             headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer (200 or 201) to a POST or DELETE, asked once: the caller knows what a second one would do.

        Raises:
            ServiceError: one code per fault (``service_…``).
            Cancelled: `stop` was called.
        """
        body = None if document is None else json.dumps(document).encode()
        sent = {**(headers or {}), **({"Content-Type": "application/json"} if body is not None else {})}
        self._check_host(url)
        try:
            with self._ask(url, sent, None, method, body) as response:
                return self._answer(url, response, limit, None, (201,))
        except _Later as later:
            raise later.error from None

    def _follow(self, url: str, limit: int, span: tuple[int, int] | None, headers: Mapping[str, str],
                query: Mapping[str, str] | None, accept: tuple[int, ...]) -> Answer:
        for _ in range(self.settings.redirects + 1):
            self._check_host(url)
            response = self._ask(url, headers, query)
            with response:
                if response.status_code not in _REDIRECTS:
                    return self._answer(url, response, limit, span, accept)
                url = self._target(url, response.headers.get("Location", ""))
        raise ServiceError("service_redirects", host=_host(url), count=self.settings.redirects)

    @staticmethod
    def _target(url: str, location: str) -> str:
        """Where a redirect leads; a secure connection is not left, and a repeated query would show itself."""
        target = joined_address(url, location).partition("?")[0]
        if url.startswith("https:") and not target.startswith("https:"):
            raise ServiceError("service_tls", host=_host(target))
        return target

    def _check_host(self, url: str) -> None:
        parts = split_address(url)
        if parts.scheme not in ("http", "https") or _host(url) not in self._hosts:
            raise ServiceError("service_other_host", host=_host(url) or parts.scheme, allowed=sorted(self._hosts))

    def _ask(self, url: str, headers: Mapping[str, str], query: Mapping[str, str] | None, method: str = "GET",
             body: bytes | None = None) -> requests.Response:
        host = _host(url)
        self._wait_until(self._not_before.get(host, 0.0))
        session, timeouts = self._session(url), (self.settings.connect_timeout, self.settings.read_timeout)
        with self._lock:
            self.requests += 1
        try:
            with deadline(self.settings.deadline, self._stopped):
                return session.request(method, url, headers=dict(headers), params=dict(query) if query else None,
                                       data=body, timeout=timeouts, stream=True, allow_redirects=False)
        except (requests.RequestException, OSError) as error:
            self._fail(host, error)

    def _answer(self, url: str, response: requests.Response, limit: int, span: tuple[int, int] | None,
                accept: tuple[int, ...]) -> Answer:
        status = response.status_code
        if status not in (200, 206, 304, *accept):
            self._refuse(url, response)
        if span and status == 200:
            raise ServiceError("service_no_ranges", host=_host(url), file=_name(url))
        body = self._body(url, response, limit)
        if span and status == 206:
            _check_span(url, response, span, body)
        return Answer(url, status, body, response.headers.get("ETag", ""),
                      response.headers.get("Last-Modified", ""),
                      response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), _total(response),
                      response.headers.get("Location", ""))

    def _body(self, url: str, response: requests.Response, limit: int) -> bytes:
        pieces, size = [], 0
        try:
            with deadline(self.settings.deadline, self._stopped):
                for piece in response.iter_content(_PIECE):
                    size += len(piece)
                    if size > limit:
                        raise ServiceError("service_too_large", host=_host(url), file=_name(url),
                                           limit=limit / MEGABYTE)
                    pieces.append(piece)
        except (requests.RequestException, OSError) as error:
            self._fail(_host(url), error)
        with self._lock:
            self.bytes += size
        return b"".join(pieces)

    def _refuse(self, url: str, response: requests.Response) -> NoReturn:
        status, host, wait = response.status_code, _host(url), _retry_after(response)
        said = _said(response)
        # What a service says of its own refusal is better than what the number says.
        told = ServiceError("service_says", host=host, status=status, said=said, wait=round(wait or 0))
        if said and status not in _BUSY:
            raise told
        if status in _BUSY:
            code = "service_quota" if status == 429 else "service_down"
            error = told if said and status == 429 else ServiceError(code, host=host, status=status,
                                                                    wait=round(wait or 0))
            if wait is not None and wait > self.settings.longest_wait:
                raise error
            raise _Later(error, wait)
        if status >= 500:
            raise _Later(ServiceError("service_down", host=host, status=status, wait=0), None)
        codes = {401: "service_key", 403: "service_forbidden", 404: "service_not_found", 413: "service_too_much"}
        raise ServiceError(codes.get(status, "service_unexpected"), host=host, status=status, file=_name(url))

    def _fail(self, host: str, error: Exception) -> NoReturn:
        """Turn what the network did into one of our sentences; the original may hold an address with a key."""
        self._check_stopped()
        if isinstance(error, requests.exceptions.SSLError):
            raise ServiceError("service_tls", host=host) from None
        if isinstance(error, requests.exceptions.ProxyError):
            raise ServiceError("service_proxy", host=host) from None
        if isinstance(error, (requests.Timeout, TimeoutError)) or "timed out" in str(error):
            raise _Later(ServiceError("service_slow", host=host, seconds=self.settings.deadline), None) from None
        if isinstance(error, requests.exceptions.ContentDecodingError):
            raise ServiceError("service_broken_answer", host=host) from None
        broken = isinstance(error, requests.exceptions.ChunkedEncodingError)
        code = "service_broken_answer" if broken else "service_unreachable"
        raise _Later(ServiceError(code, host=host), None) from None

    def _pause(self, host: str, later: _Later, attempt: int) -> None:
        seconds = later.wait if later.wait is not None else self.settings.backoff * 2 ** (attempt - 1)
        end = time.monotonic() + min(seconds, self.settings.longest_wait)
        if later.wait is not None:
            with self._lock:
                self._not_before[host] = max(end, self._not_before.get(host, 0.0))
        self._wait_until(end)

    def _wait_until(self, end: float) -> None:
        self._check_stopped()
        left = end - time.monotonic()
        if left > 0:
            self._stopped.wait(left)
            self._check_stopped()

    def _check_stopped(self) -> None:
        if self._stopped.is_set():
            raise Cancelled

    def _session(self, url: str) -> requests.Session:
        """The session of a host. The environment is looked at once, not at every request."""
        host = _host(url)
        with self._lock:
            if host not in self._sessions:
                session = requests.Session()
                session.proxies.update(requests.utils.get_environ_proxies(url))
                session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
                session.trust_env = False
                session.headers["User-Agent"] = self.settings.user_agent
                session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                adapter = DeadlineAdapter(self.settings.connections)
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                self._sessions[host] = session
            return self._sessions[host]


class _Later(Exception):
    """The host may answer if it is asked again; `error` is what to say when it does not."""

    def __init__(self, error: ServiceError, wait: float | None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


def _host(url: str) -> str:
    return split_address(url).netloc.rpartition("@")[2].lower()


def _name(url: str) -> str:
    return split_address(url).path.rpartition("/")[2]


def _retry_after(response: requests.Response) -> float | None:
    """Seconds from a Retry-After header: a number or a date (RFC 9110, 10.2.3)."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())


def _said(response: requests.Response) -> str:
    """The sentence of a problem document (RFC 9457), "" without one."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/problem+json":
        return ""
    try:
        document = json.loads(next(response.iter_content(_PIECE), b"{}"))
        return str(document.get("detail") or document.get("title") or "")[:1000]
    except (ValueError, AttributeError, requests.RequestException, OSError):
        return ""


def _total(response: requests.Response) -> int | None:
    """The size of the whole file: from ``Content-Range: bytes 0-99/1234``."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else None


def _check_span(url: str, response: requests.Response, span: tuple[int, int], body: bytes) -> None:
    """A part of a file is what was asked for, or shorter only because the file ends."""
    total = _total(response)
    wanted = span[1] - span[0] if total is None else min(span[1], total) - span[0]
    start = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    if len(body) != wanted or start != str(span[0]):
        raise _Later(ServiceError("service_truncated", host=_host(url), file=_name(url)), None)
