"""What the engine says, one data class an event."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Union

from ..common.messages import render
from ..i18n import language


@dataclass(frozen=True)
class Progress:
    """`done` of `total` units of `stage` are finished (0: not known).

    `share` is what is done of the whole job, 0–1, `left` the seconds that it still takes.
    """

    stage: str
    done: int
    total: int
    share: float
    left: float


@dataclass(frozen=True)
class Said:
    """A message, warning or error (`kind`): a code of the catalogue with its parameters."""

    kind: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the language of QGIS."""
        return render(self.code, self.params, language())


@dataclass(frozen=True)
class Result:
    """The job's result; its shape depends on the job."""

    values: dict[str, Any]


Event = Union[Progress, Said, Result]


def parse_event(line: str) -> Event | None:
    """Return the event of one line of the engine's output, None when the line is no event."""
    try:
        values = json.loads(line)
        kind = values.pop("event")
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
    if kind == "progress":
        return Progress(str(values["stage"]), int(values["done"]), int(values["total"]), float(values["share"]),
                        float(values["left"]))
    if kind in ("message", "warning", "error"):
        return Said(kind, str(values["code"]), dict(values.get("params") or {}))
    return Result(values) if kind == "result" else None
