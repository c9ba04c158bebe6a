"""In what two assessments were made differently, and what of them can still be compared. Standard library only.

Panel, algorithm and command line say it with the same sentences of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .messages import Message

ALIGNED = 1e-6
SHOWN_DIGEST = 19
"""``sha256:`` and twelve digits tell two models of one name and version apart."""


@dataclass(frozen=True)
class Made:
    """How an assessment was made. `rule` is a sentence, or the message that says it; `left`, `top` in the CRS's units.

    `effort` is None where the model states none.
    """

    folder: str
    model: str
    digest: str
    scale: str
    effort: float | None
    rule: Any
    crs: str
    resolution: float
    left: float
    top: float


def differences(first: Made, second: Made) -> list[Message]:
    """Return a message for each difference, then one that names both folders in full; none where there is none."""
    found = list(_differences(first, second))
    return [*found, Message("apart_folders", {"first": first.folder, "second": second.folder})] if found else []


def on_one_grid(first: Made, second: Made) -> bool:
    """Whether cells of both lie on each other."""
    step = first.resolution
    return first.crs == second.crs and step == second.resolution and all(
        abs(shift / step - round(shift / step)) < ALIGNED
        for shift in (second.left - first.left, second.top - first.top))


def _differences(first: Made, second: Made) -> Iterator[Message]:
    if (first.model, first.digest) != (second.model, second.digest):
        mark = first.model == second.model
        yield Message("apart_model", {"first": _model(first, mark), "second": _model(second, mark)})
    if first.scale != second.scale:
        yield Message("apart_scale", {"first": first.scale, "second": second.scale})
    if first.effort != second.effort:
        yield Message("apart_effort", {"first": _effort(first), "second": _effort(second)})
    if first.rule != second.rule:
        yield Message("apart_rule", {"first": first.rule, "second": second.rule})
    if not on_one_grid(first, second):
        yield Message("apart_grid", {"first": _grid(first), "second": _grid(second)})


def _model(made: Made, mark: bool) -> str:
    return f"{made.model} ({made.digest[:SHOWN_DIGEST]})" if mark else made.model


def _effort(made: Made) -> Message | float:
    return Message("apart_no_effort") if made.effort is None else made.effort


def _grid(made: Made) -> str:
    return f"{made.crs}, {made.resolution:g} m"
