"""Which speed a model may be run at in an area: measured on the area's own cells before the job runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ModelOptions
from geoplantnet_plugin.engine.assessment.parts import strip_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.block import Cube, Patches
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.deviation import Deviation, deviation, usable_speed
from geoplantnet_plugin.engine.models.sharing.encoders import SPEEDS, Speed
from geoplantnet_plugin.engine.models.sharing.rough import ROWS, WORTHWHILE
from geoplantnet_plugin.engine.scores.ranked import RankedScores
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.blocks import area_blocks
from geoplantnet_plugin.engine.where.grid import Block, Grid

BATCH_MEMORY = 256 * 1024**2
STRIPS, CELLS = 3, 48
"""Strips, drawn at random from the area's, and cells of each, on which the deviation is measured."""


def choose_speed(options: ModelOptions, session: Session, cube: Cube, area: Area, grid: Grid, reporter: Reporter
                 ) -> Speed:
    """Return the speed to run at: the one asked for, or the next slower one that is within the tolerance.

    Says ``speed_measured`` or ``speed_dropped`` with what was found, or ``speed_useless``.
    """
    wanted = next((speed for speed in SPEEDS if speed == options.speed), None)
    if wanted is None:
        raise EngineError("job_invalid", reason=f"speed: {options.speed!r} is none of {', '.join(SPEEDS)}")
    if wanted == "exact":
        return "exact"
    batch = session.batch(BATCH_MEMORY)

    def measure(speed: Speed) -> Deviation:
        return _measure(speed, session, cube, area, grid, batch, reporter.checkpoint)

    def tell(speed: Speed, found: Deviation, good: bool) -> None:
        reporter.warning("speed_measured" if good else "speed_dropped", speed=speed, cells=found.cells, top=found.top,
                         jaccard=round(found.jaccard, 3), worst=round(found.jaccard_worst, 3),
                         probability=float(f"{found.probability:.2g}"), coverage=round(found.coverage, 1),
                         tolerance=options.tolerance)

    if not session.encoders.shares_patches or next(_strips(area, grid), None) is None:
        reporter.message("speed_useless", speed=wanted, cells=WORTHWHILE)
        return "exact"
    return usable_speed(wanted, options.tolerance, measure, tell)


def _measure(speed: Speed, session: Session, cube: Cube, area: Area, grid: Grid, batch: int,
             listen: Callable[[], None]) -> Deviation:
    exact, rough = [], []
    taxa = len(session.package.taxa)
    for strip, inside in _strips(area, grid):
        inputs = cube.read(strip, inside).inputs
        count = len(next(iter(inputs.values())))
        cells = np.random.default_rng(count).choice(count, min(CELLS, count), replace=False)
        session.encoders.speed = speed
        rough.append(session.rank(inputs, taxa, batch, listen, cells))
        session.encoders.speed = "exact"
        few = {name: values.some(cells) if isinstance(values, Patches) else values[cells]
               for name, values in inputs.items()}
        exact.append(session.rank(few, taxa, batch, listen))
    return deviation(_joined(exact), _joined(rough))


def _strips(area: Area, grid: Grid) -> Iterator[tuple[Block, NDArray[np.bool_]]]:
    """Yield a few strips that are as large as those of the job, with their cells in the area."""
    found: list[tuple[Block, NDArray[np.bool_]]] = []
    for entry in area_blocks(area, grid):
        for first in range(0, entry.block.height, ROWS):
            inside = entry.inside[first:first + ROWS]
            if inside.sum() >= WORTHWHILE:
                found.append((strip_of(entry.block, first, ROWS), inside))
    chosen = np.random.default_rng(0).permutation(len(found))[:STRIPS]
    for number in sorted(chosen.tolist()):
        yield found[number]


def _joined(parts: list[RankedScores]) -> RankedScores:
    return RankedScores(np.concatenate([part.ids for part in parts]), np.concatenate([part.values for part in parts]),
                        parts[0].scale)
