"""Work on what may be hostile, such as a stranger's model: in a child process with limits of memory and time, or, where
that is not possible, in this one with a limit of memory.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter

Answer = TypeVar("Answer")
SECONDS = 300.0
"""The longest that a look at a model may take."""
MEMORY = 5 * 1024**3 // 2
"""Bytes of address space beyond what the process has when it begins."""
LISTENING = 0.2
STATM = Path("/proc/self/statm")
"""What Linux says of this process' memory, in pages: all addresses first, its data sixth."""


def limited(work: Callable[..., Answer], *arguments: Any, reporter: Reporter, seconds: float = SECONDS) -> Answer:
    """Return what a function of a module gives, called in a process of its own; both must be able to be pickled.

    Raises:
        EngineError: what the function raises; ``limit_time``, ``limit_memory``, or ``limit_crashed`` where it ends
            without a word.
        OSError: what the function raises.
        Cancelled: within a moment, whatever the function does.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(there, work, arguments), daemon=True)
    child.start()
    there.close()
    try:
        answer = _wait(here, seconds, reporter)
    finally:
        child.kill()
        child.join()
        here.close()
    if isinstance(answer, _Refused):
        raise EngineError(answer.code, **answer.params)
    if isinstance(answer, OSError):
        raise answer
    return answer  # type: ignore[no-any-return]


class _Refused:
    """An `EngineError`, which cannot be pickled itself."""

    def __init__(self, code: str, params: dict[str, Any]) -> None:
        self.code = code
        self.params = params


def _wait(answers: Connection, seconds: float, reporter: Reporter) -> Any:
    end = time.monotonic() + seconds
    while not answers.poll(LISTENING):
        reporter.checkpoint()
        if time.monotonic() > end:
            raise EngineError("limit_time", seconds=seconds)
    try:
        return answers.recv()
    except EOFError as error:
        raise EngineError("limit_crashed") from error


def _work(answers: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which a terminal sends to all: the parent ends this one
    _limit_memory()
    try:
        answer: Any = work(*arguments)
    except EngineError as error:
        answer = _Refused(error.code, {key: _plain(value) for key, value in error.params.items()})
    except OSError as error:
        answer = error
    except MemoryError:
        answer = _Refused("limit_memory", {"memory": f"{MEMORY / 1024**3:g} GB"})
    with suppress(BrokenPipeError):  # the parent was stopped meanwhile
        answers.send(answer)


@contextmanager
def at_most(memory: int | None) -> Iterator[None]:
    """Refuse this process more than `memory` bytes beyond what it has, in all its threads, while the block runs.

    Of blocks in several threads the first one's limit holds. Whoever asks for more gets a `MemoryError` or what a
    library makes of it. No limit for None, on Windows and on macOS.
    """
    if memory is None or not STATM.exists():
        yield
        return
    _bound.enter(memory)
    try:
        yield
    finally:
        _bound.leave()


class _Bound:
    """The limit of data, which unlike that of addresses counts what is written to only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = (-1, -1)

    def enter(self, memory: int) -> None:
        import resource

        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._before = resource.getrlimit(resource.RLIMIT_DATA)
                wanted = int(STATM.read_text(encoding="ascii").split()[5]) * resource.getpagesize() + memory
                bounds = [wanted, *(limit for limit in self._before if limit != resource.RLIM_INFINITY)]
                resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), self._before[1]))

    def leave(self) -> None:
        import resource

        with self._lock:
            self._inside -= 1
            if not self._inside:
                resource.setrlimit(resource.RLIMIT_DATA, self._before)


_bound = _Bound()


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, tuple)) else str(value)


def _limit_memory() -> None:
    """Bound the address space where the system can (not on Windows; macOS takes no notice)."""
    try:
        import resource

        used = int(STATM.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    except (ImportError, OSError, ValueError):
        pass
