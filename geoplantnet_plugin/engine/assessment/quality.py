"""The quality layers of an assessment: gaps, cut values, conditions beyond the training data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import DOMAIN, EDGE, INSIDE, OUTSIDE, QUALITY
from geoplantnet_plugin.common.messages import Message, messages_of
from geoplantnet_plugin.engine.assessment.manifest import ClassEntry, IndicatorEntry
from geoplantnet_plugin.engine.assessment.parts import Parts
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.rasters import Later, indicator_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.quality import (
    CLAMPED,
    EXTRAPOLATED,
    GAPS,
    NO_PREDICTOR,
    Quality,
)
from geoplantnet_plugin.engine.where.grid import Block, Grid

REFERENCE = "docs/cube.md"
DOMAIN_COLOURS = {INSIDE: ("inside", "#d9d9d9"), EDGE: ("edge", "#fdae61"), OUTSIDE: ("outside", "#d7191c")}
"""Grey where there is nothing to say; orange and red differ in lightness too."""
MOST_PREDICTORS = 253
"""Of more predictors there is no layer of the one furthest out: its classes are bytes."""
NONE_OUT = 254

Values = NDArray[Any]
Compute = Callable[[NDArray[np.int32], Quality], tuple[NDArray[np.int32], Values]]
"""Positions in the block and values there, from the scored cells and the quality of a block."""


@dataclass
class Totals:
    """What the cells of an area add up to; `tally` as in `Quality`, `domain` cells by class."""

    tally: NDArray[np.int64]
    scored: int = 0
    domain: dict[int, int] = field(default_factory=lambda: {INSIDE: 0, EDGE: 0, OUTSIDE: 0})
    furthest: set[int] = field(default_factory=set)

    def add(self, cells: NDArray[np.int32], quality: Quality) -> None:
        """Add a block."""
        self.tally += quality.tally
        self.scored += len(cells)
        for value in self.domain:
            self.domain[value] += int((quality.domain == value).sum())
        self.furthest |= set(np.unique(quality.furthest).tolist()) - {NO_PREDICTOR}

    @property
    def edge_share(self) -> float:
        """Share (0 to 1) of the scored cells at the edge of the domain."""
        return self.domain[EDGE] / self.scored if self.scored else 0.0


@dataclass(frozen=True)
class QualityResult:
    """The layers that were written, the manifest's predictors with their shares, the share of cells at the edge."""

    layers: list[IndicatorEntry]
    predictors: list[dict[str, Any]]
    edge_share: float = 0.0


def write_quality(folder: Path, plan: Plan, parts: Parts, tags: Mapping[str, str],
                  reporter: Reporter, later: Later) -> QualityResult:
    """Write the quality layers that have something to show; none for a score source without predictors.

    `later` finishes their files.
    """
    titles, predictors = plan.source.statements.predictors, plan.source.predictors
    if not titles:
        return QualityResult([], predictors)
    layers, totals = QualityWriter(folder, titles, plan.grid, parts, plan.blocks, tags, reporter, later).write()
    return QualityResult(layers, predictor_shares(predictors, totals, plan.cells), totals.edge_share)


@dataclass(frozen=True)
class QualityWriter:
    """Writes the quality layers from finished parts, without reading the scores again."""

    folder: Path
    titles: Sequence[str]
    grid: Grid
    parts: Parts
    blocks: Sequence[Block]
    tags: Mapping[str, str]
    reporter: Reporter
    later: Later

    def write(self) -> tuple[list[IndicatorEntry], Totals]:
        """Write the layers that have something to show and return their entries."""
        totals = Totals(np.zeros((len(self.titles), 3), np.int64))
        for _, cells, quality in self._blocks():
            totals.add(cells, quality)
        layers = list(self._layers(totals))
        (self.folder / QUALITY).mkdir(exist_ok=True)
        with ExitStack() as stack:
            rasters = [stack.enter_context(indicator_raster(
                self.folder / entry.file, self.grid, entry.kind == "class", entry.title,
                {**self.tags, "unit": entry.unit, "definition": entry.definition}, self.later)) for entry, _ in layers]
            for done, (block, cells, quality) in enumerate(self._blocks(), 1):
                self.reporter.checkpoint()
                for (_, compute), raster in zip(layers, rasters, strict=True):
                    raster.write(block, *compute(cells, quality))
                self.reporter.progress("quality", done, len(self.blocks))
        return [entry for entry, _ in layers], totals

    def _blocks(self) -> Iterator[tuple[Block, NDArray[np.int32], Quality]]:
        for block in self.blocks:
            cells, quality = self.parts.load_quality(block)
            if quality is not None:
                yield block, cells, quality

    def _layers(self, totals: Totals) -> Iterator[tuple[IndicatorEntry, Compute]]:
        predictors = len(self.titles)
        if any(totals.domain.values()):
            classes = [_class(value, Message(f"quality_domain_{code}"), colour)
                       for value, (code, colour) in DOMAIN_COLOURS.items()]
            yield _entry(DOMAIN, classes=classes), lambda cells, found: (cells, found.domain)
        if totals.domain[OUTSIDE] or totals.tally[:, EXTRAPOLATED].any():
            yield _entry("extrapolated", predictors), lambda cells, found: (cells, found.extrapolated)
        if totals.furthest and predictors <= MOST_PREDICTORS:
            yield _entry("furthest", classes=self._furthest_classes(totals)), _furthest
        if totals.tally[:, GAPS].any():
            yield _entry("gaps", predictors), _gaps
        if totals.tally[:, CLAMPED].any():
            yield _entry("clamped", predictors), lambda cells, found: (cells, found.clamped)

    def _furthest_classes(self, totals: Totals) -> list[ClassEntry]:
        """The predictors that occur, each with the colour of its number, and the class of the others."""
        from matplotlib import colormaps
        from matplotlib.colors import to_hex

        colours = colormaps["tab20"].colors  # type: ignore[attr-defined]
        return [*(_class(number, self.titles[number], to_hex(colours[number % len(colours)]))
                  for number in sorted(totals.furthest)),
                _class(NONE_OUT, Message("quality_furthest_none"), DOMAIN_COLOURS[INSIDE][1])]


def _furthest(cells: NDArray[np.int32], quality: Quality) -> tuple[NDArray[np.int32], Values]:
    return cells, np.where(quality.furthest == NO_PREDICTOR, NONE_OUT, quality.furthest)


def _gaps(cells: NDArray[np.int32], quality: Quality) -> tuple[NDArray[np.int32], Values]:
    """Cells without a score have a value too: this layer shows why they have none."""
    whole = np.setdiff1d(cells, quality.gap_cells, assume_unique=True)
    return (np.concatenate([whole, quality.gap_cells]),
            np.concatenate([np.zeros(len(whole), np.float32), quality.gaps.astype(np.float32)]))


def _class(value: int, label: Message | str, colour: str) -> ClassEntry:
    return ClassEntry.of(value, str(value), label, colour)


def _entry(id: str, predictors: int = 0, classes: Sequence[ClassEntry] = ()) -> IndicatorEntry:
    kind, unit = ("class", "") if classes else ("continuous", Message("quality_unit"))
    title, definition = Message(f"quality_{id}_title"), Message(f"quality_{id}_definition")
    return IndicatorEntry(id, str(title), str(definition), REFERENCE, str(unit), kind, f"{QUALITY}/{id}.tif",
                          (0.0, float(predictors)), 0, list(classes),
                          messages_of(title=title, definition=definition, unit=unit))


def predictor_shares(predictors: Sequence[Mapping[str, Any]], totals: Totals, cells: int) -> list[dict[str, Any]]:
    """Return the manifest's predictors with the shares of cells (%) of each that have gaps or are cut or extrapolated.

    Gaps are counted over the area's `cells`, the others over the scored ones. Steps of a series share theirs.
    """
    places = list(dict.fromkeys((entry["input"], entry["predictor"]) for entry in predictors))
    of = {"gaps": (GAPS, cells), "clamped": (CLAMPED, totals.scored), "extrapolated": (EXTRAPOLATED, totals.scored)}
    shares = {place: {name: round(100 * int(totals.tally[row, column]) / count, 3) if count else 0.0
                      for name, (column, count) in of.items()} for row, place in enumerate(places)}
    return [{**entry, **shares[entry["input"], entry["predictor"]]} for entry in predictors]
