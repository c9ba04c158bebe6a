"""How long something may take: processor time, which a busy or halted machine does not use up, and hours at most."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LONGEST = 3600
"""Seconds of the clock, after which also what only waits is said to hang."""


class HangError(BaseException):
    """It does not end; no `Exception`, so that nobody catches it."""


def patient(seconds: int) -> None:
    """End this process by a signal after so many seconds of its own processor time, or `LONGEST` of the clock."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(LONGEST)


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Raise `HangError` where what is within takes longer than `patient` allows."""
    before = [signal.signal(sent, _raise) for sent in (signal.SIGPROF, signal.SIGALRM)]
    patient(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        for sent, handler in zip((signal.SIGPROF, signal.SIGALRM), before, strict=True):
            signal.signal(sent, handler)


def _raise(number: int, frame: FrameType | None) -> None:
    raise HangError(signal.Signals(number).name)
