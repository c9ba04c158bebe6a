"""The reader: the cube of a plan over local rasters, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.block import CubeBlock
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.plan import Binding, CubePlan
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sampling import Positions, Values, Window, sample
from geoplantnet_plugin.engine.errors import EngineError
from geoplantnet_plugin.engine.grid import Block, Grid
from geoplantnet_plugin.engine.models.card import Card, ModelInput

MAX_PIXELS = 16 * 1024**2
"""A window of more pixels (64 MiB a band) is read in halves."""
CORNER_METHODS = ("average", "mode")


class LocalCube:
    """The predictors of a plan, read from local rasters. One thread at a time may read.

    A cell's inputs are the same to the bit whatever block it is read in.
    """

    def __init__(self, plan: CubePlan, grid: Grid, card: Card) -> None:
        self._grid = grid
        self._inputs = card.inputs
        self._bindings = {(binding.predictor, binding.step): binding for binding in plan.bindings}
        self._rasters = Rasters()

    def read(self, block: Block, inside: NDArray[np.bool_]) -> CubeBlock:
        """Read the inputs of the cells of `block` where `inside` (height, width) is true.

        Cells without data in an input that has no `missing` value are left out.

        Raises:
            EngineError: ``cube_read_failed``, a file is gone, cut short or damaged.
        """
        cells = np.flatnonzero(inside).astype(np.int32)
        locator = Locator(self._grid, block, cells)
        values = {entry.name: self._input(entry, locator, len(cells)) for entry in self._inputs}
        keep = np.ones(len(cells), bool)
        for entry in self._inputs:
            found = values[entry.name]
            if entry.missing is None:
                keep &= ~np.isnan(found.reshape(len(cells), -1)).any(axis=1)
            else:
                found[np.isnan(found)] = entry.missing
        return CubeBlock(cells[keep], {name: found[keep] for name, found in values.items()})

    def close(self) -> None:
        """Close all files."""
        self._rasters.close()

    def _input(self, entry: ModelInput, locator: Locator, count: int) -> Values:
        result = np.full((len(entry.predictors), count), np.nan, np.float32)
        bindings = [self._bindings[predictor.name, ""] for predictor in entry.predictors]
        for group in _groups(bindings):
            result[group.rows] = self._sample(group, locator, count)
        return np.ascontiguousarray(result.T)

    def _sample(self, group: _Group, locator: Locator, count: int) -> Values:
        """Return the values (bands of the group, cells)."""
        first = group.bindings[0]
        result = np.full((len(group.bindings), count), np.nan, np.float32)
        within, at = locator.locate(first.crs, first.band.transform, first.band.shape,
                                    first.resampling in CORNER_METHODS)
        if len(at):
            result[:, within] = self._values(group, at)
        return result

    def _values(self, group: _Group, at: Positions) -> Values:
        first = group.bindings[0]
        window = at.window(first.band.shape)
        if window.pixels > MAX_PIXELS and len(at) > 1:
            half = len(at) // 2
            parts = (at.part(slice(None, half)), at.part(slice(half, None)))
            return np.concatenate([self._values(group, part) for part in parts], axis=1)
        stored = np.concatenate([self._read(bindings, window) for bindings in group.by_file()])
        found = sample(first.resampling, stored, window, first.band.shape, at, first.ratio)
        scale = np.array([[binding.band.scale] for binding in group.bindings], np.float32)
        offset = np.array([[binding.band.offset] for binding in group.bindings], np.float32)
        return found * scale + offset

    def _read(self, bindings: Sequence[Binding], window: Window) -> Values:
        from rasterio.errors import RasterioError

        bands = [binding.band for binding in bindings]
        try:
            return self._rasters.read(bands[0].path, [band.index for band in bands],
                                      [band.nodata for band in bands], window)
        except RasterioError as error:
            raise EngineError("cube_read_failed", predictor=bindings[0].label, file=bands[0].path) from error


@dataclass(frozen=True)
class _Group:
    """Bindings whose bands lie on the same pixels and are sampled alike; `rows` are their channels."""

    rows: list[int]
    bindings: list[Binding]

    def by_file(self) -> Iterable[list[Binding]]:
        """Yield runs of bindings of the same file, so that a file's bands are read together."""
        run: list[Binding] = []
        for binding in self.bindings:
            if run and run[0].band.path != binding.band.path:
                yield run
                run = []
            run.append(binding)
        yield run


def _groups(bindings: Sequence[Binding]) -> Iterable[_Group]:
    groups: dict[object, _Group] = {}
    for row, binding in enumerate(bindings):
        key = (binding.crs, binding.band.transform, binding.band.shape, binding.resampling, binding.ratio)
        group = groups.setdefault(key, _Group([], []))
        group.rows.append(row)
        group.bindings.append(binding)
    return groups.values()
