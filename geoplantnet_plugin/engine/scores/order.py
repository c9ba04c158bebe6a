"""Floating-point numbers as integers that sort as they do, as the layout of IEEE 754 allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIGN = np.uint32(1 << 31)


def as_ordered(numbers: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return integers of 32 bits that rise as `numbers` do; −0 comes just before 0, a positive NaN last."""
    bits = numbers.view(np.uint32)
    return np.where(bits >> 31, ~bits, bits | SIGN)


def from_ordered(ordered: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Return the numbers of such integers; 0, which no number gives, is a NaN."""
    return np.where(ordered >> 31, ordered ^ SIGN, ~ordered).view(np.float32)
