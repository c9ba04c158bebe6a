"""A transport for requests whose answers end: a peer that sends a byte a second is not waited for.

The timeouts of requests bound each silence, not the whole answer. Here sockets are read through a reader that
also keeps an overall deadline, for the headers as for the body.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_thread = threading.local()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End every read of this thread's request with `TimeoutError` once `seconds` have passed."""
    _thread.end = time.monotonic() + seconds
    try:
        yield
    finally:
        _thread.end = None


class _Reader(io.RawIOBase):
    """The reading end of a socket, within the thread's deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._silence = sock.gettimeout()
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        end = getattr(_thread, "end", None)
        if end is not None:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(left if self._silence is None else min(left, self._silence))
        return self._file.readinto(buffer)

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
