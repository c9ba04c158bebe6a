"""A proxy before a real service, which does to its answers what networks, other versions and worn-out servers do.

Standard library only: the tests in QGIS's Python use it too.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Heard:
    """An answer of the real service on its way to the client."""

    status: int
    headers: dict[str, str]
    body: bytes
    length: int | None = None
    """What ``Content-Length`` says, where that is not the truth."""


Change = Callable[[Callable[[], Heard]], "Heard | None"]
"""A fault: it may ask the real service, and gives what the client hears; None cuts the connection."""


def answers(status: int, kind: str, body: bytes, **headers: str) -> Change:
    """Answer without asking."""
    return lambda ask: Heard(status, {"Content-Type": kind, **headers}, body)


def says(status: int, detail: str = "", retry_after: int | None = None) -> Change:
    """Refuse, with a sentence of the service's own or with a page of some proxy's."""
    more = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if not detail:
        return answers(status, "text/html", b"<h1>Oops</h1>", **more)
    return answers(status, "application/problem+json",
                   json.dumps({"type": "about:blank", "detail": detail}).encode(), **more)


def cut(ask: Callable[[], Heard]) -> None:
    """Hang up without a word, as a server that is restarted does."""


def lost(ask: Callable[[], Heard]) -> None:
    """Let the service hear and answer, and the client hear nothing of it."""
    ask()


def slow(ask: Callable[[], Heard]) -> None:
    """Take longer than the client waits."""
    time.sleep(2.5)


def short(ask: Callable[[], Heard]) -> Heard:
    """Send half of the body and hang up."""
    heard = ask()
    return Heard(heard.status, heard.headers, heard.body[:len(heard.body) // 2], len(heard.body))


def spoilt(ask: Callable[[], Heard]) -> Heard:
    """Send other bytes of the same length."""
    heard = ask()
    return Heard(heard.status, heard.headers, bytes(len(heard.body)))


def other(change: Callable[[Any], Any]) -> Change:
    """Answer as another version would: `change` makes another document of it, in place or anew."""
    def changed(ask: Callable[[], Heard]) -> Heard:
        heard = ask()
        document = json.loads(heard.body)
        made = change(document)
        return Heard(heard.status, heard.headers, json.dumps(document if made is None else made).encode())
    return changed


@dataclass
class Proxy:
    """The proxy; the first of `faults` (method and path as a pattern, change, how often) that fits is used."""

    service: str
    faults: list[tuple[str, Change, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def change_for(self, request: str) -> Change | None:
        """Return what happens to a request, and count it."""
        self.asked.append(request)
        for number, (pattern, change, times) in enumerate(self.faults):
            if times and re.fullmatch(pattern, request):
                self.faults[number] = (pattern, change, times - 1)
                return change
        return None

    def ask(self, handler: BaseHTTPRequestHandler, sent: bytes) -> Heard:
        """Return what the real service answers, as if it were at the proxy's address."""
        connection = HTTPConnection(urlsplit(self.service).netloc, timeout=300)
        try:
            headers = {name: value for name, value in handler.headers.items() if name.lower() != "host"}
            connection.request(handler.command, handler.path, sent or None, headers)
            answer = connection.getresponse()
            body = answer.read()
            kept = {name: value.replace(self.service, self.address) for name, value in answer.getheaders()
                    if name.lower() not in ("content-length", "transfer-encoding", "connection")}
        finally:
            connection.close()
        if "json" in kept.get("Content-Type", ""):
            body = body.replace(self.service.encode(), self.address.encode())
        return Heard(answer.status, kept, body)


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy

    def do_GET(self) -> None:
        change = self.proxy.change_for(f"{self.command} {self.path}")
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heard = change(lambda: self.proxy.ask(self, sent)) if change else self.proxy.ask(self, sent)
        self.close_connection = True
        if heard is None:
            return
        self.send_response(heard.status)
        for name, value in heard.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(heard.body) if heard.length is None else heard.length))
        self.end_headers()
        self.wfile.write(heard.body)

    do_POST = do_DELETE = do_GET

    def log_message(self, *_: object) -> None: ...


@contextmanager
def proxied(service: str) -> Iterator[Proxy]:
    """Run a proxy before the service at an address."""
    proxy = Proxy(service)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy}))
    proxy.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
