"""Opens rasters with GDAL, without QGIS layers."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal

from ..i18n import tr
from .problem import LayerProblem


def open_raster(path: Path | str | None) -> gdal.Dataset:
    """Open a raster for reading.

    Raises:
        LayerProblem: there is none, or GDAL cannot read it.
    """
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_RASTER) if path else None
    except RuntimeError:  # GDAL raises where another plugin has asked it to
        dataset = None
    if dataset is None:
        raise LayerProblem(tr("{file} cannot be read. Check that it lies where the assessment was written.").format(
            file=path))
    return dataset
