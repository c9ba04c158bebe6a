"""Positions beside pyproj, raster edges beside gdalwarp, and the factors of Sentinel-2 and SoilGrids in local files."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import area_in_degrees, cube_of, image, named, write

from geoplantnet_plugin.engine.cube.geometry import Locator
from geoplantnet_plugin.engine.where.grid import Grid

LEFT, TOP = 4_000_000, 2_500_000
IGH = "+proj=igh +datum=WGS84 +units=m +no_defs"
"""The projection of SoilGrids 2.0: interrupted Goode homolosine."""


def exact(grid: Grid, crs: str, transform: Affine) -> tuple[np.ndarray, np.ndarray]:
    """Pixel positions (column, row) of all cells' centres by pyproj alone."""
    x, y = np.meshgrid(*grid.centres())
    there = pyproj.Transformer.from_crs(grid.crs, crs, always_xy=True).transform(x, y)
    return ~transform @ there


@pytest.mark.parametrize(("box", "grid_crs", "cell", "crs", "pixel"), [
    ((6.9, 46.2, 7.3, 46.5), "EPSG:3035", 50, "EPSG:21781", 250),
    ((6.5, 46.0, 8.0, 47.0), "EPSG:3035", 250, "EPSG:4326", 1 / 120),
    ((5.5, 43.5, 6.5, 44.0), "EPSG:3035", 100, "EPSG:32632", 10),
    ((-84.5, 9.5, -83.5, 10.5), "EPSG:32616", 250, "EPSG:4326", 1 / 120),
    ((165.4, -21.7, 165.8, -21.3), "EPSG:32758", 50, "EPSG:3163", 1000),
    ((25.0, 69.0, 27.0, 70.5), "EPSG:3035", 250, IGH, 250)])
def test_no_cell_is_half_a_pixel_from_where_pyproj_puts_it(box, grid_crs, cell, crs, pixel) -> None:
    grid = area_in_degrees(*box, grid_crs).grid(cell)
    x, y = np.meshgrid(*grid.centres())
    there_x, there_y = pyproj.Transformer.from_crs(grid_crs, crs, always_xy=True).transform(x, y)
    transform = Affine(pixel, 0, there_x.min() - 9.3 * pixel, 0, -pixel, there_y.max() + 9.7 * pixel)
    shape = (int((there_y.max() - there_y.min()) / pixel) + 20, int((there_x.max() - there_x.min()) / pixel) + 20)
    rows, cols = np.indices(x.shape) + 0.5
    within, at = Locator(grid, cols.ravel(), rows.ravel(), 1.0).locate(crs, transform, shape, False)
    assert within.all()
    error = np.hypot(*(at.centre - np.stack([axis.ravel() for axis in exact(grid, crs, transform)])))
    pixel_metres = pixel if pixel > 1 else pixel * 111_000
    assert error.max() < max(0.02 * cell / pixel_metres, 1e-5) < 0.5, "1 % of a cell is promised"


@pytest.mark.skipif(not shutil.which("gdalwarp"), reason="gdalwarp (gdal-bin) is not installed")
def test_an_area_across_a_rasters_edge_has_gdalwarps_values_and_gaps(tmp_path) -> None:
    values = np.random.default_rng(1).normal(100, 30, (1, 60, 60)).astype(np.float32)
    path = write(tmp_path / "a.tif", values, Affine(250, 0, LEFT, 0, -250, TOP))
    grid = Grid("EPSG:3035", 70, LEFT + 9_030, TOP + 2_080, 90, 110)  # beyond its upper and right edge
    read = image(cube_of(named("a"), grid, path), grid)[0]
    left, bottom, right, top = (str(value) for value in grid.bounds)
    subprocess.run(["gdalwarp", "-q", "-et", "0", "-r", "bilinear", "-te", left, bottom, right, top, "-tr", "70", "70",
                    "-dstnodata", "nan", path, str(tmp_path / "out.tif")], check=True)
    with rasterio.open(tmp_path / "out.tif") as dataset:
        warped = dataset.read(1)
    assert 0.2 < np.isfinite(read).mean() < 0.8
    np.testing.assert_array_equal(np.isfinite(read), np.isfinite(warped))
    np.testing.assert_allclose(read, warped, rtol=1e-5)


def digital_numbers(path, crs: str, pixel: float, grid: Grid, dtype: str, **tags) -> np.ndarray:
    """Write a plane of stored numbers around the grid and return what a cell's stored number is."""
    x, y = np.meshgrid(*grid.centres())
    east, north = pyproj.Transformer.from_crs(grid.crs, crs, always_xy=True).transform(x, y)
    left, top = east.min() - 5 * pixel, north.max() + 5 * pixel
    size = [int((axis.max() - axis.min()) / pixel) + 12 for axis in (north, east)]
    rows, cols = np.indices(size)
    write(path, (1500 + 10 * cols + 20 * rows)[None].astype(dtype), Affine(pixel, 0, left, 0, -pixel, top), crs, **tags)
    return 1500 + 10 * ((east - left) / pixel - 0.5) + 20 * ((top - north) / pixel - 0.5)


def plan_of(folder, **binding) -> str:
    path = folder / "plan.json"
    path.write_text(json.dumps({"schema": 1, "bindings": [{"predictor": "a", "source": "a.tif", **binding}]}))
    return str(path)


def test_sentinel_2s_offset_since_baseline_4_is_taken_from_the_tags_or_the_plan(tmp_path) -> None:
    grid = area_in_degrees(7.0, 46.3, 7.02, 46.32, "EPSG:3035").grid(20)
    stored = digital_numbers(tmp_path / "a.tif", "EPSG:32632", 20, grid, "uint16", nodata=0)
    said = image(cube_of(named("a"), grid, plan_of(tmp_path, offset=-1000)), grid)[0]
    np.testing.assert_allclose(said, stored - 1000, atol=0.5)
    digital_numbers(tmp_path / "a.tif", "EPSG:32632", 20, grid, "uint16", nodata=0, scale=1e-4, offset=-0.1)
    tagged = image(cube_of(named("a"), grid, str(tmp_path / "a.tif")), grid)[0]
    np.testing.assert_allclose(tagged, (stored - 1000) / 10_000, atol=5e-5)


def test_soilgrids_factors_and_projection_are_taken_from_the_tags_or_the_plan(tmp_path) -> None:
    grid = area_in_degrees(7.0, 46.3, 7.1, 46.4, "EPSG:3035").grid(250)
    stored = digital_numbers(tmp_path / "a.tif", IGH, 250, grid, "int16", nodata=-32_768)
    for source in (plan_of(tmp_path, scale=0.1), str(tmp_path / "a.tif")):
        if source.endswith("a.tif"):
            digital_numbers(tmp_path / "a.tif", IGH, 250, grid, "int16", nodata=-32_768, scale=0.1)
        read = image(cube_of(named("a"), grid, source), grid)[0]
        np.testing.assert_allclose(read, stored / 10, atol=0.2)  # 1 % of a cell is 0.03
