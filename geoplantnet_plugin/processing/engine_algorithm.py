"""The base of algorithms that run jobs of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from ..bridge.interpreter import EngineMissing, find_engine
from ..bridge.runner import JobCancelled, JobFailed, run_job
from .base import Algorithm, Values


class EngineAlgorithm(Algorithm):
    """Says what to do where there is no engine, and turns what goes wrong in it into sentences."""

    def canExecute(self) -> tuple[bool, str]:
        """Return whether there is an engine, and what to do when there is none."""
        try:
            find_engine()
        except EngineMissing as missing:
            return False, str(missing)
        return True, ""

    def run_engine(self, name: str, job: Any, feedback: QgsProcessingFeedback,
                   secrets: Mapping[str, str] | None = None) -> Values | None:
        """Run a job (`secrets`: see `run_job`) and return the values of its result; None when it was cancelled."""
        try:
            return run_job(find_engine(), name, job, feedback, secrets)
        except JobCancelled:
            return None
        except (EngineMissing, JobFailed) as error:
            raise QgsProcessingException(str(error)) from error
