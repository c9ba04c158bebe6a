"""Patches encoded with less work than exactly, corrected by some that were encoded exactly.

What is left out is the border of a patch, which has seen zeros where there is land: the land's own map is taken
there. *Balanced* computes that map for patches that begin anywhere; *fast* only for those that begin where the network
strides, about a quarter of the work, and takes others between its places. Then every feature is corrected
by a gain and a shift, fitted on patches of the same strip that were encoded exactly.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.land import ground_of, land_sums
from geoplantnet_plugin.engine.models.sharing.patches import SharedPatches

Values = NDArray[np.float32]
Places = NDArray[np.int64]

FITTED = 64
"""Patches of a strip that are encoded exactly, for the correction."""
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
        fitted = np.random.default_rng(len(tops)).choice(len(tops), FITTED, replace=False)
        truth = self._exact.alone(mosaic, tops[fitted], lefts[fitted], listen)
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


def _line(found: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return gain and shift of each feature by least squares; a feature that does not vary is only shifted."""
    mean, wanted = found.mean(axis=0), truth.mean(axis=0)
    spread = ((found - mean) ** 2).sum(axis=0)
    together = ((found - mean) * (truth - wanted)).sum(axis=0)
    gain = np.divide(together, spread, out=np.ones_like(spread), where=spread > 1e-12)
    return gain, wanted - gain * mean
