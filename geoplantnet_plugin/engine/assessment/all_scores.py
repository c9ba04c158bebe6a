"""``all_scores.tif``: the probability of every listed taxon in every cell, one byte each.

`species.tif` has what cells keep, in fine steps. Here is the rest too, in even steps of the logit, so that what is
rare is told apart as well as what is common; GDAL's scale and offset of the bands give the logit. The area is scored
once more for it, since which taxa are listed is known only when all cells have been scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import ALL_SCORES, BELOW_FLOOR_TAG, SCALE_TAG
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.manifest import AllScoresEntry
from geoplantnet_plugin.engine.assessment.parts import strip_of
from geoplantnet_plugin.engine.assessment.plan import Plan
from geoplantnet_plugin.engine.assessment.rasters import BANDS_AT_ONCE, create_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import scratch, writing
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.scores.source import UNIT_ROWS, CompleteSource
from geoplantnet_plugin.engine.where.blocks import AreaBlock
from geoplantnet_plugin.engine.where.grid import Block, raster_window

NODATA, BELOW, HIGHEST = 255, 0, 254
FLOOR, STEP = 0.001, 0.1
"""The least probability that is told, and the step of the logit: 5 % of the odds at most are lost."""
LEAST = float(np.log(FLOOR / (1 - FLOOR)))
STRIP_BYTES = 64 * 1024**2
"""Of one strip's stored scores."""


def stored(scores: NDArray[np.float32], scale: Scale) -> NDArray[np.uint8]:
    """Return scores of any shape as they are stored; NaN becomes nodata."""
    values = scores.astype(np.float64)
    if scale is not Scale.LOGIT:
        with np.errstate(divide="ignore"):
            values = np.log(values) - np.log1p(-values)
    steps = np.clip(np.rint((values - LEAST) / STEP) + 1, BELOW, HIGHEST)
    steps[values < LEAST] = BELOW
    return np.where(np.isnan(values), NODATA, steps).astype(np.uint8)


def write_all_scores(folder: Path, plan: Plan, listed: Sequence[str], tags: dict[str, str], reporter: Reporter
                     ) -> AllScoresEntry:
    """Score the area of `plan` again and write the scores of the `listed` taxa (ids), a band each in this order.

    Raises:
        EngineError: ``all_scores_none``, the source does not know all scores; the disk is full.
    """
    taxa, number = plan.context.taxa, {taxon.id: place for place, taxon in enumerate(plan.context.taxa)}
    ids = np.array([number[id] for id in listed], np.intp)
    path = folder / ALL_SCORES
    with plan.source.open(plan.keep, plan.working, reporter) as source, writing(path) as temporary:
        if not isinstance(source, CompleteSource):
            raise EngineError("all_scores_none")
        with create_raster(temporary, plan.grid, len(ids), "uint8", NODATA, predictor=2, zstd_level=9) as raster:
            raster.descriptions = [taxa[place].accepted_name for place in ids]
            raster.scales, raster.offsets = [STEP] * len(ids), [LEAST - STEP] * len(ids)
            raster.update_tags(**{SCALE_TAG: Scale.LOGIT.value, BELOW_FLOOR_TAG: str(BELOW)}, **tags)
            for done, block in enumerate(plan.blocks, 1):
                with scratch(path.with_name(".all_scores.block")) as raw:
                    strips = _Strips(raw, ids, plan.context.scale)
                    strips.fill(source, AreaBlock.of(block, plan.area, plan.grid), reporter)
                    for first, bands in strips.bands(block):
                        raster.write(bands, list(range(first + 1, first + 1 + len(bands))),
                                     window=raster_window(block))
                reporter.progress("all_scores", done, len(plan.blocks))
    return AllScoresEntry(ALL_SCORES, STEP, LEAST - STEP, FLOOR, BELOW, NODATA, len(ids))


@dataclass
class _Strips:
    """What is stored of a block, strip after strip in the file `raw`; a strip has (taxa, rows, columns)."""

    raw: Path
    ids: NDArray[np.intp]
    scale: Scale

    def fill(self, source: CompleteSource, entry: AreaBlock, reporter: Reporter) -> None:
        """Score the cells of a block."""
        block = entry.block
        fitting = max(STRIP_BYTES // (len(self.ids) * block.width) // UNIT_ROWS, 1) * UNIT_ROWS
        self.rows = source.strip_rows or fitting
        with self.raw.open("wb") as file:
            for first in range(0, block.height, self.rows):
                reporter.checkpoint()
                self._strip(source, strip_of(block, first, self.rows), entry.inside[first:first + self.rows], file)

    def _strip(self, source: CompleteSource, strip: Block, inside: NDArray[np.bool_], file: BinaryIO) -> None:
        values = np.full((len(self.ids), strip.height * strip.width), NODATA, np.uint8)

        def take(cells: NDArray[np.int32], scores: NDArray[np.float32]) -> None:
            values[:, cells] = stored(scores[:, self.ids], self.scale).T

        source.each(strip, inside, take)
        values.tofile(file)

    def bands(self, block: Block) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield the first band and the values (bands, rows, columns) of some bands after the other."""
        width, taxa = block.width, len(self.ids)
        for first in range(0, taxa, BANDS_AT_ONCE):
            count, found = min(BANDS_AT_ONCE, taxa - first), []
            for row in range(0, block.height, self.rows):
                size = min(self.rows, block.height - row) * width
                part = np.fromfile(self.raw, np.uint8, count * size, offset=taxa * row * width + first * size)
                found.append(part.reshape(count, -1, width))
            yield first, np.concatenate(found, axis=1)
