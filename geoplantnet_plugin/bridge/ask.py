"""Short questions to the engine, outside Processing: nothing is computed or written for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsProcessingFeedback

from .interpreter import find_engine
from .runner import run_job


def ask(name: str, question: Any, stopped: Callable[[], bool]) -> dict[str, Any]:
    """Return the engine's answer; call it in a worker thread.

    Raises:
        EngineMissing, JobFailed, JobCancelled: see `run_job`.
    """
    feedback = _Stoppable(False)
    feedback.stopped = stopped
    return run_job(find_engine(), name, question, feedback)


class _Stoppable(QgsProcessingFeedback):
    """A feedback that is cancelled when somebody else says so."""

    stopped: Callable[[], bool]

    def isCanceled(self) -> bool:
        """Whether the answer is no longer wanted."""
        return self.stopped()
