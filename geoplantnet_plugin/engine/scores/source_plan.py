"""A score source that is chosen and checked, but not yet asked for scores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.scores.source import ScoreSource
from geoplantnet_plugin.engine.scores.statements import Statements
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


@dataclass(kw_only=True)
class SourcePlan(ABC):
    """What an assessment needs to know of a score source before the first cell.

    `default_rule` is its set rule; `resolution` (m) that of the coarsest data behind the scores; `values_per_cell` how
    many input values a cell has, `held_bytes` what is in memory whatever the cells; `identity` is what the scores
    depend on; `predictors` describe the inputs for the manifest, `software` what else made the scores. A plan can be
    pickled: the process that works opens it.
    """

    origin: Origin
    taxa: TaxaTable
    scale: Scale
    default_rule: str
    resolution: float
    identity: tuple[Any, ...]
    statements: Statements = field(default_factory=Statements)
    simulated: bool = False
    values_per_cell: int = 0
    held_bytes: int = 0
    predictors: list[dict[str, Any]] = field(default_factory=list)
    software: dict[str, str] = field(default_factory=dict)

    @abstractmethod
    def open(self, keep: int, memory: int, reporter: Reporter) -> AbstractContextManager[ScoreSource]:
        """Give the source itself, which keeps the `keep` best taxa of a cell within its share of `memory` bytes."""

    def close(self) -> None:  # noqa: B027 – most plans hold nothing
        """Let go of what planning has opened; may be called more than once."""
