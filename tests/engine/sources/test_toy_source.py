"""A score source of one's own: options, a plan and a line of the table are all that it takes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from worlds import World, cells_box

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import as_document, assess_job
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assess.scoring import ScoringTask, in_this_process
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.scores.source_plan import Origin, SourcePlan
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.sources.table import SOURCES, SourceKind, option_kinds
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

TAXA = TaxaTable([Taxon(str(i), f"Species {i}", f"Species {i}") for i in range(3)])


@dataclass(frozen=True)
class ToyOptions:
    """Scores that rise from west to east, by `step` a cell."""

    KIND: ClassVar[str] = "toy"

    step: float = 0.01


@dataclass
class Toy:
    """Every species has the same score in a column of cells."""

    step: float
    keep: int
    scale: Scale = Scale.RELATIVE
    strip_rows: int | None = 7
    taxa: TaxaTable = TAXA
    seconds: dict[str, float] = field(default_factory=dict)

    def score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        cells = np.flatnonzero(inside).astype(np.int32)
        column = block.col + cells % block.width
        values = np.minimum(1, self.step * column)[:, None] * np.ones((1, len(TAXA)))
        ids = np.tile(np.arange(len(TAXA), dtype=np.int32), (len(cells), 1))
        scores = RankedScores(ids[:, :self.keep], values[:, :self.keep].astype(np.float32), self.scale)
        return ScoredBlock(cells, scores, np.zeros(len(cells), np.bool_))


@dataclass(kw_only=True)
class ToyPlan(SourcePlan):
    """What the options say."""

    step: float

    @contextmanager
    def open(self, keep: int, memory: int, reporter: Reporter) -> Iterator[Toy]:
        yield Toy(self.step, keep)


def plan_toy(options: ToyOptions, area: Area, grid: Grid, reporter: Reporter) -> SourcePlan:
    origin = Origin("toy", "toy", "A toy", "1", "", Scale.RELATIVE.value, "CC0", "nobody", len(TAXA))
    return ToyPlan(origin=origin, taxa=TAXA, scale=Scale.RELATIVE, default_rule="topk:1", resolution=50.0,
                   identity=(options.step,), step=options.step)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy is in the table of sources."""
    monkeypatch.setitem(SOURCES, ToyOptions.KIND, SourceKind(ToyOptions, plan_toy, lambda options: Support()))


def elsewhere(task: ScoringTask, blocks: Sequence[Block], cells: int, reporter: Reporter) -> dict[str, float]:
    """A `Runner` that scores each block in a process of its own, which gets plan and task pickled."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(in_this_process, [task] * len(blocks), [[block] for block in blocks], [cells] * len(blocks),
                      [Reporter()] * len(blocks)))
    return {}


def test_a_source_in_the_table_is_assessed_with_options_of_its_own(world: World) -> None:
    document = {"area": world.area(cells_box(0, 0, 10, 20)), "out": str(world.folder / "toy"), "source": "toy",
                "step": 0.02}
    job = assess_job(document, option_kinds())
    assert assess_job(as_document(job), option_kinds()) == job
    manifest = assess(job, Reporter())
    assert manifest.score_source.title == "A toy" and manifest.set_rule.id == "topk" and not manifest.model
    with rasterio.open(job.out / "species.tif") as species:
        shown = species.read(1)[0] * species.scales[0]
    np.testing.assert_allclose(np.diff(shown), 0.02, atol=1e-4)


def test_options_of_another_source_are_refused(world: World) -> None:
    with pytest.raises(EngineError, match="unknown: step"):
        assess_job({"area": "a", "out": "o", "step": 0.02}, option_kinds())
    with pytest.raises(EngineError, match="no score source"):
        assess_job({"area": "a", "out": "o", "source": "none"}, option_kinds())


def test_another_process_gets_the_plan_and_scores_the_same(world: World) -> None:
    here = world.job(world.area(cells_box(0, 0, 300, 300)), "here", resolution=50.0)
    there = replace(here, out=world.folder / "there")
    assess(here, Reporter())
    assess(there, Reporter(), elsewhere)
    for name in ("species.tif", "coverage.csv", "indicators/richness.tif"):
        assert (here.out / name).read_bytes() == (there.out / name).read_bytes(), name
