"""Time and weigh the cube: predictors of a 25 km tile beside `gdalwarp`, patches around every cell."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
from affine import Affine
from pyproj import Transformer
from rasterio.shutil import copy
from shapely import box

from benchmarks.large import PREDICTORS, SIDE, write_large_model
from benchmarks.measure import measured, table
from geoplantnet_plugin.engine.assessment.parts import strip_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.build import build_cube
from geoplantnet_plugin.engine.cube.plan import CubePlan, make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import Card, ModelInput, Predictor
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.distinct import distinct_cells
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

BANDS = 20
TILE = Grid("EPSG:3035", 50, 4_000_000, 2_600_000, 500, 500)
"""25 km of 50 m cells: 250,000."""
PATCH_CELLS = Grid("EPSG:3035", 50, 4_005_000, 2_595_000, 100, 100)
PATCH, PATCH_BANDS, PATCH_PIXEL = 128, 4, 10
MARGIN = 2_000
"""Metres of raster around the cells on every side."""
PIXEL = 30
STRIP = 4
"""Rows of a strip of patches: as many as an assessment has in its budget of 2 GiB."""


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        make_point_rasters(Path(folder))
        make_image(Path(folder))
        point(Path(folder))
        patches(Path(folder))
        shared(Path(folder))


def point(folder: Path) -> None:
    """Twenty predictors of 250,000 cells, read and written, beside gdalwarp on the same bands."""
    rows = []
    for method in ("average", "bilinear"):
        ours = measured(sys.executable, "-m", "benchmarks.cube", "point", str(folder), method)
        theirs = gdalwarp(folder, method)
        rows += [(f"{method}: read and written by the cube", f"{ours.result['seconds']:.2f} s"),
                 (f"{method}: gdalwarp, the same bands", f"{theirs:.2f} s" if theirs else "gdalwarp is not there"),
                 (f"{method}: cube ÷ gdalwarp", f"{ours.result['seconds'] / theirs:.2f}" if theirs else "–"),
                 (f"{method}: peak resident memory", f"{ours.peak_mb:,.0f} MB")]
    built = measured(sys.executable, "-m", "benchmarks.cube", "build", str(folder), "average")
    rows.append(("kept as a cube (`cube build`)", f"{built.result['seconds']:.2f} s, {built.peak_mb:,.0f} MB"))
    table(f"point cube: {BANDS} predictors at {PIXEL} m on 250,000 cells of 50 m", rows)


def patches(folder: Path) -> None:
    """Four bands of 128 × 128 pixels of 10 m around every cell of 50 m."""
    run = measured(sys.executable, "-m", "benchmarks.cube", "patches", str(folder), "")
    table(f"patches of {PATCH_BANDS} × {PATCH} × {PATCH} at {PATCH_PIXEL} m around every cell of 50 m", [
        ("patches", f"{run.result['patches']:,}"),
        ("patches a second", f"{run.result['patches'] / run.result['seconds']:,.0f}"),
        ("pixels decoded ÷ pixels that the patches cover", f"{run.result['read_once']:.2f}"),
        ("peak resident memory", f"{run.peak_mb:,.0f} MB")])


def shared(folder: Path) -> None:
    """Inference on cells of 50 m that share pixels of 250 m, with and without scoring each pixel once."""
    write_large_model(folder / "large")
    session = Session(open_package(str(folder / "large")))
    pixels = np.random.default_rng(1).normal(size=(45, 45, PREDICTORS)).astype(np.float32)
    cells = np.repeat(np.repeat(pixels, 5, axis=0), 5, axis=1)[:64, :SIDE].reshape(-1, PREDICTORS)
    start = time.perf_counter()
    session.rank({"point": cells}, 25, 256)
    every = time.perf_counter() - start
    start = time.perf_counter()
    found = distinct_cells({"point": cells})
    assert found
    session.rank({"point": cells[found.first]}, 25, 256)
    once = time.perf_counter() - start
    table(f"cells that share pixels of 250 m: {len(cells):,} cells, 40→512→512→11,255", [
        ("every cell inferred", f"{every:.2f} s"),
        (f"{len(found.first):,} distinct cells found and inferred", f"{once:.2f} s")])


def gdalwarp(folder: Path, method: str) -> float | None:
    """Return the seconds that one thread of gdalwarp takes for the same bands, one run a file."""
    if not shutil.which("gdalwarp"):
        return None
    left, bottom, right, top = TILE.bounds
    start = time.perf_counter()
    for number in range(BANDS):
        subprocess.run(["gdalwarp", "-q", "-overwrite", "-t_srs", TILE.crs, "-te", f"{left}", f"{bottom}", f"{right}",
                        f"{top}", "-tr", "50", "50", "-r", method, str(folder / f"p{number}.tif"),
                        str(folder / f"warped{number}.tif")], check=True)
    return time.perf_counter() - start


def card(*names: str, **options: object) -> Card:
    """A card with one input."""
    values = {"name": "x", "kind": "point", "resolution": 50, **options}
    entry = ModelInput(predictors=tuple(Predictor(name, name, "") for name in names), **values)
    return Card("c", "", "", "", "", (entry,), "y", Scale.SIGMOID, "topk:1", 50, False, (), (), (), None, None, None,
                {})


def read_point(folder: Path, method: str) -> dict[str, float]:
    """Read a tile block by block and write it; the seconds include opening and planning."""
    start = time.perf_counter()
    chosen = card(*(f"p{number}" for number in range(BANDS)))
    cube = LocalCube(_plan(chosen, folder, method), TILE, chosen)
    with closing(cube), rasterio.open(
            folder / "cube.tif", "w", driver="GTiff", crs=TILE.crs, transform=TILE.transform, width=TILE.width,
            height=TILE.height, count=BANDS, dtype="float32", nodata=float("nan"), tiled=True, blockxsize=256,
            blockysize=256, interleave="band") as out:
        for block in TILE.blocks():
            found = cube.read(block, np.ones((block.height, block.width), bool))
            values = np.full((BANDS, block.height * block.width), np.nan, np.float32)
            values[:, found.cells] = found.inputs["x"].T
            window = rasterio.windows.Window(block.col, block.row, block.width, block.height)
            out.write(values.reshape(BANDS, block.height, block.width), window=window)
    return {"seconds": time.perf_counter() - start}


def build_point(folder: Path, method: str) -> dict[str, float]:
    """Build the same cube as COG with a manifest."""
    start = time.perf_counter()
    chosen = card(*(f"p{number}" for number in range(BANDS)))
    build_cube(chosen, _plan(chosen, folder, method), TILE, _area(TILE), folder / "built", Reporter())
    return {"seconds": time.perf_counter() - start}


def read_patches(folder: Path, _: str) -> dict[str, float]:
    """Deliver a patch for every cell, strip by strip; how many pixels were decoded comes from the reader."""
    chosen = card(*(f"b{number}" for number in range(PATCH_BANDS)), kind="patch", size=(PATCH, PATCH),
                  pixel=float(PATCH_PIXEL))
    plan = make_plan(chosen, open_sources([str(folder / "image.tif")]), PATCH_CELLS, _area(PATCH_CELLS))
    cube = LocalCube(plan, PATCH_CELLS, chosen)
    count, read = 0, _counting(cube)
    start = time.perf_counter()
    for block in PATCH_CELLS.blocks():
        for row in range(0, block.height, STRIP):
            strip = strip_of(block, row, STRIP)
            count += len(cube.read(strip, np.ones((strip.height, strip.width), bool)).inputs["x"])
    seconds = time.perf_counter() - start
    side = PATCH_CELLS.height * 50 // PATCH_PIXEL + PATCH - 5
    return {"seconds": seconds, "patches": count, "read_once": read() / side**2}


def _counting(cube: LocalCube) -> Callable[[], int]:
    """Return a function that says how many pixels (of one band) the cube has decoded since."""
    rasters, pixels = cube._bands._rasters, 0
    read = rasters.read

    def counted(path: str, bands: Any, nodata: Any, window: Any, *rest: Any) -> Any:
        nonlocal pixels
        pixels += window.pixels
        return read(path, bands, nodata, window, *rest)

    rasters.read = counted
    return lambda: pixels


def _plan(chosen: Card, folder: Path, method: str) -> CubePlan:
    plan = make_plan(chosen, open_sources([str(folder / f"p{number}.tif") for number in range(BANDS)]), TILE,
                     _area(TILE))
    return replace(plan, bindings=tuple(replace(binding, resampling=method) for binding in plan.bindings))


def _area(grid: Grid) -> Area:
    shape = box(*grid.bounds)
    return Area(geopandas.GeoDataFrame(geometry=[shape], crs=grid.crs), shape, grid.crs, shape.area / 1e4)


def make_point_rasters(folder: Path) -> None:
    """Write COGs of smooth noise at 30 m in UTM around the tile, one a predictor."""
    bounds = Transformer.from_crs(TILE.crs, "EPSG:32631", always_xy=True).transform_bounds(*TILE.bounds)
    for number in range(BANDS):
        _write_cog(folder / f"p{number}.tif", bounds, "EPSG:32631", PIXEL, 1, (f"p{number}",), number)


def make_image(folder: Path) -> None:
    """Write a four-band COG at 10 m on the grid's own CRS."""
    _write_cog(folder / "image.tif", PATCH_CELLS.bounds, PATCH_CELLS.crs, PATCH_PIXEL, PATCH_BANDS,
               tuple(f"b{number}" for number in range(PATCH_BANDS)), 99)


def _write_cog(path: Path, bounds: tuple[float, float, float, float], crs: str, pixel: float, count: int,
               names: tuple[str, ...], seed: int) -> None:
    left, bottom, right, top = (round(value / pixel) * pixel for value in bounds)
    left, top = left - MARGIN, top + MARGIN
    height, width = (int((size + MARGIN) / pixel) for size in (top - bottom, right - left))
    walk = np.random.default_rng(seed).normal(size=(count, height, width)).astype(np.float32).cumsum(axis=2)
    raw = path.with_suffix(".raw.tif")
    with rasterio.open(raw, "w", driver="GTiff", crs=crs, transform=Affine(pixel, 0, left, 0, -pixel, top),
                       height=height, width=width, count=count, dtype="float32") as out:
        out.write(walk)
        out.descriptions = names
    copy(raw, path, driver="COG", compress="DEFLATE", overviews="NONE")
    raw.unlink()


STEPS: dict[str, Callable[[Path, str], dict[str, float]]] = {
    "point": read_point, "build": build_point, "patches": read_patches}

if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("step", choices=STEPS)
        parser.add_argument("folder", type=Path)
        parser.add_argument("method")
        given = parser.parse_args()
        print(json.dumps(STEPS[given.step](given.folder, given.method)))
