"""Addresses on the net, and those by which GDAL and QGIS name rasters that are no file. Standard library only.

A member of an archive (``/vsizip//maps/env.zip/warm.tif``), a variable or table of a container
(``NETCDF:"clim.nc":warm``, ``GPKG:both.gpkg:wet``), a folder that is one raster (``warm.zarr``, an ESRI grid).
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from .errors import EngineError

ARCHIVES = ("/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/")
CONTAINERS = re.compile(r"^(NETCDF|HDF5|HDF4_SDS|HDF4_EOS|GPKG|ZARR|GTIFF_DIR|BAG|S102|RASTERLITE):", re.IGNORECASE)
"""Drivers whose addresses name a part of a file; those that ask the net are not among them."""
RASTER_FOLDERS = ("hdr.adf", ".zgroup", ".zarray", ".zmetadata", "zarr.json")
"""Files that tell that their folder is one raster."""


def split_address(url: str) -> SplitResult:
    """Return the parts of an address on the net.

    Raises:
        EngineError: ``service_bad_address``: it cannot be one, such as ``http://[::1``.
    """
    try:
        return urlsplit(url)
    except ValueError as error:
        raise _bad_address(url) from error


def joined_address(url: str, relative: str) -> str:
    """Return where `relative`, found at `url`, leads.

    Raises:
        EngineError: as `split_address`.
    """
    try:
        return urljoin(url, relative)
    except ValueError as error:
        raise _bad_address(relative) from error


def _bad_address(url: str) -> EngineError:
    return EngineError("service_bad_address", address=url.partition("?")[0][:200])


def local_file(address: str) -> Path | None:
    """Return the file, or the folder that is one raster, behind a path or an address; None where there is none."""
    try:
        return _found(address)
    except (OSError, ValueError):  # too long, or with a zero byte
        return None


def is_address(path: str) -> bool:
    """Whether a path is none of a file, but one that GDAL understands."""
    return bool(CONTAINERS.match(path)) or path.startswith(ARCHIVES)


def is_raster_folder(folder: Path) -> bool:
    """Whether a folder is one raster."""
    return any((folder / name).is_file() for name in RASTER_FOLDERS)


def part_name(address: str) -> str:
    """Return what a raster is called: the variable or table of a container, else the file's name without its ending."""
    if CONTAINERS.match(address):
        part = re.split(r"[:/]", address.rstrip("/"))[-1].strip('"')
        return "" if part.isdigit() else part
    return Path(re.sub(r"\.gz$", "", address, flags=re.IGNORECASE)).stem


def _found(address: str) -> Path | None:
    if CONTAINERS.match(address):
        return _in_container(address)
    archive = next((prefix for prefix in ARCHIVES if address.startswith(prefix)), None)
    if archive is None:
        path = Path(address)
        return path if path.is_file() or (path.is_dir() and is_raster_folder(path)) else None
    inside = address.removeprefix(archive)
    if inside.startswith("{"):
        return _found(inside[1:].partition("}")[0])
    if inside.startswith(ARCHIVES):
        return _found(inside)
    path = Path(inside)
    return next((place for place in (path, *path.parents) if place.is_file()), None)


def _in_container(address: str) -> Path | None:
    """Return the longest piece between colons, of which quoted ones hold the whole path, that is a file."""
    rest = address.partition(":")[2]
    if quoted := re.findall(r'"([^"]*)"', rest):
        return _found(quoted[0])
    pieces = rest.split(":")
    spans = [(first, last) for first in range(len(pieces)) for last in range(len(pieces), first, -1)]
    for first, last in sorted(spans, key=lambda span: span[0] - span[1]):
        text = ":".join(pieces[first:last])
        if text and not CONTAINERS.match(text) and (found := _found(text)):
            return found
    return None
