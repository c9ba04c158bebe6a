"""Stored values with their validity: the file's mask *and* its alpha band *and* nodata, whichever there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from geoplantnet_plugin.engine.cube.sampling import Values, Window
from geoplantnet_plugin.engine.where.grid import raster_window

if TYPE_CHECKING:
    from rasterio.enums import MaskFlags
    from rasterio.io import DatasetReader


ALPHA = ("alpha", "opacity", "transparency")
HUGE = 1e38
"""No predictor is so large: such values were written for *missing*, and rounded since, or never declared."""


def alpha_bands(dataset: DatasetReader) -> list[int]:
    """Return the numbers of the bands that hold no values but opacity: called so, else marked so.

    A marked band that is called otherwise is one of values: GDAL marks the second band of a TIFF whatever it holds.
    """
    from rasterio.enums import ColorInterp

    names = [(description or "").strip().lower() for description in dataset.descriptions]
    called = [index for index, name, kind in zip(dataset.indexes, names, dataset.dtypes, strict=True)
              if name in ALPHA and "float" not in kind]
    return called or [index for index, name, meaning in zip(dataset.indexes, names, dataset.colorinterp, strict=True)
                      if meaning == ColorInterp.alpha and not name]


def read_stored(dataset: DatasetReader, bands: Sequence[int], nodata: Sequence[float | None], window: Window,
                out_shape: tuple[int, int] | None = None) -> Values:
    """Return the stored values (bands, height, width) of a window, NaN where missing.

    `nodata`, one a band, is the value that means missing; where it is another one than the file's, that of the file
    is a value. Opacity 0 is missing however many bands there are: GDAL's own mask sees it in files of 2 or 4 only.
    """
    kwargs = {"window": raster_window(window)}
    stored = dataset.read(list(bands), masked=True, out_shape=(len(bands), *out_shape) if out_shape else None, **kwargs)
    missing = np.ma.getmaskarray(stored).copy()
    flags, own = dataset.mask_flag_enums, dataset.nodatavals  # of all bands, looked up anew at each asking
    for at, (band, told) in enumerate(zip(bands, nodata, strict=True)):
        if _says_no_more(flags[band - 1], own[band - 1], told):
            missing[at] = False
        if told is not None:
            missing[at] |= stored.data[at] == told
    for alpha in alpha_bands(dataset):
        missing |= dataset.read(alpha, out_shape=out_shape, **kwargs) == 0
    with np.errstate(over="ignore"):
        values: Values = stored.data.astype(np.float32)
    values[missing | ~(np.abs(values) < HUGE)] = np.nan
    return values


def _says_no_more(flags: Sequence[MaskFlags], own: float | None, told: float | None) -> bool:
    """Whether GDAL's mask is that of opacity, which is read apart, or of a nodata value that another one replaces."""
    from rasterio.enums import MaskFlags

    replaced = told is not None and own is not None and told != own and not (np.isnan(told) and np.isnan(own))
    return MaskFlags.alpha in flags or (replaced and MaskFlags.nodata in flags)
