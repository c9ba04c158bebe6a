"""Predictors as a graph wants them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.card import ModelInput


def normalise(entry: ModelInput, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``(value - offset) / scale`` for each predictor (axis 1), contiguous."""
    column = (1, -1) + (1,) * (values.ndim - 2)
    if entry.offset is not None:
        values = values - np.asarray(entry.offset, np.float32).reshape(column)
    if entry.scale is not None:
        values = values / np.asarray(entry.scale, np.float32).reshape(column)
    return np.ascontiguousarray(values, np.float32)
