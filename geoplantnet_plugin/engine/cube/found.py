"""What was found of one input of some cells, before it is known which of the cells are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.sampling import Values


@dataclass(frozen=True)
class Found:
    """`gaps` (n,) of the `size` values of each cell are missing; `take` gives the values of the cells to keep."""

    gaps: NDArray[np.int64]
    size: int
    take: Callable[[NDArray[np.bool_]], Values]

    @classmethod
    def of(cls, values: Values, missing: float | None) -> Found:
        """Return what was found from values (n, …) with NaN; these become `missing` where that is a number."""
        lacking = np.isnan(values)
        gaps = lacking.reshape(len(values), -1).sum(axis=1) if len(values) else np.zeros(0, np.int64)
        if missing is not None:
            values = np.where(lacking, np.float32(missing), values)
        return cls(gaps, int(np.prod(values.shape[1:])), lambda keep: values if keep.all() else values[keep])
