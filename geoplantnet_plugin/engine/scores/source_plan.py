"""A score source that is chosen and checked, but not yet asked for scores."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from geoplantnet_plugin.engine.models.card import Card
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.scores.source import ScoreSource
from geoplantnet_plugin.engine.taxa.table import TaxaTable


@dataclass(frozen=True)
class Origin:
    """Where scores come from, as the manifest says it."""

    kind: str
    name: str
    title: str
    version: str
    digest: str
    scale: str
    licence: str
    attribution: str
    taxa: int
    retrieved: str = ""


@dataclass(frozen=True)
class SourcePlan:
    """What an assessment needs to know of a score source before the first cell.

    `card` is the model's, None for a source without one; `default_rule` its set rule; `resolution` (m) that of
    the coarsest data behind the scores; `values_per_cell` how many input values a cell has; `identity` is what
    the scores depend on; `predictors` describe the inputs for the manifest. ``open(keep, memory)`` gives the
    source itself, which keeps the `keep` best taxa of a cell and works within its share of `memory` bytes; ``close()``
    lets go of what planning has opened, and may be called more than once. `strip_rows` is how many rows of cells are
    best scored together, 0 where it makes no difference.
    """

    origin: Origin
    taxa: TaxaTable
    scale: Scale
    card: Card | None
    default_rule: str
    resolution: float
    simulated: bool
    values_per_cell: int
    identity: tuple[Any, ...]
    open: Callable[[int, int], AbstractContextManager[ScoreSource]]
    predictors: list[dict[str, Any]] = field(default_factory=list)
    software: dict[str, str] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None
    strip_rows: int = 0
