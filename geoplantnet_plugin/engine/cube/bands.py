"""Bands: the values of bindings at places of a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.opening import read_failed
from geoplantnet_plugin.engine.cube.plan import Binding
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sampling import Positions, Values, Window, sample

MAX_VALUES = 4 * 1024**2
"""More values of pixels (16 MB), or an eighth of that of cells, are read in halves."""
CORNER_METHODS = ("average", "mode")


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
                                        first.resampling in CORNER_METHODS)
            if len(at):
                result[np.ix_(np.array(group.rows), np.flatnonzero(within))] = self._values(group, at)
        return result

    def close(self) -> None:
        """Close all files."""
        self._rasters.close()

    def _values(self, group: _Group, at: Positions) -> Values:
        first = group.bindings[0]
        window = at.window(first.band.shape)
        if max(window.pixels, 8 * len(at)) * len(group.bindings) > MAX_VALUES and len(at) > 1:
            half = len(at) // 2
            parts = (at.part(slice(None, half)), at.part(slice(half, None)))
            return np.concatenate([self._values(group, part) for part in parts], axis=1)
        stored = np.concatenate([self._stored(bindings, window) for bindings in group.by_file()])
        found = sample(first.resampling, stored, window, first.band.shape, at, first.ratio)
        scale = np.array([[binding.band.scale] for binding in group.bindings], np.float32)
        offset = np.array([[binding.band.offset] for binding in group.bindings], np.float32)
        return found * scale + offset

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
