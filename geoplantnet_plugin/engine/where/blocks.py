"""The blocks of a grid that an area touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid


@dataclass(frozen=True)
class AreaBlock:
    """A block with the cells of it that belong to the area: `inside` (height, width)."""

    block: Block
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, block: Block, area: Area, grid: Grid) -> AreaBlock:
        """Return a block of `grid` with its cells in `area`."""
        return cls(block, area.inside(grid.block_grid(block)))


def area_blocks(area: Area, grid: Grid) -> Iterator[AreaBlock]:
    """Yield the blocks that hold cells of the area."""
    for block in grid.blocks():
        entry = AreaBlock.of(block, area, grid)
        if entry.inside.any():
            yield entry
