"""Which band a person chose for which predictor, as a plan file that the engine obeys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .settings import data_folder

SCHEMA = 1


@dataclass(frozen=True)
class Choice:
    """A band for a predictor; `accepted` lets values through that cannot be in the predictor's unit."""

    predictor: str
    source: str
    band: int
    accepted: bool = False


def write_plan(choices: Iterable[Choice]) -> str:
    """Write a plan and return its path, blank when nothing was chosen.

    A plan is named after its content: one that a finished run or the history names stays as it was.
    """
    bindings = [{"predictor": choice.predictor, "source": choice.source, "band": choice.band,
                 **({"accept_units": True} if choice.accepted else {})} for choice in choices]
    if not bindings:
        return ""
    text = json.dumps({"schema": SCHEMA, "bindings": bindings}, indent=1, ensure_ascii=False, sort_keys=True)
    folder = data_folder() / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    if not path.exists():
        temporary = path.with_suffix(".part")
        temporary.write_text(text + "\n", encoding="utf-8")
        temporary.replace(path)
    return str(path)
