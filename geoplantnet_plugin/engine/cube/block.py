"""The contract between the cube and whoever scores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.where.grid import Block


@dataclass(frozen=True)
class CubeBlock:
    """The model inputs of the cells of a block whose predictors are all there.

    `cells` (n,) int32 are flat positions in the block, ascending. `inputs` maps the model's input name to
    float32 values in the predictors' units: `point` (n, predictors), `patch` (n, bands, height, width),
    `series` (n, bands, time…). Of all cells that were asked for, with `asked` (m,) int32 as their flat positions,
    `lacking` (m, predictors) says which predictors of all inputs have a gap.
    """

    cells: NDArray[np.int32]
    inputs: Mapping[str, NDArray[np.float32]]
    asked: NDArray[np.int32]
    lacking: NDArray[np.bool_]


class Cube(Protocol):
    """Predictors bound to sources on a grid."""

    def read(self, block: Block, inside: NDArray[np.bool_]) -> CubeBlock:
        """Read the inputs of the cells where `inside` (height, width) is true."""
        ...
