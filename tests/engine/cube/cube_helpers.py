"""Small rasters, areas and cards for the cube's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.plan import make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import Card, ModelInput, Predictor
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Block, Grid

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


class Heard(Reporter):
    """Keeps warnings."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.params: list[dict[str, Any]] = []

    def warning(self, code: str, **params: Any) -> None:
        self.codes.append(code)
        self.params.append(params)


def card_of(*predictors: Predictor, **options: Any) -> Card:
    """A card with one input of these predictors."""
    entry = {"name": "x", "kind": "point", "predictors": predictors, "resolution": 250.0, **options}
    return Card("c", "", "", "", "", (ModelInput(**entry),), "y", Scale.SIGMOID, "lambda", 50, False, (), (), (),
                None, None, None, {})


def named(*names: str, **options: Any) -> Card:
    """A card with one input of predictors known by name only."""
    return card_of(*(Predictor(name, name, "") for name in names), **options)


def area_of(shape: shapely.Geometry, crs: str) -> Area:
    """An area in the grid's CRS."""
    return Area(geopandas.GeoDataFrame(geometry=[shape], crs=crs), shape, crs, shape.area / 1e4)


def cube_of(card: Card, grid: Grid, *sources: str, **options: Any) -> LocalCube:
    """The cube of a card over the whole grid."""
    area = area_of(shapely.box(*grid.bounds), grid.crs)
    return LocalCube(make_plan(card, open_sources(sources), grid, area, **options), grid, card)


def area_in_degrees(left: float, bottom: float, right: float, top: float, crs: str) -> Area:
    """The square of a projected CRS around a box in degrees."""
    box = geopandas.GeoSeries([shapely.box(left, bottom, right, top)], crs="EPSG:4326").to_crs(crs)
    return area_of(shapely.box(*box.total_bounds), crs)


def write(path: Path, values: np.ndarray, transform: Affine, crs: str | None = "EPSG:3035", *,
          names: tuple[str, ...] = (), nodata: float | None = None, scale: float = 1, offset: float = 0,
          unit: str = "") -> str:
    """Write (bands, height, width) as a GeoTIFF."""
    count, height, width = values.shape
    with rasterio.open(path, "w", driver="GTiff", count=count, height=height, width=width, dtype=values.dtype,
                       crs=crs, transform=transform, nodata=nodata) as dataset:
        dataset.write(values)
        for band, name in enumerate(names, 1):
            dataset.set_band_description(band, name)
        dataset.scales = [scale] * count
        dataset.offsets = [offset] * count
        dataset.units = [unit] * count
    return str(path)


def whole(grid: Grid) -> Block:
    """The whole grid as one block."""
    return Block(0, 0, 0, grid.height, grid.width)


def image(cube: Any, grid: Grid, name: str = "x") -> np.ndarray:
    """Read the whole grid at once: (predictors, height, width), NaN where a cell is left out."""
    block = cube.read(whole(grid), np.ones((grid.height, grid.width), bool))
    values = block.inputs[name]
    result = np.full((grid.height * grid.width, values.shape[1]), np.nan, np.float32)
    result[block.cells] = values
    return result.T.reshape(-1, grid.height, grid.width)
