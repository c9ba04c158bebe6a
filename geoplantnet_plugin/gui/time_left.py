"""How far a run has come, in words: the stage, what is done of it, the time it still takes."""

from __future__ import annotations

import time

from ..i18n import tr
from .area_size import time_text

LEAST_SECONDS = 3.0
"""Sooner than this after the beginning of a stage nothing is said of its end."""


class TimeLeft:
    """Listens to the steps of a run."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = 0.0
        self._first = 0

    def text(self, stage: str, done: int, total: int) -> str:
        """Return the step as a line of text."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._first = stage, now, done
        line = tr("{stage}: {done} of {total}").format(stage=stage, done=f"{done:,}", total=f"{total:,}")
        spent, finished = now - self._began, done - self._first
        if spent < LEAST_SECONDS or finished <= 0 or done >= total:
            return line
        return tr("{line}, about {time} left in this step").format(
            line=line, time=time_text(spent * (total - done) / finished))
