"""Quality: what is known of the predictors of cells, and how like the model's training data they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import NODATA_CLASS

UNKNOWN = NODATA_CLASS
"""The card does not say where a cell lies in the model's domain, or the cell lacks all predictors that it speaks of."""
NO_PREDICTOR = 65535
"""No predictor of the cell lies at the edge of the training data or beyond."""
GAPS, CLAMPED, EXTRAPOLATED = 0, 1, 2
"""Columns of `Quality.tally`."""


@dataclass(frozen=True)
class Quality:
    """The quality of a block. Predictors are counted through all inputs of the model, in order.

    Of the n scored cells: `domain` (n,) uint8, `INSIDE`, `EDGE`, `OUTSIDE` or `UNKNOWN`; `furthest` (n,) uint16, the
    predictor furthest from the training data, or `NO_PREDICTOR`; `extrapolated` (n,) uint16, how many predictors lie
    beyond the training data; `clamped` (n,) uint16, how many were cut at the limits of their encoding. Of the m cells
    that lack something, scored or not: `gap_cells` (m,) int32, their flat positions in the block, ascending;
    `gaps` (m,) uint16, how many predictors they lack. `tally` (predictors, 3) int64 counts the cells a predictor has
    `GAPS` in, is `CLAMPED` in, is `EXTRAPOLATED` in.
    """

    domain: NDArray[np.uint8]
    furthest: NDArray[np.uint16]
    extrapolated: NDArray[np.uint16]
    clamped: NDArray[np.uint16]
    gap_cells: NDArray[np.int32]
    gaps: NDArray[np.uint16]
    tally: NDArray[np.int64]


NAMES = tuple(field.name for field in fields(Quality))


def as_arrays(quality: Quality) -> dict[str, NDArray[Any]]:
    """Return the arrays of `quality` under names that no other array of a part has."""
    return {f"quality_{name}": getattr(quality, name) for name in NAMES}


def from_arrays(arrays: Mapping[str, NDArray[Any]], first: int) -> Quality:
    """Return what `as_arrays` gave, positions moved by `first` cells."""
    found = {name: arrays[f"quality_{name}"] for name in NAMES}
    return Quality(**{**found, "gap_cells": (found["gap_cells"] + first).astype(np.int32)})


def join(parts: Sequence[Quality]) -> Quality:
    """Return the quality of a block from that of its strips, top to bottom."""
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in NAMES if name != "tally"}
    return Quality(**joined, tally=np.sum([part.tally for part in parts], axis=0))
