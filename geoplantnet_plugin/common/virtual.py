"""Virtual rasters that may come from elsewhere: only those that the engine writes for a map of tiles are opened.

GDAL lets a virtual raster name any file, address or program; here its sources must be GeoTIFFs in the tiles beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree  # nosec B405

from .tiff import is_geotiff

MOST_BYTES = 100 * 1024**2
"""Of the text, several times that of the largest that the engine writes."""
ELEMENTS = {
    "VRTDataset": {"rasterXSize", "rasterYSize"}, "SRS": set(), "GeoTransform": set(), "Metadata": set(),
    "MDI": {"key"}, "VRTRasterBand": {"dataType", "band"}, "Description": set(), "NoDataValue": set(), "Scale": set(),
    "ComplexSource": set(), "SourceFilename": {"relativeToVRT"}, "SourceBand": set(),
    "SrcRect": {"xOff", "yOff", "xSize", "ySize"}, "DstRect": {"xOff", "yOff", "xSize", "ySize"}, "NODATA": set(),
    "ScaleOffset": set(), "ScaleRatio": set()}
"""What such a file holds, with the attributes of each."""
IN_TILE = re.compile(r"(\.\./)?tiles/[^/\\]+/([a-z]+/)?[^/\\]+\.tif")


def is_mosaic(path: Path) -> bool:
    """Whether a file is a virtual raster of GeoTIFFs in the tiles beside it, and nothing else."""
    try:
        stat = path.stat()
    except OSError:
        return False
    return path.suffix == ".vrt" and stat.st_size <= MOST_BYTES and _is_mosaic(path, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _is_mosaic(path: Path, modified: int) -> bool:
    try:
        text = path.read_bytes()
        root = ElementTree.fromstring(text) if b"<!" not in text else None  # nosec B314
    except (OSError, ElementTree.ParseError, ValueError):
        return False
    if root is None or any(element.tag not in ELEMENTS or element.attrib.keys() - ELEMENTS[element.tag]
                           for element in root.iter()):
        return False
    names = list(root.iter("SourceFilename"))
    files = {name.text or "" for name in names}
    return all(name.get("relativeToVRT") == "1" for name in names) and all(
        IN_TILE.fullmatch(file) and is_geotiff(path.parent / file) for file in files)
