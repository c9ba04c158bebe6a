"""Inputs that repeat between cells, such as a climate series of 1 km, encoded once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.batches import Batches, Listen
from geoplantnet_plugin.engine.models.sharing.distinct import distinct_cells

Values = NDArray[np.float32]
Features = dict[str, Values]

TOGETHER_BYTES = 64 * 1024**2
"""Feature maps of one batch, at `VALUE_BYTES` a value of the input."""
VALUE_BYTES = 1024
MOST_KEPT = 4096
"""Inputs whose features are kept for the blocks to come."""


class SeriesEncoder:
    """An encoder of one input that runs once for every distinct input; safe in one thread at a time."""

    def __init__(self, name: str, session: Any, batches: Batches) -> None:
        self._name, self._session, self._batches = name, session, batches
        self.outputs: list[str] = session.outputs
        self._kept: dict[bytes, tuple[Values, ...]] = {}

    def gives_features(self, shape: tuple[int, ...]) -> bool:
        """Whether floating-point features come cell by cell: not, say, the shape of the input."""
        for cells in (2, 3):
            values = np.random.default_rng(0).normal(size=(cells, *shape)).astype(np.float32)
            for part in self._session.run(self.outputs, {self._name: values}):
                if part.dtype != np.float32 or part.ndim < 2 or len(part) != cells:
                    return False
        return True

    def encode(self, values: Values, listen: Listen) -> Features:
        """Return the features of n inputs (n, …) by name, (n, …) too."""
        found = distinct_cells({self._name: values})
        if found is None:
            return dict(zip(self.outputs, self._run(values, listen), strict=True))
        few = np.ascontiguousarray(values[found.first])
        parts = self._run(few, listen) if len(few) > MOST_KEPT else self._remembered(few, listen)
        return {name: part[found.which] for name, part in zip(self.outputs, parts, strict=True)}

    def _remembered(self, values: Values, listen: Listen) -> list[Values]:
        keys = [value.tobytes() for value in values]
        new = np.array([key not in self._kept for key in keys])
        if new.sum() + len(self._kept) > MOST_KEPT:
            self._kept.clear()
            new[:] = True
        if new.any():
            features = self._run(np.ascontiguousarray(values[new]), listen)
            fresh = (key for key, unknown in zip(keys, new, strict=True) if unknown)
            self._kept.update(zip(fresh, zip(*features, strict=True), strict=True))
        return [np.stack(part) for part in zip(*(self._kept[key] for key in keys), strict=True)]

    def _run(self, values: Values, listen: Listen) -> list[Values]:
        together = max(1, TOGETHER_BYTES // (VALUE_BYTES * values[0].size))
        parts: list[list[Values]] = [[]] * -(-len(values) // together)

        def run(part: slice) -> None:
            parts[part.start // together] = self._session.run(self.outputs, {self._name: values[part]})

        self._batches.run(run, len(values), together, listen)
        return [np.concatenate(part) for part in zip(*parts, strict=True)]
