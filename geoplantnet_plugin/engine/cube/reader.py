"""The reader: the cube of a plan over local rasters, block by block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.bands import BandReader
from geoplantnet_plugin.engine.cube.block import CubeBlock
from geoplantnet_plugin.engine.cube.encodings import encoding
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.input_values import InputValues
from geoplantnet_plugin.engine.cube.matching import steps_of
from geoplantnet_plugin.engine.cube.patches import PatchReader
from geoplantnet_plugin.engine.cube.plan import CubePlan
from geoplantnet_plugin.engine.models.card import Card, ModelInput
from geoplantnet_plugin.engine.where.grid import Block, Grid


class LocalCube:
    """The predictors of a plan, read from rasters on disk or on the net. One thread at a time may read.

    A cell's inputs are the same to the bit whatever block it is read in. `listen` is called while a host is waited
    for, and may raise `Cancelled`.
    """

    def __init__(self, plan: CubePlan, grid: Grid, card: Card, listen: Callable[[], None] | None = None) -> None:
        self._grid = grid
        self._inputs = card.inputs
        self._bands = BandReader(listen)
        known = {(entry.input, entry.predictor, entry.step): entry for entry in plan.bindings}
        self._bindings = {entry.name: [known[entry.name, predictor.name, step] for predictor in entry.predictors
                                       for step in steps_of(entry)] for entry in card.inputs}
        self._patches = {entry.name: PatchReader(grid, entry, self._bindings[entry.name], self._bands)
                         for entry in card.inputs if entry.kind == "patch"}

    def read(self, block: Block, inside: NDArray[np.bool_]) -> CubeBlock:
        """Read the inputs of the cells of `block` where `inside` (height, width) is true.

        Left out are cells that lack anything of an input without a `missing` value, and cells that have
        nothing at all in any input.

        Raises:
            EngineError: ``cube_read_failed``, a file is gone, cut short or damaged.
        """
        cells = np.flatnonzero(inside).astype(np.int32)
        locator = Locator.of_cells(self._grid, block, cells)
        found = {entry.name: self._find(entry, block, cells, locator) for entry in self._inputs}
        keep = np.zeros(len(cells), bool)
        for entry in found.values():
            keep |= entry.something
        for required in (found[entry.name] for entry in self._inputs if entry.missing is None):
            keep &= required.whole
        lacking = np.concatenate([entry.gaps > 0 for entry in found.values()], axis=1)
        return CubeBlock(cells[keep], {name: entry.take(keep) for name, entry in found.items()}, cells, lacking)

    def close(self) -> None:
        """Close all files."""
        self._bands.close()

    def _find(self, entry: ModelInput, block: Block, cells: NDArray[np.int32], locator: Locator) -> InputValues:
        if entry.kind == "patch":
            return self._patches[entry.name].find(block, cells)
        values = encoding(entry.encoding)(self._bands.read(self._bindings[entry.name], locator))
        shape = (len(entry.predictors), *(entry.time_shape if entry.kind == "series" else ()))
        return InputValues.of(np.ascontiguousarray(values.T).reshape(len(cells), *shape), entry.missing)
