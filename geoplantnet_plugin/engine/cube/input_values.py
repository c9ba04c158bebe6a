"""What was found of one input of some cells, before it is known which of the cells are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.block import CellValues
from geoplantnet_plugin.engine.cube.sampling import Values


@dataclass(frozen=True)
class InputValues:
    """`gaps` (n, predictors) of the `size` values that a cell has of each predictor are missing.

    `take` gives the values of the cells to keep.
    """

    gaps: NDArray[np.int64]
    size: int
    take: Callable[[NDArray[np.bool_]], CellValues]

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Which cells (n,) lack nothing."""
        return np.asarray(~np.any(self.gaps, axis=1), np.bool_)

    @property
    def something(self) -> NDArray[np.bool_]:
        """Which cells (n,) have any value at all."""
        return np.asarray(np.any(self.gaps < self.size, axis=1), np.bool_)

    @classmethod
    def of(cls, values: Values, missing: float | None) -> InputValues:
        """Return what was found from values (n, predictors, …) with NaN; these become `missing` if it is a number."""
        lacking = np.isnan(values)
        size = int(np.prod(values.shape[2:]))
        gaps = lacking.reshape(*values.shape[:2], size).sum(axis=2)
        if missing is not None:
            values = np.where(lacking, np.float32(missing), values)
        return cls(gaps, size, lambda keep: values if keep.all() else values[keep])
