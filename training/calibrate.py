"""Calibration: a line on the logit, shared by all taxa (Platt 1999)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def platt(logits: NDArray[np.floating], present: NDArray[np.float32]) -> tuple[float, float]:
    """Return slope and shift of the line on the logit with the least cross-entropy."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=np.inf).fit(logits.reshape(-1, 1), present.ravel())
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def probabilities(logits: NDArray[np.floating], slope: float, shift: float) -> NDArray[np.float32]:
    """Return the calibrated probabilities of logits."""
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-(logits * slope + shift)))).astype(np.float32)
