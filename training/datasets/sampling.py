"""Predictors at plots, read by the plugin's own engine: a plot gets what a cell centred on it would be given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.bands import BandReader
from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.cube.matching import match, slots
from geoplantnet_plugin.engine.cube.plan import Binding, bind, usable_crs
from geoplantnet_plugin.engine.cube.sources import find_bands
from geoplantnet_plugin.engine.cube.survey import Points
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.where.grid import Grid

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rasters:
    """Where predictors come from: raster files and folders; `crs` is for rasters that have none."""

    paths: tuple[str, ...]
    crs: str | None = None


def sample(inputs: Sequence[ModelInput], rasters: Rasters, xy: Floats, crs: str,
           resolution: float) -> list[NDArray[np.float32]]:
    """Return each input's values (n, predictors, …) at places `xy` (n, 2) of the projected `crs`, NaN where missing.

    Cells have `resolution` metres. Raises `EngineError` where a predictor has no band, or several.
    """
    grid = Grid(crs, resolution, float(xy[:, 0].min()), float(xy[:, 1].max()), 1, 1)
    col, row = (xy[:, 0] - grid.left) / resolution, (grid.top - xy[:, 1]) / resolution
    bound = _bind(inputs, rasters, grid, np.median(xy, axis=0))
    bands = BandReader()
    try:
        return [_values(entry, bands, bound[entry.name], grid, col, row) for entry in inputs]
    finally:
        bands.close()


@dataclass(frozen=True)
class _Wanted:
    """As much of a card as matching looks at."""

    inputs: tuple[ModelInput, ...]


def _bind(inputs: Sequence[ModelInput], rasters: Rasters, grid: Grid, middle: Floats) -> dict[str, list[Binding]]:
    wanted = slots(_Wanted(tuple(inputs)))  # type: ignore[arg-type]
    found = match(wanted, find_bands(rasters.paths))
    bound: dict[str, list[Binding]] = {entry.name: [] for entry in inputs}
    centre = Points(grid.crs, middle[:1], middle[1:])
    for slot in wanted:
        band, how = found[slot.key]
        crs = usable_crs(slot.label, band, rasters.crs)
        bound[slot.input.name].append(bind(slot, band, crs, how, None, grid, centre, 100.0))
    return bound


def _values(entry: ModelInput, bands: BandReader, bound: list[Binding], grid: Grid, col: Floats,
            row: Floats) -> NDArray[np.float32]:
    if entry.kind != "patch":
        values = bands.read(bound, Locator(grid, col, row, 1.0)).T
        shape = (len(entry.predictors), *(entry.time_shape if entry.kind == "series" else ()))
        return np.ascontiguousarray(values).reshape(len(col), *shape)
    (height, width), side = entry.size or (1, 1), (entry.pixel or grid.resolution) / grid.resolution
    right, down = (np.arange(width) - (width - 1) / 2) * side, (np.arange(height) - (height - 1) / 2) * side
    cols = col[:, None, None] + right[None, None, :] + np.zeros((1, height, 1))
    rows = row[:, None, None] + down[None, :, None] + np.zeros((1, 1, width))
    values = bands.read(bound, Locator(grid, cols.ravel(), rows.ravel(), side))
    return np.ascontiguousarray(values.reshape(len(bound), len(col), height, width).transpose(1, 0, 2, 3))
