"""An assessment that is ready to run: everything that is decided before the first cell is scored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from geoplantnet_plugin.engine.assemblage import SetRule
from geoplantnet_plugin.engine.indicators import Context, Indicator
from geoplantnet_plugin.engine.scores.source_plan import SourcePlan
from geoplantnet_plugin.engine.survey.plan import SurveyPlan
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

STRIPS_SHARE = 0.25
"""Share of the memory budget for the inputs and ranked scores of the strips in hand."""


@dataclass(frozen=True)
class Plan:
    """An assessment that is ready to run; `cells` of the area, `keep` scores of each, `named` areas to tell apart.

    `pool` says that the area is one square around a site smaller than what a score speaks of: it gets a list and no
    map. `ranked` says that its cells are finer than what a score speaks of: they are ranked within the squares of
    `side` metres, and nothing else is said of them. `survey` is the list to be made, None where scores speak of cells
    of any size.
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
    pool: bool = False
    survey: SurveyPlan | None = None
    ranked: bool = False
    side: float = 0.0

    @property
    def effective_resolution(self) -> float:
        """The coarser of the cells and the data behind them, in metres."""
        return max(self.grid.resolution, self.source.resolution)

    @property
    def digest(self) -> str:
        """What the scores depend on: a job with the same digest may continue where another stopped."""
        parts = [self.area.shape.wkb_hex, asdict(self.grid), self.keep, self.source.identity]
        return f"sha256:{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()}"

    def max_rows(self, memory: int) -> int:
        """Return how many rows of a block one strip may have; two strips are in hand at once."""
        row_bytes = BLOCK_CELLS * (4 * self.source.values_per_cell + 16 * self.keep)
        return max(1, int(memory * STRIPS_SHARE / 2 / row_bytes))
