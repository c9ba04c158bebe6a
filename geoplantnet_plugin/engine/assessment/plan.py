"""An assessment that is ready to run: everything that is decided before the first cell is scored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assemblage import SetRule
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.scores.source import UNIT_ROWS
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.survey.plan import SurveyPlan
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

STRIPS_SHARE = 0.25
"""Share of the working memory for the inputs and ranked scores of the strips in hand."""
LIBRARIES = 384 * 1024**2
"""What Python, its libraries and GDAL's cache take, whatever the job (``python -m benchmarks.memory``)."""
IN_HAND = 84 * 1024**2
"""For the cells that are read, computed and written at the moment."""
SPECIES_BYTES, TABLES_BYTES = 6, 4
"""Of each kept score of a block, while ``species.tif`` and ``assemblage.gpkg`` are written beside each other; of the
tables half a block is held."""

RANKS_BYTES = 24
"""Of each score where cells are ranked within squares, which are in memory together."""


@dataclass(frozen=True)
class Plan:
    """An assessment that is ready to run; `cells` of the area, `keep` scores of each, `named` areas to tell apart,
    `memory` the budget in bytes.

    `pool` says that the area is one square around a site smaller than what a score speaks of: it gets a list and no
    map. `ranked` says that its cells are finer than what a score speaks of: they are ranked within the squares of
    `side` metres, and nothing else is said of them. `survey` is the list to be made, None where scores speak of cells
    of any size. `all_scores` of the listed taxa are to be written as well.
    """

    area: Area
    grid: Grid
    source: SourcePlan
    rule: SetRule
    context: Context
    indicators: list[Indicator]
    blocks: list[Block]
    cells: int
    keep: int
    named: dict[str, Area]
    memory: int
    pool: bool = False
    survey: SurveyPlan | None = None
    ranked: bool = False
    side: float = 0.0
    all_scores: bool = False

    @property
    def effective_resolution(self) -> float:
        """The coarser of the cells and the data behind them, in metres."""
        return max(self.grid.resolution, self.source.resolution)

    @property
    def digest(self) -> str:
        """What the scores depend on: a job with the same digest may continue where another stopped."""
        parts = [self.area.shape.wkb_hex, asdict(self.grid), self.keep, self.source.identity]
        return f"sha256:{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()}"

    @property
    def working(self) -> int:
        """What is left of the memory budget for cells, beside libraries and model, in bytes."""
        return self.memory - LIBRARIES - self.source.held_bytes

    @property
    def max_rows(self) -> int:
        """How many rows of a block one strip may have; two strips are in hand at once."""
        return max(1, int(self.working * STRIPS_SHARE / 2 / self._row_bytes))

    def check_memory(self) -> None:
        """Raise `EngineError` ``memory_too_little``, with the least that works, where the budget cannot be kept."""
        block = min(self.cells, BLOCK_CELLS**2)
        writing = (self.cells * self.keep * RANKS_BYTES if self.ranked
                   else block * self.keep * (SPECIES_BYTES + TABLES_BYTES))
        scoring = int(2 * UNIT_ROWS * self._row_bytes / STRIPS_SHARE)
        least = LIBRARIES + self.source.held_bytes + IN_HAND + max(writing, scoring)
        if self.memory < least:
            raise EngineError("memory_too_little", memory=_megabytes(self.memory), least=_megabytes(least),
                              libraries=_megabytes(LIBRARIES), model=_megabytes(self.source.held_bytes),
                              kept=self.keep, cells=self.cells if self.ranked else block)

    @property
    def _row_bytes(self) -> int:
        return BLOCK_CELLS * (4 * self.source.values_per_cell + 16 * self.keep)


def _megabytes(size: int) -> int:
    return -(-size // 1024**2)
