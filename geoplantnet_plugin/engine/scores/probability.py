"""Scores as probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.scores.ranked import Scale


def as_probability(values: NDArray[Any], scale: Scale) -> NDArray[np.float64]:
    """Return scores of any shape as numbers from 0 to 1: a logit η becomes 1 / (1 + exp(−η)), others stay."""
    numbers = values.astype(np.float64)
    return 0.5 * (1.0 + np.tanh(0.5 * numbers)) if scale is Scale.LOGIT else numbers
