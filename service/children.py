"""Processes that belong to another one: begun again when they end by themselves, and stopped with it."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)
STOP_SECONDS = 15
PAUSE = 2.0
"""Seconds before a process that ended by itself is begun again."""


@dataclass
class Child:
    """A process that is begun again when it ends by itself, and stopped with its parent."""

    name: str
    command: list[str]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> Child:
        """Start it and watch it."""
        threading.Thread(target=self._watch, daemon=True, name=self.name).start()
        return self

    def kill(self) -> None:
        """Kill it (SIGKILL); it is begun again."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
            process.wait()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            with self.log.open("ab") as output:
                self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
                code = self._process.wait()
            if not self._stopping.is_set():
                log.warning("%s ended with exit code %d; see %s", self.name, code, self.log)
                self._stopping.wait(PAUSE)
