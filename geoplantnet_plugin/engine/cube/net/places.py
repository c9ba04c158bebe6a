"""Where the files of a source are that hold a place: one file, tiles by degrees, the pieces of a VRT."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from xml.etree import ElementTree  # nosec B405

from affine import Affine

from geoplantnet_plugin.common.addresses import joined_address, split_address
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geometry import Bounds, project_bounds
from geoplantnet_plugin.engine.cube.net.file import file_name
from geoplantnet_plugin.engine.cube.net.presets import Preset, Variable
from geoplantnet_plugin.engine.cube.net.remote import DAY, Remote
from geoplantnet_plugin.engine.services.cache import Cache, Document
from geoplantnet_plugin.engine.services.http import MEGABYTE

VRT_LIMIT = 64 * MEGABYTE
MOST_FILES = 400
"""Files of one variable that an area may touch."""
PAD_DEGREES = 0.005
"""Tiles of elevation models begin half a pixel beside the degree."""


def addresses(preset: Preset, variable: Variable, bounds: Bounds, crs: str, remote: Remote, cache: Cache,
              keep_days: float) -> list[str]:
    """Return the addresses of the files that hold a variable within `bounds`; tiles need not exist.

    Raises:
        EngineError: ``net_too_many_files``, ``net_vrt_invalid``, or the host of a VRT cannot be used.
    """
    if preset.kind == "file":
        return [preset.address.format(asset=variable.asset)]
    if preset.kind == "tiles":
        found = [preset.address.format(asset=variable.asset, **corner)
                 for corner in _corners(project_bounds(crs, "EPSG:4326", bounds), preset.tile_degrees)]
    else:
        url = preset.address.format(asset=variable.asset)
        found = list(_pieces(_vrt(url, remote, cache, keep_days), url, project_bounds(crs, preset.crs or crs, bounds)))
    if len(found) > MOST_FILES:
        raise EngineError("net_too_many_files", source=preset.name, count=len(found), limit=MOST_FILES)
    return found


def _corners(degrees: Bounds, step: int) -> Iterator[dict[str, object]]:
    """The lower left corners of the tiles, as parts of a name."""
    left, bottom, right, top = degrees
    for lat in _steps(bottom, top, step):
        for lon in _steps(left, right, step):
            yield {"ns": "S" if lat < 0 else "N", "lat": abs(lat), "ew": "W" if lon < 0 else "E", "lon": abs(lon)}


def _steps(low: float, high: float, step: int) -> range:
    first = math.floor((low - PAD_DEGREES) / step) * step
    return range(first, math.floor((high + PAD_DEGREES) / step) * step + 1, step)


def _vrt(url: str, remote: Remote, cache: Cache, keep_days: float) -> bytes:
    known = cache.document(url)
    if known and time.time() - known.fetched < keep_days * DAY:
        return known.body
    answer = remote.fetcher(url).get(url, VRT_LIMIT)
    _parsed(answer.body, url)
    cache.keep_document(url, Document(answer.body, answer.etag, answer.modified, time.time()))
    return answer.body


def _parsed(body: bytes, url: str) -> ElementTree.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # nothing in a VRT needs one, and entities can explode
        raise EngineError("net_vrt_invalid", host=split_address(url).netloc, file=file_name(url))
    try:
        root = ElementTree.fromstring(body)  # nosec B314
    except ElementTree.ParseError as error:
        raise EngineError("net_vrt_invalid", host=split_address(url).netloc, file=file_name(url)) from error
    if root.tag != "VRTDataset":
        raise EngineError("net_vrt_invalid", host=split_address(url).netloc, file=file_name(url))
    return root


def _pieces(body: bytes, url: str, bounds: Bounds) -> Iterator[str]:
    """The files of a VRT that meet `bounds` in its CRS; a name that leads out of the VRT's folder is refused."""
    root = _parsed(body, url)
    folder = url.rpartition("/")[0] + "/"
    try:
        transform = Affine.from_gdal(*(float(part) for part in (root.findtext("GeoTransform") or "").split(",")))
        sources = [source for band in root.iter("VRTRasterBand") for source in band if source.tag.endswith("Source")]
        for source in sources:
            place, name = source.find("DstRect"), source.find("SourceFilename")
            if place is None or name is None or not name.text:
                continue
            col, row, width, height = (float(place.attrib[key]) for key in ("xOff", "yOff", "xSize", "ySize"))
            if _meet(transform, col, row, width, height, bounds):
                address = joined_address(url, name.text.strip())
                if name.get("relativeToVRT") != "1" or not address.startswith(folder):
                    raise ValueError(name.text)
                yield address
    except (TypeError, ValueError, KeyError) as error:
        raise EngineError("net_vrt_invalid", host=split_address(url).netloc, file=file_name(url)) from error


def _meet(transform: Affine, col: float, row: float, width: float, height: float, bounds: Bounds) -> bool:
    left, top = transform.c + col * transform.a, transform.f + row * transform.e
    right, bottom = left + width * transform.a, top + height * transform.e
    return left < bounds[2] and right > bounds[0] and bottom < bounds[3] and top > bounds[1]
