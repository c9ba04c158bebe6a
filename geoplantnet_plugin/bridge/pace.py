"""How quick this machine is and how large assessments are: measured by each run, used to say what the next takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings

from .settings import PREFIX

KEY = f"{PREFIX}/pace"


@dataclass(frozen=True)
class Pace:
    """A whole run: its `cells`, the `seconds` spent on them, those before the first (`startup`), bytes written."""

    cells: int
    seconds: float
    startup: float
    size: int

    def seconds_for(self, cells: int) -> float:
        """Return how long a run of so many cells would take."""
        return self.startup + cells * self.seconds / self.cells

    def bytes_for(self, cells: int) -> float:
        """Return how much a run of so many cells would write."""
        return cells * self.size / self.cells


def recall(model: str) -> Pace | None:
    """Return what was measured with `model`, None before its first run here."""
    try:
        return Pace(**_all()[model])
    except (KeyError, TypeError):
        return None


def remember(model: str, summary: Mapping[str, Any], elapsed: float, out: Path) -> None:
    """Keep what a whole run took; a much smaller run than the one that is kept says less and is passed over."""
    cells, timings = int(summary.get("cells") or 0), summary.get("timings") or {}
    known = recall(model)
    if not cells or (known and cells < known.cells / 4):
        return
    seconds = float(timings.get("scores", 0)) + float(timings.get("write", 0))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    measured = Pace(cells, round(seconds, 3), round(max(elapsed - seconds, 0.0), 3), size)
    QgsSettings().setValue(KEY, json.dumps({**_all(), model: asdict(measured)}))


def _all() -> dict[str, Any]:
    try:
        values = json.loads(str(QgsSettings().value(KEY, "{}") or "{}"))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
