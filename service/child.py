"""One engine child a job: begun, heard, and surely ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geoplantnet_plugin.engine.commands.line import BAD_INPUT, DONE

GRACE = 2.0
"""Seconds between the polite word and the end of a child."""
PASSING = ("system_refused", "out_in_use", "out_gone")
"""What the engine says of this computer, not of its input: another attempt may find it otherwise."""
LINE = 16 * 1024**2
"""Bytes of the longest event."""


class Busy(Exception):
    """Another worker, or the child it left behind, still works on the job."""


@dataclass
class Ending:
    """How a child ended: its exit code, its result, and the code and parameters of its error."""

    exit_code: int
    result: dict[str, Any] = field(default_factory=dict)
    error: tuple[str, dict[str, Any]] | None = None

    @property
    def done(self) -> bool:
        """Whether the job is finished."""
        return self.exit_code == DONE

    @property
    def refused(self) -> bool:
        """Whether doing it again would end in the same way."""
        return self.exit_code == BAD_INPUT and self.error is not None and self.error[0] not in PASSING


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Hold the lock file of a job and give its descriptor: a child that inherits it holds the lock as well.

    Raises:
        Busy: it is held already.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy from error
        yield descriptor
    finally:
        os.close(descriptor)


async def run_engine(job: Mapping[str, Any], log: Path, lock: int,
                     hear: Callable[[dict[str, Any]], Awaitable[None]]) -> Ending:
    """Run the engine on `job`, `hear` each of its events and return how it ended.

    Whatever ends this coroutine ends the child.
    """
    ending = Ending(-1)
    with log.open("ab") as errors:
        # A group of its own is killed whole. A session of its own would undo the worker's courtesy (nice): Linux shares
        # its processors out between sessions first (sched(7), autogroup).
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "geoplantnet_plugin.engine", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=errors, limit=LINE, pass_fds=(lock,), process_group=0)
    try:
        _write(child, json.dumps(job))
        async for line in child.stdout:  # type: ignore[union-attr]
            event = json.loads(line)
            if event["event"] == "error":
                ending.error = (event["code"], event["params"])
            elif event["event"] == "result":
                ending.result = event
            else:
                await hear(event)
        ending.exit_code = await child.wait()
    finally:
        await _end(child)
    return ending


def _write(child: asyncio.subprocess.Process, line: str) -> None:
    if child.stdin and not child.stdin.is_closing():
        child.stdin.write(line.encode() + b"\n")


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    _write(child, "cancel")
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(child.wait(), GRACE)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
