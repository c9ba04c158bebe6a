"""The server itself: HTTP/1.1 with keep-alive, ranges, validators, latency and faults on demand."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.server import api, stac, wms
from tests.server.faults import STATUS, Fault
from tests.server.miniature import COUNTRIES, MAP_CRS, Country, Species, geotiff

MODIFIED = "Mon, 01 Jan 2024 00:00:00 GMT"
GARBAGE = b"\x00garbage\xff" * 2000
"""A file that is no raster."""


@dataclass(frozen=True)
class Request:
    """What was asked, when (monotonic seconds) and over which connection (the client's port).

    `query` is the part of the address after ``?``.
    """

    path: str
    query: str
    headers: Mapping[str, str]
    time: float
    connection: int


@dataclass
class Server:
    """A running server; `address` is its origin.

    `latency` in seconds; `copies` is how often each species is listed; `edition` changes the validators of all maps;
    with a `certificate` (PEM, key included) it speaks HTTPS. `rasters` are GeoTIFFs by path, `answers` make a JSON
    document of a query; `sent` counts the bytes of all bodies.
    """

    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    edition: int = 1
    copies: int = 1
    extra: dict[str, bytes] = field(default_factory=dict)
    rasters: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Callable[[Mapping[str, str]], Any]] = field(default_factory=dict)
    sent: int = 0
    certificate: Path | None = None
    most_at_once: int = 0
    _at_once: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True,
                                                    do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05},
                                        daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self._http.server_address[1]}"

    @property
    def catalogue(self) -> str:
        return self.address + stac.CATALOGUE

    @cached_property
    def maps(self) -> dict[str, tuple[Country, Species]]:
        """File name → country and species."""
        return {stac.map_name(country, species): (country, species)
                for country in COUNTRIES for species in stac.with_copies(country, self.copies)}

    @cached_property
    def documents(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Path → maker of the STAC document."""
        folder = stac.CATALOGUE.rpartition("/")[0]
        found: dict[str, Callable[[], dict[str, Any]]] = {stac.CATALOGUE: stac.catalogue}
        for country in COUNTRIES:
            found[f"{folder}/{country.name}/collection.json"] = partial(stac.collection, country, self.copies)
            for species in stac.with_copies(country, self.copies):
                path = f"{folder}/{country.name}/{stac.item_name(country, species)}.json"
                found[path] = partial(stac.item, country, species, self.address)
        return found

    def fail(self, pattern: str, kind: str, times: int | None = None, value: str = "") -> Fault:
        """Make the paths that match `pattern` fail."""
        fault = Fault(pattern, kind, times, value)
        self.faults.append(fault)
        return fault

    @contextlib.contextmanager
    def counted(self) -> Any:
        """Counts the requests being answered at the same time."""
        with self.lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self.lock:
                self._at_once -= 1

    def stop(self) -> None:
        """Stop serving; the port answers no more."""
        self._http.shutdown()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        state = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    state: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: `Server.requests` keeps what was asked."""

    def do_HEAD(self) -> None:
        self._serve(body=False)

    def do_GET(self) -> None:
        self._serve(body=True)

    def _serve(self, body: bool) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        with self.state.lock:
            self.state.requests.append(Request(path, parts.query, dict(self.headers), time.monotonic(),
                                               self.client_address[1]))
            fault = next((fault for fault in self.state.faults if fault.strikes(path)), None)
        with self.state.counted():
            time.sleep(self.state.latency)
            if fault and self._fault(fault):
                return
            self._content(path, dict(parse_qsl(parts.query)), fault.kind if fault else "", body)

    def _content(self, path: str, query: Mapping[str, str], fault: str, body: bool) -> None:
        if path.startswith("/v2/"):
            self._api(path.removeprefix("/v2"), query, fault)
        elif path == wms.WMS or path.startswith(wms.TILES):
            status, content, kind = wms.answer(path, query, self.state.address)
            self._send(status, content, kind, fault=fault)
        elif path in self.state.extra:
            self._file(self.state.extra[path], "application/json", "", fault, body)
        elif path in self.state.rasters:
            self._file(self.state.rasters[path], "image/tiff", "", fault, body)
        elif path in self.state.answers:
            self._send(200, json.dumps(self.state.answers[path](query)).encode(), "application/json", fault=fault)
        elif path in self.state.documents:
            content = json.dumps(self.state.documents[path]()).encode()
            self._file(content, "application/json", "", fault, body)
        elif path.startswith(stac.MAPS) and path.rpartition("/")[2] in self.state.maps:
            country, species = self.state.maps[path.rpartition("/")[2]]
            crs = "EPSG:32632" if fault == "wrong-crs" else MAP_CRS
            content = geotiff(country, replace(species, copy=0), crs)
            self._file(content, "image/tiff", f"{path}-{self.state.edition}", fault, body)
        else:
            self._send(404, b"not found", "text/plain")

    def _api(self, path: str, query: Mapping[str, str], fault: str) -> None:
        try:
            status, content = 200, api.answer(path, query)
        except api.ApiError as error:
            status, content = error.status, error.content
        self._send(status, json.dumps(content).encode(), "application/json", fault=fault)

    def _file(self, content: bytes, kind: str, version: str, fault: str, body: bool) -> None:
        tag = '"' + hashlib.sha256(version.encode() or content).hexdigest()[:16] + '"'
        headers = {"ETag": tag, "Last-Modified": MODIFIED, "Accept-Ranges": "bytes"}
        if self.headers.get("If-None-Match") == tag:
            self._send(304, b"", kind, headers)
            return
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not span or fault == "no-ranges":
            self._send(200, content, kind, headers, body, fault)
            return
        start = int(span[1])
        stop = min(len(content), int(span[2]) + 1 if span[2] else len(content))
        if start >= len(content):
            self._send(416, b"", kind, {"Content-Range": f"bytes */{len(content)}"})
            return
        if fault == "short-range":
            stop = start + (stop - start) // 2
        total = 2 * len(content) if fault == "liar" else len(content)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
        self._send(206, content[start:stop], kind, headers, body, fault)

    def _fault(self, fault: Fault) -> bool:
        """Answer with the fault; False when it only changes the regular answer."""
        kind = fault.kind
        if kind in STATUS:
            headers = {"Retry-After": fault.value} if fault.value else {}
            self._send(STATUS[kind], b'{"message": "as asked"}', "application/json", headers)
        elif kind == "html":
            self._send(200, b"<!DOCTYPE html><html><body>Maintenance</body></html>", "text/html")
        elif kind in ("redirect", "redirect-loop"):
            self._send(302, b"", "text/plain", {"Location": fault.value or self.path})
        elif kind == "garbage":
            self._file(GARBAGE, "image/tiff", "", "", body=True)
        elif kind == "huge":
            self._pour(100_000_000)
        elif kind in ("slow-loris", "slow-header"):
            self._drip(kind)
        elif kind == "reset":
            self.close_connection = True
            self.connection.close()
        else:
            return False
        return True

    def _pour(self, size: int) -> None:
        self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                b"Content-Length: %d\r\n\r\n" % size)
        with contextlib.suppress(OSError):
            for _ in range(size // 100_000):
                self.connection.sendall(b" " * 100_000)
        self.close_connection = True

    def _drip(self, kind: str) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
        if "Range" in self.headers:
            head = (b"HTTP/1.1 206 Partial Content\r\nContent-Type: image/tiff\r\nContent-Length: 1000\r\n"
                    b"Content-Range: bytes 0-999/300000\r\n")
        self.connection.sendall(head if kind == "slow-header" else head + b"\r\n{")
        with contextlib.suppress(OSError):
            for _ in range(600):
                time.sleep(0.1)
                self.connection.sendall(b"X-Filler: a\r\n" if kind == "slow-header" else b" ")
        self.close_connection = True

    def _send(self, status: int, content: bytes, kind: str, headers: Mapping[str, str] | None = None,
              body: bool = True, fault: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            with self.state.lock:
                self.state.sent += len(content)
            self.wfile.write(content[:len(content) // 2] if fault == "truncated" else content)
        self.wfile.flush()
        if fault == "truncated":
            self.close_connection = True
