"""Derive variables from an elevation raster, window by window, into one multi-band GeoTIFF."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.cube.geobox import GeoBox
from geoplantnet_plugin.engine.cube.sampling import Window, windows
from geoplantnet_plugin.engine.cube.sources import SIMULATED_TAG, is_simulated
from geoplantnet_plugin.engine.cube.terrain import HORIZON
from geoplantnet_plugin.engine.cube.terrain.sun import Inside
from geoplantnet_plugin.engine.cube.terrain.variables import Array, Ground, Variable, parse_variable
from geoplantnet_plugin.engine.cube.terrain.weather import Weather, open_weather
from geoplantnet_plugin.engine.where.grid import raster_window

SPAN = 25_000.0
"""Side of a window in metres at most: within it one latitude and one direction of north are used (0.2° off)."""
MAX_SIDE, BLOCK = 512, 16
MAX_MARGIN = 1000
"""Cells a variable may look around; more would not fit in memory. With it a window takes about 0.6 GB."""
METRES = {"", "m", "metre", "meter", "metres", "meters"}


@dataclass(frozen=True)
class Place:
    """Where a piece of a grid lies: `latitude` in degrees; `axes` as in `surface.gradient`, with determinant 1;
    `scale`, the true metres in one metre of the grid."""

    latitude: float
    axes: Array
    scale: float


def derive_terrain(dem_path: Path, out_path: Path, variables: Sequence[str], reporter: Reporter,
                   climate: Path | None = None, horizon: float = HORIZON) -> list[Variable]:
    """Write the `variables` (``slope``, ``tpi:500``, ``srad:6`` …; see `VARIABLES`) of a DEM as bands of a GeoTIFF.

    `dem_path` holds elevations in metres in band 1, in a projected CRS in metres with square north-up cells;
    `climate` is a file for `open_weather`; mountains up to `horizon` metres away shade the sun. Results are
    float32 on the DEM's cells, NaN for missing; bands carry name, unit and source. The file appears whole or not
    at all. Memory does not depend on the DEM's size.

    Raises:
        EngineError: ``cube_dem_…``, ``cube_terrain_…``, ``cube_climate_…``.
        Cancelled: between windows; nothing is left behind.
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    chosen = [parse_variable(text) for text in variables]
    weather = _weather(chosen, climate)
    if out_path.resolve() == dem_path.resolve():
        raise EngineError("cube_terrain_same_file", file=dem_path)
    try:
        dem = rasterio.open(dem_path)
    except RasterioIOError as error:
        raise EngineError("cube_dem_unreadable", file=dem_path) from error
    with dem:
        cell = _cell(dem, dem_path)
        out_path.parent.mkdir(parents=True, exist_ok=True)
        with writing(out_path) as temporary, rasterio.open(temporary, "w", **_profile(dem, len(chosen))) as out:
            _describe(out, chosen, dem)
            tiles = list(_tiles(dem.height, dem.width, cell))
            for done, tile in enumerate(tiles):
                reporter.checkpoint()
                reporter.progress("terrain", done, len(tiles))
                _write(out, tile, _ground(dem, tile, cell, chosen, horizon, weather), chosen)
            reporter.progress("terrain", len(tiles), len(tiles))
    return chosen


def _weather(chosen: Sequence[Variable], climate: Path | None) -> Weather | None:
    needing = [variable.name for variable in chosen if variable.climate]
    if climate is None:
        if needing:
            raise EngineError("cube_terrain_no_climate", variables=needing)
        return None
    weather = open_weather(climate)
    if any(variable.water for variable in chosen):
        if not weather.has_precipitation:
            raise EngineError("cube_climate_invalid", file=climate, reason="no precipitation")
        if weather.rates.clear_share is None:
            raise EngineError("cube_climate_invalid", file=climate, reason="no clear_share")
    return weather


def _cell(dem: Any, path: Path) -> float:
    """Return the side of the cells in metres after checking that there is one."""
    if dem.crs is None:
        raise EngineError("cube_dem_no_crs", file=path)
    if not dem.crs.is_projected or dem.crs.linear_units_factor[1] != 1.0:
        raise EngineError("cube_dem_not_metric", file=path, crs=dem.crs.to_string())
    grid = dem.transform
    if grid.b or grid.d or grid.a <= 0 or grid.e >= 0 or not math.isclose(grid.a, -grid.e, rel_tol=1e-3):
        raise EngineError("cube_dem_not_square", file=path)
    if (dem.units[0] or "").strip().lower() not in METRES:
        raise EngineError("cube_dem_unit", file=path, unit=dem.units[0])
    return float(grid.a)


def _margin(chosen: Sequence[Variable], cell: float, horizon: float) -> int:
    """Return the cells to read around a window."""
    reach = max([variable.reach for variable in chosen] + [horizon for variable in chosen if variable.shaded])
    if not 0 <= reach <= 1.001 * MAX_MARGIN * cell:
        raise EngineError("cube_terrain_too_far", reach=reach, limit=MAX_MARGIN * cell)
    return math.ceil(reach / cell) + 1


def _profile(dem: Any, count: int) -> dict[str, Any]:
    return {"driver": "GTiff", "height": dem.height, "width": dem.width, "count": count, "dtype": "float32",
            "crs": dem.crs, "transform": dem.transform, "nodata": math.nan, "compress": "deflate", "predictor": 3,
            "tiled": True, "blockxsize": 256, "blockysize": 256, "interleave": "band", "bigtiff": "if_safer"}


def _describe(out: Any, chosen: Sequence[Variable], dem: Any) -> None:
    if is_simulated(dem.tags()):
        out.update_tags(**{SIMULATED_TAG: "yes"})
    for index, variable in enumerate(chosen, start=1):
        out.set_band_description(index, variable.name)
        out.set_band_unit(index, variable.unit)
        out.update_tags(index, SOURCE=variable.source)


def _tiles(rows: int, cols: int, cell: float) -> Iterator[Window]:
    return windows(rows, cols, max(BLOCK, min(MAX_SIDE, int(SPAN / cell) // BLOCK * BLOCK)))


def _ground(dem: Any, tile: Window, cell: float, chosen: Sequence[Variable], horizon: float,
            weather: Weather | None) -> Ground:
    from rasterio.windows import transform

    here = place(dem.crs, *dem.xy(tile.row + tile.height / 2, tile.col + tile.width / 2, offset="ul"))
    seen = _around(tile, _margin(chosen, cell * here.scale, horizon), dem.height, dem.width)
    stored = dem.read(1, window=raster_window(seen), masked=True)
    elevation: Array = np.ma.filled(stored.astype(np.float64), np.nan) * dem.scales[0] + dem.offsets[0]
    row, col = tile.row - seen.row, tile.col - seen.col
    inside: Inside = (slice(row, row + tile.height), slice(col, col + tile.width))
    box = GeoBox(dem.crs.to_wkt(), transform(raster_window(tile), dem.transform), tile.height, tile.width)
    return Ground(elevation, inside, cell * here.scale, here.latitude, here.axes, horizon,
                  weather.on(box, elevation[inside]) if weather else None)


def _around(tile: Window, margin: int, rows: int, cols: int) -> Window:
    """Return a window with `margin` cells around it, inside a raster of `rows` × `cols`."""
    top, left = max(0, tile.row - margin), max(0, tile.col - margin)
    bottom, right = min(rows, tile.row + tile.height + margin), min(cols, tile.col + tile.width + margin)
    return Window(top, left, bottom - top, right - left)


def place(crs: Any, x: float, y: float) -> Place:
    """Return where the point (`x`, `y`) of a grid lies on the WGS84 ellipsoid."""
    from pyproj import Geod

    lon, lat = _to_degrees(crs.to_wkt()).transform([x, x + 500, x, x - 500, x], [y, y, y + 500, y, y - 500])
    azimuth, _, length = Geod(ellps="WGS84").inv([lon[3], lon[4]], [lat[3], lat[4]], lon[1:3], lat[1:3])
    angle = np.radians(azimuth)
    true = np.array([np.sin(angle), np.cos(angle)]) * np.asarray(length) / 1000
    scale = float(np.sqrt(abs(np.linalg.det(true))))
    return Place(float(lat[0]), np.linalg.inv(true) * scale, scale)


@lru_cache(maxsize=4)
def _to_degrees(crs: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _write(out: Any, tile: Window, ground: Ground, chosen: Sequence[Variable]) -> None:
    for index, variable in enumerate(chosen, start=1):
        out.write(variable.compute(ground).astype(np.float32), index, window=raster_window(tile))
