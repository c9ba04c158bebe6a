"""The job: what an assessment needs to know, as one data class that crosses the process boundary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_MEMORY = 2 * 1024**3


@dataclass(frozen=True)
class AssessJob:
    """Everything `assess` needs. Paths are absolute; None means the model card's default.

    `area` is a vector file in any format and CRS (``FILE|layername=NAME`` picks a layer); `set_rule` is
    ``NAME`` or ``NAME:VALUE`` (``lambda``, ``lambda:0.5``, ``topk:25``); `memory` is in bytes.
    """

    area: str
    model: str
    predictors: tuple[str, ...]
    out: Path
    resolution: float | None = None
    grid_crs: str | None = None
    predictor_crs: str | None = None
    set_rule: str | None = None
    indicators: tuple[str, ...] = ("all",)
    memory: int = DEFAULT_MEMORY
