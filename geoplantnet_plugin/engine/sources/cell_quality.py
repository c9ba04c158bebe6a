"""The quality of the cells that a model scores, from the inputs it scores them on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.block import CellValues, CubeBlock
from geoplantnet_plugin.engine.cube.encodings import LIMITS
from geoplantnet_plugin.engine.models.card import Card, ModelInput
from geoplantnet_plugin.engine.models.domain import look, of_cells
from geoplantnet_plugin.engine.scores.quality import Quality


def quality_of(card: Card, cube: CubeBlock) -> Quality:
    """Return how well the predictors of a block's cells are known, and how like the training data they are."""
    seen = look(card, cube.inputs)
    clamped = np.concatenate([_clamped(entry, cube.inputs[entry.name]) for entry in card.inputs], axis=1)
    lacks = cube.lacking.any(axis=1)
    tally = np.stack([cube.lacking.sum(axis=0), clamped.sum(axis=0), seen.beyond.sum(axis=0)], axis=1)
    return Quality(seen.domain, seen.furthest, seen.beyond.sum(axis=1).astype(np.uint16),
                   clamped.sum(axis=1).astype(np.uint16), cube.asked[lacks],
                   cube.lacking[lacks].sum(axis=1).astype(np.uint16), tally.astype(np.int64))


def _clamped(entry: ModelInput, values: CellValues) -> NDArray[np.bool_]:
    """Return which predictors (n, predictors) were cut at the limits of their encoding: of a patch its centre."""
    if entry.encoding not in LIMITS:
        return np.zeros(values.shape[:2], np.bool_)
    values = of_cells(entry, values)
    low, high = LIMITS[entry.encoding]
    cut = (values <= low) | (values >= high)
    if entry.missing is not None:
        cut &= values != np.float32(entry.missing)
    return np.asarray(cut.any(axis=tuple(range(2, cut.ndim))), np.bool_)
