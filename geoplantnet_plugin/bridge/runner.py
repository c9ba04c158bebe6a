"""Runs one job in the engine and reports it to a Processing feedback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsMessageLog, QgsProcessingFeedback
from qgis.PyQt.QtCore import pyqtSignal

from ..common.jobs import as_document
from ..common.resources import ROOT
from ..i18n import tr
from .child import Child
from .events import Progress, Result, Said, parse_event
from .interpreter import Engine
from .settings import PluginSettings, data_folder

LOG_TAG = "GeoPl@ntNet"
KEPT_LOGS = 20
EXIT_CANCELLED = 3


class JobFailed(Exception):
    """The engine refused the job or broke; the text is for the user, the traceback is in the log."""


class JobCancelled(Exception):
    """The job was cancelled; what is finished can be continued."""


class StepFeedback(QgsProcessingFeedback):
    """A feedback that hears each step of a job: a `Progress` whose stage is in words."""

    step = pyqtSignal(object)


def tell_step(feedback: QgsProcessingFeedback, step: Progress) -> None:
    """Tell a step of a job, whose stage is in words, to whoever follows it."""
    if isinstance(feedback, StepFeedback):
        feedback.step.emit(step)
    feedback.setProgress(100.0 * step.share)


def run_job(engine: Engine, name: str, job: Any, feedback: QgsProcessingFeedback,
            secrets: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run the job `name` with the data class `job` (or None) and return the values of its result.

    `secrets` go into the engine's environment, where neither job nor log shows them.

    Raises:
        JobFailed: with the engine's sentence.
        JobCancelled: when `feedback` was cancelled.
    """
    log = _log_file()
    with log.open("wb") as stderr:
        return _Run(engine, feedback, log).finish(_as_line(name, job), stderr, secrets or {})


class _Run:
    """The state of one run: what the engine has said so far."""

    def __init__(self, engine: Engine, feedback: QgsProcessingFeedback, log: Path) -> None:
        self._engine = engine
        self._feedback = feedback
        self._log = log
        self._stage = ""
        self._result: Result | None = None
        self._error: Said | None = None

    def finish(self, job: str, stderr: Any, secrets: Mapping[str, str]) -> dict[str, Any]:
        command = [str(self._engine.python), "-m", "geoplantnet_plugin.engine"]
        try:
            child = Child(command, ROOT, stderr, {**PluginSettings.load().engine_environment(), **secrets})
        except OSError as error:
            raise JobFailed(tr("The engine could not be started with {python}: {reason}").format(
                python=self._engine.python, reason=error.strerror or error)) from error
        with child:
            child.send(job)
            for line in child.lines(self._feedback.isCanceled, lambda: child.send("cancel")):
                self._hear(line)
            exit_code = child.end()
        return self._conclude(exit_code)

    def _hear(self, line: str) -> None:
        event = parse_event(line)
        if isinstance(event, Progress):
            self._progress(event)
        elif isinstance(event, Result):
            self._result = event
        elif isinstance(event, Said):
            self._say(event)

    def _progress(self, event: Progress) -> None:
        text = Said("message", f"stage_{event.stage}").text
        if event.stage != self._stage:
            self._stage = event.stage
            self._feedback.setProgressText(text)
        tell_step(self._feedback, replace(event, stage=text))

    def _say(self, event: Said) -> None:
        if event.kind == "error":
            self._error = event
        elif event.kind == "warning":
            self._feedback.pushWarning(event.text)
        else:
            self._feedback.pushInfo(event.text)

    def _conclude(self, exit_code: int) -> dict[str, Any]:
        if self._result:
            return self._result.values
        if exit_code == EXIT_CANCELLED or self._feedback.isCanceled():
            raise JobCancelled
        QgsMessageLog.logMessage(self._log.read_text(encoding="utf-8", errors="replace"), LOG_TAG,
                                 Qgis.MessageLevel.Critical)
        if self._error:
            raise JobFailed(self._error.text)
        raise JobFailed(tr("The engine stopped unexpectedly (exit code {code}). What it said is in {log}.").format(
            code=exit_code, log=self._log))


def _as_line(name: str, job: Any) -> str:
    values = as_document(job) if is_dataclass(job) else {}
    return json.dumps({"job": name, **values}, default=str, ensure_ascii=False)


def _log_file() -> Path:
    folder = data_folder() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("engine-*.log"))[:-KEPT_LOGS]:
        old.unlink(missing_ok=True)
    return folder / f"engine-{datetime.now():%Y%m%dT%H%M%S-%f}.log"
