"""A transport for requests whose answers end: a peer that sends a byte a second is not waited for.

The timeouts of requests bound each silence, not the whole answer. Here sockets are read through a reader that
also keeps an overall deadline, for the headers as for the body, and hears within `TICK` that nobody waits any more.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_thread = threading.local()

TICK = 0.25
"""Seconds between two looks, during a silence, at whether the request was stopped."""


@contextmanager
def deadline(seconds: float, stopped: threading.Event) -> Iterator[None]:
    """End every read of this thread's request with `TimeoutError` once `seconds` have passed or `stopped` is set."""
    _thread.limits = (time.monotonic() + seconds, stopped)
    try:
        yield
    finally:
        _thread.limits = None


class _Reader(io.RawIOBase):
    """The reading end of a socket, within the thread's deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._silence = sock.gettimeout()
        self._file = sock.makefile("rb", buffering=0)  # keeps the socket open as long as its answer is read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        limits = getattr(_thread, "limits", None)
        if limits is None:
            return self._file.readinto(buffer)
        end, stopped = limits
        if self._silence is not None:
            end = min(end, time.monotonic() + self._silence)
        while not stopped.is_set() and (left := end - time.monotonic()) > 0:
            self._sock.settimeout(min(left, TICK))
            with suppress(TimeoutError):
                return self._sock.recv_into(buffer)
        raise TimeoutError("the answer took too long")

    def close(self) -> None:
        self._file.close()
        super().close()


class _Socket:
    """What ``http.client`` asks of a socket it reads an answer from."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock))


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Socket(sock), *args, **kwargs)  # type: ignore[arg-type]


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class DeadlineAdapter(HTTPAdapter):
    """An adapter whose pool holds at most `connections` connections to a host and lets others wait."""

    def __init__(self, connections: int) -> None:
        super().__init__(pool_connections=connections, pool_maxsize=connections, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
