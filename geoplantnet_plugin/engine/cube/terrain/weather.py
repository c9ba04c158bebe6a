"""Where climate comes from: one station, or a coarse grid, both carried to the ground by lapse rates."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.geobox import GeoBox
from geoplantnet_plugin.engine.cube.terrain.climate import LAPSE_RATE, at_elevation
from geoplantnet_plugin.engine.cube.terrain.variables import MonthlyClimate

Array = NDArray[np.float64]

MAX_BYTES = 1_000_000
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Rates:
    """What changes with elevation: °C and mm a month per metre; and the share of clear-sky radiation."""

    temperature: float = LAPSE_RATE
    precipitation: float = 0.0
    clear_share: float | None = None


class Weather(Protocol):
    """Gives the climate of a window."""

    @property
    def has_precipitation(self) -> bool:
        """Whether precipitation is known."""
        ...

    @property
    def rates(self) -> Rates:
        """What carries the values up and down."""
        ...

    def on(self, frame: GeoBox, elevation: Array) -> MonthlyClimate:
        """Return the climate of the cells of `frame`, whose elevations (height, width) are in metres."""
        ...


@dataclass(frozen=True)
class Station:
    """Monthly means of one place at `elevation` metres: °C, and mm a month or None."""

    elevation: float
    temperature: tuple[float, ...]
    precipitation: tuple[float, ...] | None
    rates: Rates

    @property
    def has_precipitation(self) -> bool:
        return self.precipitation is not None

    def on(self, frame: GeoBox, elevation: Array) -> MonthlyClimate:
        return carry(_column(self.temperature), None if self.precipitation is None else _column(self.precipitation),
                     np.asarray(self.elevation), elevation, self.rates)


@dataclass(frozen=True)
class CoarseGrid:
    """A coarse raster with bands named ``elevation`` (m), ``tas_01`` … ``tas_12`` (°C), ``pr_01`` … (mm a month).

    Its values and its own elevation are read bilinearly on the fine cells; the difference in elevation then
    carries them up or down. The file's scale and offset are applied.
    """

    path: Path
    bands: dict[str, int]
    rates: Rates

    @property
    def has_precipitation(self) -> bool:
        return "pr_01" in self.bands

    def on(self, frame: GeoBox, elevation: Array) -> MonthlyClimate:
        reference = self._read(["elevation"], frame)[0]
        temperature = self._read([f"tas_{month:02d}" for month in MONTHS], frame)
        precipitation = self._read([f"pr_{month:02d}" for month in MONTHS], frame) if self.has_precipitation else None
        return carry(temperature, precipitation, reference, elevation, self.rates)

    def _read(self, names: list[str], frame: GeoBox) -> Array:
        import rasterio
        from rasterio.enums import Resampling
        from rasterio.vrt import WarpedVRT

        numbers = [self.bands[name] for name in names]
        with rasterio.open(self.path) as raster, WarpedVRT(
                raster, crs=frame.crs, transform=frame.transform, height=frame.height, width=frame.width,
                resampling=Resampling.bilinear, dtype="float64", nodata=np.nan) as fine:
            values = fine.read(numbers)
            scale = np.array([raster.scales[number - 1] for number in numbers])
            offset = np.array([raster.offsets[number - 1] for number in numbers])
        return np.asarray(values * scale[:, None, None] + offset[:, None, None])


def carry(temperature: Array, precipitation: Array | None, reference: Array, elevation: Array,
          rates: Rates) -> MonthlyClimate:
    """Return monthly values (12, …) that hold at `reference` metres, at `elevation`; rain never below 0."""
    wet = None
    if precipitation is not None:
        wet = np.maximum(at_elevation(precipitation, reference, elevation, rates.precipitation), 0.0)
    return MonthlyClimate(at_elevation(temperature, reference, elevation, rates.temperature), wet, rates.clear_share)


def _column(values: tuple[float, ...]) -> Array:
    return np.asarray(values, np.float64)[:, None, None]


def open_weather(path: Path) -> Weather:
    """Read a climate file: JSON of a station, or JSON that names a coarse raster beside it.

    Station: ``{"elevation": m, "temperature": [12 × °C], "precipitation": [12 × mm]}``; grid:
    ``{"raster": "file.tif"}``. Both may state ``lapse_rate`` (°C per metre, default `LAPSE_RATE`),
    ``precipitation_rate`` (mm a month per metre, default 0) and ``clear_share`` (0–1, needed for moisture).

    Raises:
        EngineError: ``cube_climate_invalid`` names the file and what is wrong with it.
    """
    content = _content(path)
    rates = Rates(_number(path, content, "lapse_rate", -0.1, 0.1, LAPSE_RATE),
                  _number(path, content, "precipitation_rate", -10, 10, 0.0),
                  None if content.get("clear_share") is None else _number(path, content, "clear_share", 0, 1))
    if "raster" in content:
        return _grid(path, str(content["raster"]), rates)
    precipitation = None if content.get("precipitation") is None else _months(path, content, "precipitation", 0, 5000)
    return Station(_number(path, content, "elevation", -500, 9000), _months(path, content, "temperature", -90, 60),
                   precipitation, rates)


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError("cube_climate_invalid", file=path, reason=str(error)) from error
    if not isinstance(content, dict):
        raise EngineError("cube_climate_invalid", file=path, reason="no JSON object")
    return content


def _number(path: Path, content: dict[str, Any], key: str, low: float, high: float,
            default: float | None = None) -> float:
    return _checked(path, key, content.get(key, default), low, high)


def _months(path: Path, content: dict[str, Any], key: str, low: float, high: float) -> tuple[float, ...]:
    values = content.get(key)
    if not isinstance(values, list) or len(values) != 12:
        raise EngineError("cube_climate_invalid", file=path, reason=f"{key}: not a list of 12 numbers")
    return tuple(_checked(path, key, value, low, high) for value in values)


def _checked(path: Path, key: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) \
            or not low <= value <= high:
        raise EngineError("cube_climate_invalid", file=path, reason=f"{key}: {value} is no number from {low} to {high}")
    return float(value)


def _grid(path: Path, name: str, rates: Rates) -> CoarseGrid:
    import rasterio
    from rasterio.errors import RasterioIOError

    raster_path = path.parent / Path(name).name
    try:
        with rasterio.open(raster_path) as raster:
            bands = {name: index for index, name in enumerate(raster.descriptions, start=1) if name}
            located = raster.crs is not None and (raster.crs.is_projected or raster.crs.is_geographic)
    except RasterioIOError as error:
        raise EngineError("cube_climate_invalid", file=raster_path, reason=str(error)) from error
    wanted = ["elevation", *(f"tas_{month:02d}" for month in MONTHS)]
    if "pr_01" in bands:
        wanted += [f"pr_{month:02d}" for month in MONTHS]
    missing = [name for name in wanted if name not in bands]
    if missing or not located:
        reason = f"no bands named {', '.join(missing)}" if missing else "no coordinate reference system"
        raise EngineError("cube_climate_invalid", file=raster_path, reason=reason)
    return CoarseGrid(raster_path, bands, rates)
