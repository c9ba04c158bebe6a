"""A child process that talks in lines: started with a clean environment, read without busy-waiting, always ended."""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import IO

from .proxy import proxy_environment

POLL_SECONDS = 0.1
CANCEL_GRACE_SECONDS = 1.5
END_GRACE_SECONDS = 0.4

_DROPPED = {"PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHONSTARTUP", "PYTHONSAFEPATH", "__PYVENV_LAUNCHER__",
            "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PIP_USER", "PIP_TARGET",
            "VIRTUAL_ENV"}
_DROPPED_PREFIXES = ("PROJ_", "GDAL_", "QT_")


def clean_environment() -> dict[str, str]:
    """Return the environment without what QGIS's launchers set for its own Python and libraries, with its proxy."""
    kept = {key: value for key, value in os.environ.items()
            if key.upper() not in _DROPPED and not key.upper().startswith(_DROPPED_PREFIXES)}
    return {**kept, **proxy_environment(), "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


class Child:
    """A running child process; use it as a context manager, which leaves no process behind.

    Its standard output is read by a thread of its own, so that the caller can look up for a cancelled feedback
    while the child is silent. Its standard input stays open: an engine whose parent died sees it end.
    """

    def __init__(self, command: Sequence[str], cwd: Path, stderr: IO[bytes] | int,
                 environment: Mapping[str, str] | None = None) -> None:
        # A list, no shell, and an interpreter that the person chose or the plugin built.
        self._process = subprocess.Popen(  # nosec B603
            list(command), cwd=cwd, env={**clean_environment(), **(environment or {})}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=stderr, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=True)
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The process number of the child."""
        return self._process.pid

    def send(self, line: str) -> None:
        """Write one line to the child; a child that has already ended is left alone."""
        with suppress(OSError, ValueError):  # a pipe that broke, or was closed
            self._process.stdin.write(line.encode("utf-8") + b"\n")
            self._process.stdin.flush()

    def lines(self, cancelled: Callable[[], bool], on_cancel: Callable[[], None]) -> Iterator[str]:
        """Yield the child's lines until it closes its output.

        When `cancelled` turns true `on_cancel` is called once; a child that does not end within
        `CANCEL_GRACE_SECONDS` is stopped.
        """
        deadline = None
        while True:
            if deadline is None and cancelled():
                on_cancel()
                deadline = time.monotonic() + CANCEL_GRACE_SECONDS
            if deadline is not None and time.monotonic() > deadline:
                self._stop()
            try:
                line = self._lines.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if line is None:
                return
            yield line

    def end(self) -> int:
        """Close the child's input, wait for it, stop it if it lingers, and return its exit code."""
        with suppress(OSError):
            self._process.stdin.close()
        try:
            return self._process.wait(CANCEL_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return self._stop()

    def _stop(self) -> int:
        self._signal("SIGTERM")
        try:
            return self._process.wait(END_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal("SIGKILL")
            return self._process.wait()

    def _signal(self, name: str) -> None:
        """Signal the child and what it has started itself (pip does); on Windows, stop the child."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, getattr(signal, name))
        else:
            self._process.kill()

    def _read(self) -> None:
        with self._process.stdout as stream:
            for line in stream:
                self._lines.put(line.decode("utf-8", errors="replace").rstrip("\r\n"))
        self._lines.put(None)
