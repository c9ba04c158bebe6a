"""Who hears a job: a person at a terminal, a program on the other end of a pipe, the manifest."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.pace import Pace

GRACE_SECONDS = 10.0
"""How long a job whose parent has died may take to finish the block in hand."""


class JsonReporter(Reporter):
    """Writes every event as one JSON line; progress tells the share of the whole job and the seconds left."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._pace, self._pace_lock = Pace(), threading.Lock()
        self._cancelled = threading.Event()
        self._left = threading.Event()

    def emit(self, event: str, **fields: Any) -> None:
        """Write one event; a reader that has gone away is no reason to fail."""
        line = json.dumps({"event": event, **fields}, ensure_ascii=False, default=_plain)
        with self._lock:
            try:
                self._out.write(line + "\n")
                self._out.flush()
            except (BrokenPipeError, ValueError):
                self._cancelled.set()

    def progress(self, stage: str, done: int, total: int) -> None:
        with self._pace_lock:
            outlook = self._pace.at(stage, done, total)
        self.emit("progress", stage=stage, done=done, total=total, share=round(outlook.share, 4),
                  left=round(outlook.left, 1))

    def expect(self, **seconds: float) -> None:
        with self._pace_lock:
            self._pace.expect(seconds)

    def message(self, code: str, **params: Any) -> None:
        self.emit("message", code=code, params=params)

    def warning(self, code: str, **params: Any) -> None:
        self.emit("warning", code=code, params=params)

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def left(self) -> bool:
        return self._left.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at the next strip."""
        self._cancelled.set()

    def listen(self, source: IO[str]) -> None:
        """Obey the line ``cancel`` from `source` and end with it: its end means that the parent died."""
        threading.Thread(target=self._listen, args=(source,), daemon=True).start()

    def _listen(self, source: IO[str]) -> None:
        for line in source:
            if line.strip() == "cancel":
                self.cancel()
        if not self.cancelled():
            self._left.set()
        self.cancel()
        timer = threading.Timer(GRACE_SECONDS, os._exit, (3,))
        timer.daemon = True
        timer.start()


class TerminalReporter(Reporter):
    """Shows a person sentences and a progress bar, on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""
        self._cancelled = threading.Event()

    def progress(self, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=render(f"stage_{stage}", {}), unit="", leave=False,
                             disable=not sys.stderr.isatty())
        self._bar.update(done - self._bar.n)

    def message(self, code: str, **params: Any) -> None:
        self._say(render(code, params, typed=True))

    def warning(self, code: str, **params: Any) -> None:
        self._say(render("warning", {"text": render(code, params, typed=True)}))

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at the next strip."""
        self._cancelled.set()

    def close(self) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.close()

    def _say(self, text: str) -> None:
        from tqdm import tqdm

        tqdm.write(text, file=sys.stderr)


@dataclass
class Recorder(Reporter):
    """Passes everything on to `audience` and keeps the warnings for the manifest."""

    audience: Reporter
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def progress(self, stage: str, done: int, total: int) -> None:
        self.audience.progress(stage, done, total)

    def expect(self, **seconds: float) -> None:
        self.audience.expect(**seconds)

    def message(self, code: str, **params: Any) -> None:
        self.audience.message(code, **params)

    def warning(self, code: str, **params: Any) -> None:
        self.warnings.append({"text": render(code, params), "code": code, "params": _plain_params(params)})
        self.audience.warning(code, **params)

    def cancelled(self) -> bool:
        return self.audience.cancelled()


@dataclass
class Quiet(Reporter):
    """Says nothing and stops when `audience` asks to."""

    audience: Reporter

    def cancelled(self) -> bool:
        return self.audience.cancelled()


def _plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(params, default=_plain))
    return plain


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
