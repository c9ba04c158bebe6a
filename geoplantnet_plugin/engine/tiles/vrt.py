"""GDAL's virtual raster: many rasters of one grid as one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from geoplantnet_plugin.engine.base.files import writing

GDAL_TYPES = {"uint8": "Byte", "float32": "Float32"}


@dataclass(frozen=True)
class Head:
    """What a raster of one band says of itself; `left`, `top`, `step` in metres."""

    path: Path
    left: float
    top: float
    step: float
    height: int
    width: int
    crs: str
    dtype: str
    nodata: Any
    title: str

    @classmethod
    def read(cls, path: Path) -> Head:
        """Open a raster and look."""
        import rasterio

        with rasterio.open(path) as raster:
            return cls(path, raster.bounds.left, raster.bounds.top, raster.transform.a, raster.height, raster.width,
                       raster.crs.to_wkt(), raster.dtypes[0], raster.nodata, raster.descriptions[0] or "")


def write_vrt(path: Path, rasters: Sequence[Path]) -> None:
    """Write the virtual raster of rasters of one band that lie on one grid, with relative paths."""
    heads = [Head.read(raster) for raster in rasters]
    one, step = heads[0], heads[0].step
    left, top = min(head.left for head in heads), max(head.top for head in heads)
    width = max(_steps(head.left - left, step) + head.width for head in heads)
    height = max(_steps(top - head.top, step) + head.height for head in heads)
    root = Element("VRTDataset", rasterXSize=str(width), rasterYSize=str(height))
    SubElement(root, "SRS").text = one.crs
    SubElement(root, "GeoTransform").text = f"{left!r}, {step!r}, 0.0, {top!r}, 0.0, {-step!r}"
    band = SubElement(root, "VRTRasterBand", dataType=GDAL_TYPES[one.dtype], band="1")
    SubElement(band, "Description").text = one.title
    SubElement(band, "NoDataValue").text = str(one.nodata)
    for head in heads:
        _add(band, head, path.parent, _steps(head.left - left, step), _steps(top - head.top, step))
    path.parent.mkdir(parents=True, exist_ok=True)
    indent(root)
    with writing(path) as temporary:
        ElementTree(root).write(temporary, encoding="utf-8")


def _add(band: Element, head: Head, folder: Path, col: int, row: int) -> None:
    source = SubElement(band, "ComplexSource")
    SubElement(source, "SourceFilename", relativeToVRT="1").text = Path(os.path.relpath(head.path, folder)).as_posix()
    SubElement(source, "SourceBand").text = "1"
    width, height = str(head.width), str(head.height)
    SubElement(source, "SrcRect", xOff="0", yOff="0", xSize=width, ySize=height)
    SubElement(source, "DstRect", xOff=str(col), yOff=str(row), xSize=width, ySize=height)
    SubElement(source, "NODATA").text = str(head.nodata)


def _steps(metres: float, step: float) -> int:
    return round(metres / step)
