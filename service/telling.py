"""What a worker hears of its child, kept as the job's progress and log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from . import jobs
from .database import in_thread
from .names import Names
from .queue import Tools
from .steps import Stage

TELL_EVERY = 0.5
"""Seconds between two updates of a job's record."""


class Over(Exception):
    """The job has ended without this attempt: it was dismissed, and the queue told nothing of it, or not yet."""


@dataclass
class Teller:
    """Turns a child's events into the record's progress and log, not more often than `TELL_EVERY`."""

    tools: Tools
    id: UUID
    stages: dict[str, Stage]
    names: Names
    last: float = field(default=0.0, init=False)

    async def hear(self, event: dict[str, Any]) -> None:
        """Keep one event.

        Raises:
            Over: the job does not run any more.
        """
        if event["event"] == "progress":
            await self._progress(event["stage"], event["done"], event["total"])
        else:
            await in_thread(lambda: jobs.tell_event(self.tools.pool, self.id, event["event"], event["code"],
                                                     self.names.told(event["params"])))

    async def _progress(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self.last < TELL_EVERY or stage not in self.stages:
            return
        self.last = time.monotonic()
        start, end = self.stages[stage]
        percent = round(start + (end - start) * done / max(total, 1))
        if not await in_thread(lambda: jobs.tell_progress(self.tools.pool, self.id, percent, "served_stage",
                                                           {"stage": stage, "done": done, "total": total})):
            raise Over
