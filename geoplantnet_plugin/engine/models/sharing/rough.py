"""Patches encoded with less work than exactly, corrected by some that were encoded exactly.

What is left out is the border of a patch, which has seen zeros where there is land: the land's own map is taken
there. *Balanced* computes that map for patches that begin anywhere; *fast* only for those that begin where the network
strides, about a quarter of the work, and takes others between its places. Then every feature is corrected
by a gain and a shift, fitted on patches of the same strip that were encoded exactly: groups of patches that lie far
enough apart to differ and near enough to share most of their land, which is a quarter of the work of as many alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.land import ground_of, land_sums
from geoplantnet_plugin.engine.models.sharing.patches import SharedPatches

Values = NDArray[np.float32]
Places = NDArray[np.int64]

FITTED = 64
"""Patches of a strip that are encoded exactly, at least, for the correction."""
SIDE, APART = 4, 8
"""A group are the patches of every eighth cell in four rows and columns: networks stride alike in all of them."""
WORTHWHILE = 4096
"""In strips of fewer cells all patches are encoded exactly."""
ROWS = 128
"""Rows of cells that are encoded, and corrected, together."""


class RoughPatches:
    """The encoder of a patch up to its mean, for many cells at once, nearly; `speed` is ``balanced`` or ``fast``."""

    def __init__(self, exact: SharedPatches, speed: str) -> None:
        self._exact = exact
        self._coarse = speed == "fast"

    def encode(self, mosaic: Values, tops: Places, lefts: Places, listen: Callable[[], None]) -> Values:
        """Return the means as `SharedPatches.encode` does, nearly."""
        if len(tops) < WORTHWHILE:
            return self._exact.encode(mosaic, tops, lefts, listen)
        groups = fitted_groups(tops, lefts)
        fitted = np.concatenate(groups)
        truth = np.concatenate([self._exact.encode(mosaic, tops[group], lefts[group], listen) for group in groups])
        found = self._land(mosaic, tops, lefts, listen).reshape(len(tops), *truth.shape[1:])
        gain, shift = _line(found[fitted].astype(np.float64), truth.astype(np.float64))
        found = found * gain.astype(np.float32) + shift.astype(np.float32)
        found[fitted] = truth
        return found

    def _land(self, mosaic: Values, tops: Places, lefts: Places, listen: Callable[[], None]) -> Values:
        rows, row = np.unique(tops, return_inverse=True)
        cols, col = np.unique(lefts, return_inverse=True)
        zones = self._exact.zones
        down, along = (ground_of(zones, origins, which, whole=True, coarse=self._coarse)
                       for which, origins in enumerate((rows, cols)))
        total = land_sums(zones, mosaic, down, along, listen)
        total /= np.float32(self._exact.places)
        return np.ascontiguousarray(total[:, row, col].T)


def fitted_groups(tops: Places, lefts: Places) -> list[Places]:
    """Return groups of patches, by number, at least `FITTED` in all; no patch is in two of them."""
    (rows, row), (cols, col) = (np.unique(origins, return_inverse=True) for origins in (tops, lefts))
    rng, free = np.random.default_rng(len(tops)), np.ones(len(tops), np.bool_)
    groups: list[Places] = []
    while sum(map(len, groups)) < FITTED:
        at = rng.choice(np.flatnonzero(free))
        group = np.flatnonzero(free & _group(row, row[at], len(rows)) & _group(col, col[at], len(cols)))
        free[group] = False
        groups.append(group)
    return groups


def _group(places: Places, one: int, count: int) -> Any:
    """Return which of the `places` (0 to count − 1) are in the group of the place `one`."""
    first = one - APART * min(one // APART, max(0, SIDE - 1 - (count - 1 - one) // APART))
    return (places >= first) & (places < first + APART * SIDE) & ((places - first) % APART == 0)


def _line(found: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return gain and shift of each feature by least squares; a feature that does not vary is only shifted."""
    mean, wanted = found.mean(axis=0), truth.mean(axis=0)
    spread = ((found - mean) ** 2).sum(axis=0)
    together = ((found - mean) * (truth - wanted)).sum(axis=0)
    gain = np.divide(together, spread, out=np.ones_like(spread), where=spread > 1e-12)
    return gain, wanted - gain * mean
