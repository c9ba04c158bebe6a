"""Opening the files of an assessment, which may come from elsewhere: as what they must be, or not at all."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import is_geopackage
from geoplantnet_plugin.common.tiff import is_geotiff

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from rasterio.io import DatasetReader


def file_of(folder: Path, name: str) -> Path:
    """Return a file of an assessment; a manifest that points out of its folder is not followed.

    Raises:
        EngineError: there is no such file in the folder.
    """
    try:
        path = (folder / name).resolve()
        there = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # no file can have such a name
        there = False
    if not there:
        raise EngineError("assessment_unreadable", folder=folder, reason=f"{name[:100]} is missing")
    return path


@contextmanager
def layer_raster(path: Path) -> Iterator[DatasetReader]:
    """Open a raster of an assessment, with the GeoTIFF driver only and without looking at what lies beside it.

    Raises:
        EngineError: it is no GeoTIFF, or damaged.
    """
    import rasterio
    from rasterio.errors import RasterioError, RasterioIOError

    if not is_geotiff(path):
        raise EngineError("assessment_file", file=path, format="GeoTIFF")
    try:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(path, driver="GTiff") as dataset:
            yield dataset
    except (RasterioError, RasterioIOError) as error:
        raise EngineError("assessment_damaged", file=path) from error


def layer_table(path: Path, layer: str) -> GeoDataFrame:
    """Read a layer of an assessment's GeoPackage.

    Raises:
        EngineError: it is no GeoPackage, or has no such layer.
    """
    import geopandas

    if not is_geopackage(path):
        raise EngineError("assessment_file", file=path, format="GeoPackage")
    try:
        return geopandas.read_file(path, layer=layer, engine="pyogrio")
    except Exception as error:  # pyogrio's exceptions share no base but this
        raise EngineError("assessment_file", file=path, format="GeoPackage") from error


@contextmanager
def reading_foreign(folder: Path) -> Iterator[None]:
    """Raise `EngineError` for what a manifest or table has in a place where something else is expected.

    The schema says what a manifest holds, but one from elsewhere may follow none.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, ZeroDivisionError, RuntimeError,
            MemoryError, sqlite3.Error) as error:  # RuntimeError: PROJ's; MemoryError: numbers beyond all bounds
        logging.getLogger(__name__).info("unreadable", exc_info=True)
        raise EngineError("assessment_unreadable", folder=folder, reason=f"{type(error).__name__}: {error}"[:300]
                          ) from error
