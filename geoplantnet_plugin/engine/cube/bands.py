"""Bands: the values of bindings at places of a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.opening import read_failed
from geoplantnet_plugin.engine.cube.plan import Binding
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sampling import Floats, Positions, Values, Window, at_centres
from geoplantnet_plugin.engine.cube.whole_cells import METHODS, over_cells, over_large_cell

MAX_VALUES = 4 * 1024**2
"""More values of pixels (16 MB), or an eighth of that of cells, are read in parts."""


class BandReader:
    """Reads bindings from files that stay open; bands on the same pixels share their positions and windows."""

    def __init__(self, listen: Callable[[], None] | None = None) -> None:
        self._rasters = Rasters(listen)

    def read(self, bindings: Sequence[Binding], locator: Locator) -> Values:
        """Return the values (bindings, places) in the predictors' units, NaN where missing.

        Raises:
            EngineError: ``cube_read_failed``, a file is gone, cut short or damaged; ``net_read_failed``.
        """
        result = np.full((len(bindings), len(locator)), np.nan, np.float32)
        for group in _groups(bindings):
            first = group.bindings[0]
            within, at = locator.locate(first.crs, first.band.transform, first.band.shape,
                                        first.resampling in METHODS)
            if len(at):
                result[np.ix_(np.array(group.rows), np.flatnonzero(within))] = self._values(group, at)
        return result

    def close(self) -> None:
        """Close all files."""
        self._rasters.close()

    def _values(self, group: _Group, at: Positions) -> Values:
        found = self._sampled(group, at)
        scale = np.array([[binding.band.scale] for binding in group.bindings], np.float32)
        offset = np.array([[binding.band.offset] for binding in group.bindings], np.float32)
        return found * scale + offset

    def _sampled(self, group: _Group, at: Positions) -> Values:
        first = group.bindings[0]
        window = at.window(first.band.shape)
        if group.is_too_much(window, at) and len(at) > 1:
            return np.concatenate([self._sampled(group, part) for part in at.halves()], axis=1)
        if first.resampling not in METHODS:
            return at_centres(first.resampling, self._pixels(group, window), window, first.band.shape, at)
        if group.is_too_much(window, at):
            return over_large_cell(first.resampling, partial(self._picked, group), at, first.ratio)
        return over_cells(first.resampling, self._pixels(group, window), window, at, first.ratio)

    def _picked(self, group: _Group, positions: Floats) -> Values:
        """Return the values (bands, n) of the pixels at positions (2, n), NaN beyond the raster."""
        height, width = group.bindings[0].band.shape
        within = np.logical_and.reduce((positions >= 0) & (positions < [[width], [height]]))
        picked = np.full((len(group.bindings), len(within)), np.nan, np.float32)
        if within.any():
            picked[:, within] = self._nearest(group, Positions(positions[:, within]))
        return picked

    def _nearest(self, group: _Group, at: Positions) -> Values:
        shape = group.bindings[0].band.shape
        window = at.window(shape)
        if group.is_too_much(window, at) and len(at) > 1:
            return np.concatenate([self._nearest(group, part) for part in at.halves()], axis=1)
        return at_centres("nearest", self._pixels(group, window), window, shape, at)

    def _pixels(self, group: _Group, window: Window) -> Values:
        return np.concatenate([self._stored(bindings, window) for bindings in group.by_file()])

    def _stored(self, bindings: Sequence[Binding], window: Window) -> Values:
        from rasterio.errors import RasterioError

        bands = [binding.band for binding in bindings]
        try:
            return self._rasters.read(bands[0].path, [band.index for band in bands],
                                      [band.nodata for band in bands], window)
        except (RasterioError, EngineError) as error:
            raise read_failed(bindings[0].label, bands[0].path, error) from error


@dataclass(frozen=True)
class _Group:
    """Bindings whose bands lie on the same pixels and are sampled alike; `rows` are their places in the result."""

    rows: list[int]
    bindings: list[Binding]

    def is_too_much(self, window: Window, at: Positions) -> bool:
        """Whether these places and their pixels are not to be in memory at once."""
        return max(window.pixels, 8 * len(at)) * len(self.bindings) > MAX_VALUES

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
