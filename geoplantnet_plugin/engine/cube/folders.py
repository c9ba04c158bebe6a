"""Folders and archives of rasters, a file a variable."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from pathlib import Path

from geoplantnet_plugin.common.addresses import is_address, is_raster_folder, local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.remote import is_remote

RASTER_SUFFIXES = frozenset(
    (".tif", ".tiff", ".vrt", ".img", ".asc", ".bil", ".flt", ".jp2", ".nc", ".grd", ".sdat", ".gpkg", ".grb", ".grb2",
     ".grib", ".hgt", ".rst", ".xyz", ".png", ".bmp"))
"""What counts as a raster inside a folder; a file that is named itself may be anything GDAL opens."""
TARS = (".tar", ".tgz", ".tar.gz")
PACKED = (".zip", *TARS, ".gz")


def members(path: str) -> list[str] | None:
    """Return the rasters in a folder or archive, None where the path itself is one.

    Raises:
        EngineError: ``cube_source_missing``, ``cube_source_empty``, ``cube_source_unreadable``.
    """
    if is_remote(path) or (is_address(path) and local_file(path)):
        return None
    entry = Path(path)
    if local_file(path) and not entry.name.lower().endswith(PACKED):
        return None if entry.is_absolute() else [str(entry.absolute())]
    if not path.strip() or not _exists(entry):  # a blank path would be the folder that one happens to be in
        raise EngineError("cube_source_missing", path=path)
    if entry.is_dir():
        found = [str(file.absolute()) for file in sorted(entry.iterdir())
                 if (_is_raster_name(file.name) or (file.is_dir() and is_raster_folder(file)))]
    else:
        found = _packed(entry)
    if not found:
        raise EngineError("cube_source_empty", path=path)
    return found


def _exists(entry: Path) -> bool:
    try:
        return entry.exists()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


def _is_raster_path(inside: str) -> bool:
    return _is_raster_name(inside.rpartition("/")[2])


def _is_raster_name(name: str) -> bool:
    return Path(name).suffix.lower() in RASTER_SUFFIXES and not name.startswith(".")  # such are in the making


def _packed(archive: Path) -> list[str]:
    """Return GDAL's addresses of the rasters in an archive; of a file that is packed alone, its own."""
    name, place = archive.name.lower(), archive.absolute()
    if not name.endswith((".zip", *TARS)):
        return [f"/vsigzip/{place}"]
    try:
        if name.endswith(TARS):
            with tarfile.open(archive) as tar:
                names = sorted(inside.removeprefix("./") for inside in tar.getnames())
                return [f"/vsitar/{place}/{inside}" for inside in names if _is_raster_path(inside)]
        with zipfile.ZipFile(archive) as opened:
            return [f"/vsizip/{place}/{inside}" for inside in sorted(opened.namelist()) if _is_raster_path(inside)]
    except (OSError, EOFError, ValueError, zlib.error, tarfile.TarError, zipfile.BadZipFile) as error:
        raise EngineError("cube_source_unreadable", path=str(archive)) from error
