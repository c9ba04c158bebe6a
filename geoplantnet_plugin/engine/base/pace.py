"""How far a whole job has come and how long it still takes, from stages of very different length."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TRUSTED_SECONDS = 1.0
"""A stage that has run so long foretells its own end; before that, what was expected of it does."""

MOST = 0.99
"""A job that still says something is not finished."""


@dataclass(frozen=True)
class Outlook:
    """The `share` of the job that is done, 0–1, which never falls, and the seconds that are `left`."""

    share: float
    left: float


class Pace:
    """Follows the stages of one job.

    The share is elapsed ÷ (elapsed + left). What is left of a stage under way is told by its own pace, of one to come
    by what is expected of it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._expected: dict[str, float] = {}
        self._firsts: dict[str, tuple[float, int]] = {}
        self._left: dict[str, float] = {}
        self._share = 0.0

    def expect(self, seconds: Mapping[str, float]) -> None:
        """Expect these stages, in their order, to take so many seconds; replaces what was expected before."""
        self._expected = dict(seconds)
        self._left = {stage: self._left.get(stage, expected) for stage, expected in seconds.items()
                      if stage not in self._firsts}

    def at(self, stage: str, done: int, total: int) -> Outlook:
        """Return the outlook when `done` of `total` units of `stage` are finished."""
        now = self._clock()
        began, first = self._firsts.setdefault(stage, (now, done))
        if done < first:  # a stage that comes again, such as the maps of the next strip
            began, first = self._firsts[stage] = now, done
        self._left[stage] = self._left_of(stage, now - began, done, total, done - first)
        self._pass_by(stage)
        elapsed, left = now - self._began, sum(self._left.values())
        if now - began >= TRUSTED_SECONDS or done >= total or self._expected.get(stage):
            self._share = min(max(self._share, elapsed / max(elapsed + left, 1e-9)), MOST)
        return Outlook(self._share, left)

    def _left_of(self, stage: str, spent: float, done: int, total: int, finished: int) -> float:
        if total <= 0:
            return self._expected.get(stage, 0.0)
        if done >= total:
            return 0.0
        if spent >= TRUSTED_SECONDS and finished > 0:
            return spent * (total - done) / finished
        return self._expected.get(stage, 0.0) * (total - done) / total

    def _pass_by(self, stage: str) -> None:
        """What was expected before a stage that is under way, and never came, is not left any more."""
        order = list(self._expected)
        for earlier in order[:order.index(stage)] if stage in order else ():
            if earlier not in self._firsts:
                self._left.pop(earlier, None)
