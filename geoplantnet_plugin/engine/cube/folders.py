"""Folders and zips of rasters, a file a variable."""

from __future__ import annotations

import zipfile
from pathlib import Path

from geoplantnet_plugin.common.addresses import is_address, is_raster_folder, local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.remote import is_remote

RASTER_SUFFIXES = frozenset(
    (".tif", ".tiff", ".vrt", ".img", ".asc", ".bil", ".flt", ".jp2", ".nc", ".grd", ".sdat", ".gpkg", ".grb", ".grb2",
     ".grib", ".hgt", ".rst", ".xyz", ".png", ".bmp"))
"""What counts as a raster inside a folder; a file that is named itself may be anything GDAL opens."""


def members(path: str) -> list[str] | None:
    """Return the rasters in a folder or zip, None where the path itself is one.

    Raises:
        EngineError: ``cube_source_missing``, ``cube_source_empty``, ``cube_source_unreadable``.
    """
    if is_remote(path) or (is_address(path) and local_file(path)):
        return None
    entry = Path(path)
    if local_file(path) and entry.suffix.lower() != ".zip":
        return None if entry.is_absolute() else [str(entry.absolute())]
    if not _exists(entry):
        raise EngineError("cube_source_missing", path=path)
    if entry.is_dir():
        found = [str(file.absolute()) for file in sorted(entry.iterdir())
                 if (_is_raster_name(file.name) or (file.is_dir() and is_raster_folder(file)))]
    else:
        found = [f"/vsizip/{entry.absolute()}/{name}" for name in _names_in(entry) if _is_raster_name(Path(name).name)]
    if not found:
        raise EngineError("cube_source_empty", path=path)
    return found


def _exists(entry: Path) -> bool:
    try:
        return entry.exists()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


def _is_raster_name(name: str) -> bool:
    return Path(name).suffix.lower() in RASTER_SUFFIXES and not name.startswith(".")  # such are in the making


def _names_in(archive: Path) -> list[str]:
    try:
        with zipfile.ZipFile(archive) as opened:
            return sorted(opened.namelist())
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise EngineError("cube_source_unreadable", path=str(archive)) from error
