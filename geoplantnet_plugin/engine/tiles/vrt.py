"""GDAL's virtual raster: many rasters of one grid as one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent  # nosec B405

from geoplantnet_plugin.common.assessment import BELOW_FLOOR_TAG, SCALE_TAG
from geoplantnet_plugin.engine.base.files import writing

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

GDAL_TYPES = {"uint8": "Byte", "float32": "Float32", "uint16": "UInt16", "int16": "Int16"}


@dataclass(frozen=True)
class Source:
    """One band of a raster; with `fill`, that value wherever the raster has one."""

    path: Path
    band: int = 1
    fill: float | None = None


def write_vrt(path: Path, bands: Sequence[Sequence[Source]]) -> None:
    """Write a virtual raster whose `bands` come from the sources of each, which all lie on one grid.

    Paths are relative; title, scale and nodata of a band are those of its first source that has no `fill`.
    """
    with ExitStack() as stack:
        rasters = {source: stack.enter_context(raster) for source, raster in _opened(bands)}
        frame = _Frame.around(list(rasters.values()))
        one = next(iter(rasters.values()))
        root = Element("VRTDataset", rasterXSize=str(frame.width), rasterYSize=str(frame.height))
        SubElement(root, "SRS").text = one.crs.to_wkt()
        SubElement(root, "GeoTransform").text = (f"{frame.left!r}, {frame.step!r}, 0.0, {frame.top!r}, 0.0, "
                                                 f"{-frame.step!r}")
        _tags(root, one)
        for number, sources in enumerate(bands, 1):
            _band(root, number, [(source, rasters[source.path]) for source in sources], frame, path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    indent(root)
    with writing(path) as temporary:
        ElementTree(root).write(temporary, encoding="utf-8")


def _opened(bands: Sequence[Sequence[Source]]) -> Iterator[tuple[Path, DatasetReader]]:
    import rasterio

    for path in dict.fromkeys(source.path for sources in bands for source in sources):
        yield path, rasterio.open(path)


@dataclass(frozen=True)
class _Frame:
    """The upper left corner and the step (m) of the whole, and its cells."""

    left: float
    top: float
    step: float
    height: int
    width: int

    @classmethod
    def around(cls, rasters: Sequence[DatasetReader]) -> _Frame:
        step = rasters[0].transform.a
        left, top = min(raster.bounds.left for raster in rasters), max(raster.bounds.top for raster in rasters)
        right, bottom = max(raster.bounds.right for raster in rasters), min(raster.bounds.bottom for raster in rasters)
        return cls(left, top, step, round((top - bottom) / step), round((right - left) / step))

    def place(self, raster: DatasetReader) -> tuple[int, int]:
        """Return the row and column of a raster's first cell."""
        return round((self.top - raster.bounds.top) / self.step), round((raster.bounds.left - self.left) / self.step)


def _tags(root: Element, one: DatasetReader) -> None:
    tags = {name: text for name, text in one.tags().items() if name in (SCALE_TAG, BELOW_FLOOR_TAG)}
    if tags:
        metadata = SubElement(root, "Metadata")
        for name, text in sorted(tags.items()):
            SubElement(metadata, "MDI", key=name).text = text


def _band(root: Element, number: int, sources: Sequence[tuple[Source, DatasetReader]], frame: _Frame, folder: Path
          ) -> None:
    first, one = min(sources, key=lambda entry: entry[0].fill is not None)
    index = first.band - 1
    band = SubElement(root, "VRTRasterBand", dataType=GDAL_TYPES[one.dtypes[index]], band=str(number))
    say = partial(_say, band)
    say("Description", one.descriptions[index] or "")
    say("NoDataValue", one.nodata)
    if one.scales[index] != 1:
        say("Scale", repr(one.scales[index]))
    for source, raster in sources:
        row, col = frame.place(raster)
        part = SubElement(band, "ComplexSource")
        relative = Path(os.path.relpath(source.path, folder)).as_posix()
        SubElement(part, "SourceFilename", relativeToVRT="1").text = relative
        _say(part, "SourceBand", source.band)
        width, height = str(raster.width), str(raster.height)
        SubElement(part, "SrcRect", xOff="0", yOff="0", xSize=width, ySize=height)
        SubElement(part, "DstRect", xOff=str(col), yOff=str(row), xSize=width, ySize=height)
        _say(part, "NODATA", raster.nodata)
        if source.fill is not None:
            _say(part, "ScaleOffset", source.fill)
            _say(part, "ScaleRatio", 0)


def _say(parent: Element, name: str, value: Any) -> None:
    SubElement(parent, name).text = str(value)
