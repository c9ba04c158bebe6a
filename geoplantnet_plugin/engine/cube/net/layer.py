"""Layers: rasters on the net, and how their pixels are brought onto those that are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geobox import GeoBox, shifted
from geoplantnet_plugin.engine.cube.geometry import Bounds, project_bounds
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.sampling import Resampling, Values, Window
from geoplantnet_plugin.engine.cube.sources import crs_text
from geoplantnet_plugin.engine.cube.stored import read_stored

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

WARP_TOLERANCE = 0.01
"""Source pixels that GDAL's interpolated coordinates may be wrong by; its own default, 0.125, shows at block edges."""
PAD = 2
"""Pixels around a window that a resampling may look at."""
MOST_PIXELS = 64_000_000
"""Pixels of one band that are read at once."""


def native_geobox(dataset: DatasetReader, crs: str, bounds: Bounds, bounds_crs: str, clip: bool) -> GeoBox:
    """Return the pixels of a raster's own lattice that hold `bounds`, `PAD` more around; cut to the raster by `clip`.

    Raises:
        EngineError: ``net_outside``, nothing of a raster that is cut to lies there.
    """
    left, bottom, right, top = project_bounds(bounds_crs, crs, bounds)
    transform = dataset.transform
    cols = sorted(((left - transform.c) / transform.a, (right - transform.c) / transform.a))
    rows = sorted(((top - transform.f) / transform.e, (bottom - transform.f) / transform.e))
    if not np.isfinite([*cols, *rows]).all():
        raise EngineError("net_outside", bounds=[round(value, 4) for value in bounds])
    col0, row0 = math.floor(cols[0]) - PAD, math.floor(rows[0]) - PAD
    col1, row1 = math.ceil(cols[1]) + PAD, math.ceil(rows[1]) + PAD
    if clip:
        col0, row0, col1, row1 = max(col0, 0), max(row0, 0), min(col1, dataset.width), min(row1, dataset.height)
    if col1 <= col0 or row1 <= row0:
        raise EngineError("net_outside", bounds=[round(value, 4) for value in bounds])
    return GeoBox(crs, shifted(transform, col0, row0), row1 - row0, col1 - col0)


@dataclass(frozen=True)
class Layer:
    """One band of one raster on the net. `crs` and `nodata` are for a file that states none."""

    url: str
    band: int = 1
    crs: str | None = None
    nodata: float | None = None


def layer_crs(layer: Layer, dataset: DatasetReader) -> str:
    """Return the CRS of a layer.

    Raises:
        EngineError: ``net_no_crs``, ``net_rotated``.
    """
    if dataset.transform.b or dataset.transform.d:
        raise EngineError("net_rotated", file=layer.url)
    crs = crs_text(dataset.crs) or layer.crs
    if crs is None:
        raise EngineError("net_no_crs", file=layer.url)
    return crs


def source_window(layer: Layer, dataset: DatasetReader, geobox: GeoBox) -> Window | None:
    """Return the pixels of a layer that `geobox` needs; None where they have nothing in common."""
    crs = layer_crs(layer, dataset)
    at = geobox.pixels_of(dataset.transform) if crs == geobox.crs else None
    if at is not None:
        row0, col0, row1, col1 = at[0], at[1], at[0] + geobox.height, at[1] + geobox.width
    else:
        try:
            found = native_geobox(dataset, crs, geobox.bounds, geobox.crs, clip=True)
        except EngineError:
            return None
        row0, col0 = found.pixels_of(dataset.transform) or (0, 0)
        row1, col1 = row0 + found.height, col0 + found.width
    row0, col0, row1, col1 = max(row0, 0), max(col0, 0), min(row1, dataset.height), min(col1, dataset.width)
    if row1 <= row0 or col1 <= col0:
        return None
    return Window(row0, col0, row1 - row0, col1 - col0)


def wanted(remote: Remote, layer: Layer, geobox: GeoBox) -> list[tuple[int, int]]:
    """Return the byte ranges of a layer that `geobox` needs and that are not cached yet."""
    with remote.open(layer.url) as dataset:
        window = source_window(layer, dataset, geobox)
        return [] if window is None else remote.ranges(layer.url, dataset, [layer.band], window)


def download(remote: Remote, layer: Layer, geobox: GeoBox) -> None:
    """Bring into the cache what `geobox` needs of a layer."""
    remote.fetch_all(layer.url, wanted(remote, layer, geobox))


def read_onto(remote: Remote, layer: Layer, geobox: GeoBox, method: Resampling) -> Values:
    """Return the stored values (height, width) of a layer on the pixels of `geobox`, NaN where there is none.

    On one lattice pixels are taken as they are; elsewhere GDAL resamples by `method`, leaving out missing pixels.

    Raises:
        EngineError: ``net_window_too_large`` (pixels far finer than `geobox`), or whatever keeps it from being read.
    """
    with remote.open(layer.url) as dataset:
        window = source_window(layer, dataset, geobox)
        if window is not None and window.pixels > MOST_PIXELS:
            raise EngineError("net_window_too_large", file=layer.url, pixels=window.pixels, limit=MOST_PIXELS)
        result = np.full((geobox.height, geobox.width), np.nan, np.float32)
        if window is None:
            return result
        remote.fetch_all(layer.url, remote.ranges(layer.url, dataset, [layer.band], window))
        values = _stored(dataset, layer, window)
        crs = layer_crs(layer, dataset)
        at = geobox.pixels_of(dataset.transform) if crs == geobox.crs else None
        if at is None:
            return _warp(values, crs, shifted(dataset.transform, window.col, window.row), geobox, method)
    row, col = window.row - at[0], window.col - at[1]
    result[row:row + window.height, col:col + window.width] = values
    return result


def _stored(dataset: DatasetReader, layer: Layer, window: Window) -> Values:
    own = dataset.nodatavals[layer.band - 1]
    values: Values = read_stored(dataset, [layer.band], [layer.nodata if own is None else own], window)[0]
    return values


def _warp(values: Values, crs: str, transform: Affine, geobox: GeoBox, method: Resampling) -> Values:
    from rasterio.enums import Resampling as Methods
    from rasterio.warp import reproject

    result = np.full((geobox.height, geobox.width), np.nan, np.float32)
    reproject(values, result, src_transform=transform, src_crs=crs, src_nodata=np.nan, dst_transform=geobox.transform,
              dst_crs=geobox.crs, dst_nodata=np.nan, resampling=Methods[method], tolerance=WARP_TOLERANCE)
    return result
