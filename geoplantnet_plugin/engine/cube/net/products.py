"""Products: one raster that a fetch writes, and how each block of it is computed from rasters on the net."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.geobox import GeoBox
from geoplantnet_plugin.engine.cube.net.layer import Layer, read_onto
from geoplantnet_plugin.engine.cube.net.presets import Preset, Scenes, Variable
from geoplantnet_plugin.engine.cube.net.remote import Remote
from geoplantnet_plugin.engine.cube.net.stac import Scene
from geoplantnet_plugin.engine.cube.sampling import Values, Window, choose_resampling

MISSING_INT16 = -32_768
CLEAR = "clear_observations"
"""The band of a composite that counts the clear images of each pixel."""

Work = Callable[[], Values]
Gather = Callable[[Sequence[Work]], list[Values]]
"""Does pieces of work at the same time and returns what they gave, in order."""


@dataclass(frozen=True)
class Written:
    """One band as it is written: value = stored × `scale` + `offset`, in `unit`."""

    name: str
    title: str
    unit: str
    scale: float
    offset: float


@dataclass(frozen=True)
class Mosaic:
    """One variable from files side by side; where they overlap the first with a value counts.

    A pixel is `ratio` source pixels wide. `source_dtype` and `source_nodata` are those of the files, which are kept
    where pixels are taken as they are.
    """

    preset: Preset
    variable: Variable
    geobox: GeoBox
    parts: tuple[Layer, ...]
    ratio: float
    source_dtype: str
    source_nodata: float | None
    as_they_are: bool

    @property
    def stem(self) -> str:
        return f"{self.preset.name}_{self.variable.name}"

    @property
    def bands(self) -> tuple[Written, ...]:
        variable = self.variable
        return (Written(variable.name, variable.title, variable.unit, variable.scale, variable.offset),)

    @property
    def dtype(self) -> str:
        keep = (self.as_they_are or self.variable.categorical) and self.source_nodata is not None
        return self.source_dtype if keep else "float32"

    @property
    def nodata(self) -> float:
        return float("nan") if self.dtype == "float32" or self.source_nodata is None else self.source_nodata

    @property
    def origin(self) -> dict[str, str]:
        return {"SOURCE_URL": " ".join(part.url for part in self.parts), "PERIOD": self.preset.period}

    def layers(self) -> Iterator[Layer]:
        yield from self.parts

    def compute(self, block: Window, remote: Remote, gather: Gather) -> Values:
        geobox, method = self.geobox.part(block), choose_resampling(self.variable.categorical, self.ratio)
        result = np.full((1, geobox.height, geobox.width), np.nan, np.float32)
        for values in gather([partial(read_onto, remote, part, geobox, method) for part in self.parts]):
            result[0] = np.where(np.isnan(result[0]), values, result[0])
        return result


@dataclass(frozen=True)
class Composite:
    """The median, pixel by pixel, of what is clear in several scenes, in multiples of the preset's unit."""

    preset: Preset
    rules: Scenes
    variables: tuple[Variable, ...]
    geobox: GeoBox
    scenes: tuple[Scene, ...]
    period: str

    dtype = "int16"
    nodata = float(MISSING_INT16)

    @property
    def stem(self) -> str:
        return self.preset.name

    @property
    def bands(self) -> tuple[Written, ...]:
        return (*(Written(entry.name, entry.title, entry.unit, 1.0, 0.0) for entry in self.variables),
                Written(CLEAR, "number of clear images", "", 1.0, 0.0))

    @property
    def ratio(self) -> float:
        """Width of a pixel in source pixels: a composite's geobox is in metres."""
        return self.geobox.transform.a / self.preset.resolution

    @property
    def origin(self) -> dict[str, str]:
        return {"SOURCE_URL": self.preset.address, "COLLECTION": self.rules.collection, "PERIOD": self.period,
                "SCENES": " ".join(scene.id for scene in self.scenes)}

    def layers(self) -> Iterator[Layer]:
        for scene in self.scenes:
            yield from (*scene.bands, scene.mask)

    def compute(self, block: Window, remote: Remote, gather: Gather) -> Values:
        geobox = self.geobox.part(block)
        nearest, bilinear = (choose_resampling(categorical, self.ratio) for categorical in (True, False))
        classes = gather([partial(read_onto, remote, scene.mask, geobox, nearest) for scene in self.scenes])
        clear = [~np.isnan(entry) & ~np.isin(entry, self.rules.masked) for entry in classes]
        used = [at for at, entry in enumerate(clear) if entry.any()]
        result = np.full((len(self.variables) + 1, geobox.height, geobox.width), np.nan, np.float32)
        count = np.zeros((geobox.height, geobox.width), np.int16)
        for band in range(len(self.variables)):
            stored = gather([partial(read_onto, remote, self.scenes[at].bands[band], geobox, bilinear)
                             for at in used])
            stack = [self._reflectance(values, self.scenes[at], band, clear[at])
                     for values, at in zip(stored, used, strict=True)]
            result[band] = median(stack, (geobox.height, geobox.width))
            if band == 0:
                count = np.sum([~np.isnan(values) for values in stack], axis=0, dtype=np.int16) if stack else count
        result[-1] = count
        return result

    def _reflectance(self, stored: Values, scene: Scene, band: int, clear: NDArray[np.bool_]) -> Values:
        factor, offset = scene.scales[band] / self.rules.unit, scene.offsets[band] / self.rules.unit
        return np.where(clear, stored * np.float32(factor) + np.float32(offset), np.float32(np.nan))


Product = Union[Mosaic, Composite]
"""One raster that is written: `stem` names its file, `bands` describe it, `dtype` and `nodata` are its stored values',
`origin` are tags on what it was made from, `ratio` is the width of a pixel in source pixels, `layers` are all rasters
that may be read for it; `compute` gives the stored values (bands, height, width) of a block, NaN where missing."""


def median(stack: Sequence[Values], shape: tuple[int, int]) -> Values:
    """Return the median (height, width) of the values that are there, to the nearest whole number; NaN without any.

    Of an even number of values it is the mean of the two in the middle.
    """
    if not stack:
        return np.full(shape, np.nan, np.float32)
    ordered = np.sort(np.stack(stack), axis=0)  # NaN last
    count = np.sum(~np.isnan(ordered), axis=0)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    pair = [np.take_along_axis(ordered, np.minimum(at, len(stack) - 1)[None], axis=0)[0] for at in (low, high)]
    middle = np.rint((pair[0] + pair[1]) / 2)
    limits = np.iinfo(np.int16)
    return np.where(count > 0, np.clip(middle, limits.min + 1, limits.max), np.float32(np.nan)).astype(np.float32)


def as_stored(values: Values, dtype: str, nodata: float) -> NDArray[Any]:
    """Return values as they are written: whole numbers with `nodata` for NaN, or float32."""
    if dtype == "float32":
        return values
    return np.where(np.isnan(values), nodata, np.rint(values)).astype(dtype)
