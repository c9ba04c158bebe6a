"""A composite of satellite images over a network: how fast, beside rasterio reading the same windows one by one.

``python -m benchmarks.net`` starts a server in its own process, with 50 ms before each answer, that has a STAC API
and eight generated images of 20 km × 20 km, and fetches four bands over an area of 5 km × 5 km.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine

from benchmarks.measure import geoplantnet, table
from geoplantnet_plugin.engine.cube.net.presets import read_catalogue
from geoplantnet_plugin.engine.services.http import MEGABYTE

LEFT, TOP, SIDE = 500_000.0, 4_900_020.0, 2000
BANDS = ("red", "green", "blue", "nir")
DAYS = tuple(f"2025-{month}-{day}" for month in ("06", "07") for day in ("03", "10", "17", "24"))
AREA = (LEFT + 5_000, TOP - 10_000, LEFT + 10_000, TOP - 5_000)


def serve(latency: float) -> None:
    """Serve the images until the process is ended; the first line of output is the address."""
    from tests.server.http_server import Server
    from tests.server.rasters import cog, item, stac_api

    server = Server(latency=latency / 1000)
    items: list[dict[str, Any]] = []
    server.answers.update(stac_api(server.address, items))
    rng = np.random.default_rng(1)
    band = cog(rng.integers(1300, 4000, (SIDE, SIDE)).astype("uint16"), Affine(10, 0, LEFT, 0, -10, TOP), "EPSG:32631",
               block=512)
    mask = cog(rng.choice([4, 5, 9], (SIDE // 2, SIDE // 2)).astype("uint8"), Affine(20, 0, LEFT, 0, -20, TOP),
               "EPSG:32631", block=512)
    for day in DAYS:
        for name in (*BANDS, "scl"):
            server.rasters[f"/{day}/{name}.tif"] = mask if name == "scl" else band
        assets = {name: f"{server.address}/{day}/{name}.tif" for name in (*BANDS, "scl")}
        items.append({**item(day, day, assets, "EPSG:32631", (LEFT, TOP - 10 * SIDE, LEFT + 10 * SIDE, TOP), -0.1),
                      "collection": read_catalogue().presets["sentinel2"].scenes.collection})  # type: ignore[union-attr]
    print(server.address, len(band) * len(BANDS) * len(DAYS) + len(mask) * len(DAYS), flush=True)
    time.sleep(3600)


def one_by_one(address: str) -> float:
    """Return the seconds that rasterio takes for the same windows."""
    begun = time.perf_counter()
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
        for day in DAYS:
            for name in (*BANDS, "scl"):
                with rasterio.open(f"{address}/{day}/{name}.tif") as dataset:
                    dataset.read(1, window=rasterio.windows.from_bounds(*AREA, transform=dataset.transform))
    return time.perf_counter() - begun


def measure(address: str, whole: int, folder: Path) -> None:
    """Fetch with an empty cache and again with a full one."""
    area = folder / "area.gpkg"
    geopandas.GeoDataFrame(geometry=[shapely.box(*AREA)], crs="EPSG:32631").to_file(area)
    sources = folder / "sources.json"
    sources.write_text(f'{{"sources": {{"sentinel2": {{"address": "{address}/stac"}}}}}}')
    os.environ.update(GEOPLANTNET_SOURCES=str(sources), GEOPLANTNET_CACHE=str(folder / "cache"))
    arguments = ("cube", "fetch", "--area", str(area), "--source", "sentinel2", "--from", "2025-01-01", "--to",
                 "2025-12-31", "--yes", "--out")
    first = geoplantnet(*arguments, str(folder / "first"))
    again = geoplantnet(*arguments, str(folder / "again"))
    cost = first.result["estimate"]
    table("A composite of eight images, four bands, 5 km × 5 km", [
        ("estimate", f"{cost['requests']} requests, {cost['megabytes']:.1f} MB of {whole / MEGABYTE:.0f} MB"),
        ("first fetch", f"{first.seconds:.1f} s, {first.peak_mb:.0f} MB of memory"),
        ("again, from the cache", f"{again.seconds:.1f} s"),
        ("rasterio, the same windows one by one", f"{one_by_one(address):.1f} s")])


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.net")
    parser.add_argument("--latency", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.latency)
        return
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.net", "--serve", "--latency", str(arguments.latency)],
                              stdout=subprocess.PIPE, text=True)
    try:
        address, whole = (server.stdout.readline() if server.stdout else "").split()
        with tempfile.TemporaryDirectory() as folder:
            measure(address, int(whole), Path(folder))
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
