"""Opens rasters with GDAL, without QGIS layers."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal

from ..common.virtual import is_mosaic
from ..i18n import tr
from .problem import LayerProblem

DRIVERS = ["GTiff", "AAIGrid", "HFA", "EHdr", "SAGA", "GPKG", "netCDF"]
"""Formats that are opened: what a folder from elsewhere names must be a raster here, not a way to somewhere else."""


def open_raster(path: Path | str | None) -> gdal.Dataset:
    """Open a raster file for reading.

    Raises:
        LayerProblem: there is none, or GDAL cannot read it.
    """
    drivers = [*DRIVERS, "VRT"] if path and is_mosaic(Path(path)) else DRIVERS
    try:
        dataset = (gdal.OpenEx(str(path), gdal.OF_RASTER, allowed_drivers=drivers) if path and Path(path).is_file()
                   else None)
    except (OSError, RuntimeError):  # GDAL raises where another plugin has asked it to
        dataset = None
    if dataset is None:
        raise LayerProblem(tr("{file} cannot be read. Check that it lies where the assessment was written.").format(
            file=path))
    return dataset


def value_at(dataset: gdal.Dataset, band: int, row: int, col: int) -> float | None:
    """Return the value of a pixel in the band's unit, None outside the raster and where there is no data."""
    if not (0 <= row < dataset.RasterYSize and 0 <= col < dataset.RasterXSize):
        return None
    source = dataset.GetRasterBand(band)
    value = float(source.ReadAsArray(col, row, 1, 1)[0, 0])
    nodata = source.GetNoDataValue()
    if value != value or value == nodata:
        return None
    return value * (source.GetScale() or 1.0) + (source.GetOffset() or 0.0)
