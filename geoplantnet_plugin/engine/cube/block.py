"""The contract between the cube and whoever scores it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.where.grid import Block


@dataclass(frozen=True, eq=False)
class Patches:
    """The patches of n cells as windows of one `mosaic` (bands, rows, columns), float32 without gaps.

    A patch has every `dilation`-th place from (`tops`, `lefts`) on. It is an array (n, bands, height, width) wherever
    one is asked for, cut out only then: whole patches of a block would be some hundred times the mosaic.
    """

    mosaic: NDArray[np.float32]
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]
    size: tuple[int, int]
    dilation: int = 1

    dtype = np.dtype(np.float32)

    def __len__(self) -> int:
        return len(self.tops)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return (len(self.tops), len(self.mosaic), *self.size)

    def __getitem__(self, key: Any) -> NDArray[np.float32]:
        """Index as the array would be, the cells by a number, a slice or an array."""
        cells, *rest = key if isinstance(key, tuple) else (key,)
        chosen = np.arange(len(self))[cells]
        return self._cut(np.atleast_1d(chosen))[(slice(None) if chosen.ndim else 0, *rest)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self._cut(np.arange(len(self))).astype(dtype or self.dtype, copy=False)

    def some(self, cells: NDArray[np.int64]) -> Patches:
        """Return the patches of some cells."""
        return replace(self, tops=self.tops[cells], lefts=self.lefts[cells])

    def centres(self) -> NDArray[np.float32]:
        """Return the values (n, bands) in the middle of each patch."""
        down, along = (self.dilation * (side // 2) for side in self.size)
        return np.ascontiguousarray(self.mosaic[:, self.tops + down, self.lefts + along].T)

    def lattices(self) -> Iterator[tuple[NDArray[np.int64], Patches]]:
        """Yield the patches whose places lie on one lattice without gaps, and which of the cells these are."""
        rows, cols = self.tops % self.dilation, self.lefts % self.dilation
        for row in range(self.dilation):
            for col in range(self.dilation):
                cells = np.flatnonzero((rows == row) & (cols == col))
                if len(cells):
                    yield cells, Patches(self.mosaic[:, row::self.dilation, col::self.dilation],
                                         self.tops[cells] // self.dilation, self.lefts[cells] // self.dilation,
                                         self.size)

    def _cut(self, cells: NDArray[np.int64]) -> NDArray[np.float32]:
        height, width = (self.dilation * (side - 1) + 1 for side in self.size)
        patches = np.empty((len(cells), *self.shape[1:]), np.float32)
        corners = zip(self.tops[cells].tolist(), self.lefts[cells].tolist(), strict=True)
        for patch, (top, left) in zip(patches, corners, strict=True):
            patch[:] = self.mosaic[:, top:top + height:self.dilation, left:left + width:self.dilation]
        return patches


CellValues = NDArray[np.float32] | Patches
"""One input of n cells."""


@dataclass(frozen=True)
class CubeBlock:
    """The model inputs of the cells of a block whose predictors are all there.

    `cells` (n,) int32 are flat positions in the block, ascending. `inputs` maps the model's input name to
    float32 values in the predictors' units: `point` (n, predictors), `patch` (n, bands, height, width), an array or
    `Patches`, `series` (n, bands, time…). Of all cells that were asked for, with `asked` (m,) int32 as their flat
    positions, `lacking` (m, predictors) says which predictors of all inputs have a gap.
    """

    cells: NDArray[np.int32]
    inputs: Mapping[str, CellValues]
    asked: NDArray[np.int32]
    lacking: NDArray[np.bool_]


class Cube(Protocol):
    """Predictors bound to sources on a grid."""

    def read(self, block: Block, inside: NDArray[np.bool_]) -> CubeBlock:
        """Read the inputs of the cells where `inside` (height, width) is true."""
        ...
