"""Windows of published maps over a network: how fast, beside rasterio and beside the bare latency.

``python -m benchmarks.published`` starts the miniature server in its own process, with 50 ms before each answer,
and reads windows over an area of 5 km × 5 km for 1,000 maps. The server has fewer different files and serves each
under several names; nothing is cached between names.

Targets (issue 7): at least 20 times as fast as opening the maps one after the other with rasterio, and at most
1.3 times requests × latency ÷ connections.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import rasterio
import shapely
from rasterio.windows import from_bounds

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import MapSettings, read_services
from geoplantnet_plugin.engine.sources.published.selection import SpeciesFilter
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from geoplantnet_plugin.engine.sources.published.terms import accept_terms
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Grid

SIDE = 5_000.0 / 0.69
"""5 km on the ground in metres of Web Mercator at 46.5° N."""

BOX = (775_000.0, 5_825_000.0, 775_000.0 + SIDE, 5_825_000.0 + SIDE)


def start_server(latency: float, copies: int) -> tuple[subprocess.Popen[str], str]:
    """Start the server and return it with the catalogue's address."""
    server = subprocess.Popen([sys.executable, "-m", "tests.server", "--latency", str(latency), "--copies",
                               str(copies)], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline() if server.stdout else ""
    return server, line.split()[-1]


def area_of(box: tuple[float, float, float, float], folder: Path) -> Area:
    """Return the area of a box in EPSG:3857."""
    import geopandas

    path = folder / "area.geojson"
    geopandas.GeoDataFrame(geometry=[shapely.box(*box)], crs="EPSG:3857").to_file(path)
    return read_area(str(path), None, Reporter())


def ours(settings: MapSettings, connections: int, area: Area, folder: Path) -> tuple[float, int, int]:
    """Return seconds, requests and maps of a first visit with an empty cache, catalogue left out."""
    services = read_services()
    grid = area.grid(None)
    with Cache(folder / f"cache-{connections}", 10_000) as cache:
        accept_terms(settings, cache)
        source = PublishedMaps.open(settings, replace(services.http, connections=connections), area, grid,
                                    SpeciesFilter(), cache, Reporter(), keep=550)
        before, begun = source.fetcher.requests, time.perf_counter()
        score(source, area, grid)
        seconds, requests = time.perf_counter() - begun, source.fetcher.requests - before
        source.close()
        return seconds, requests, source.maps


def score(source: PublishedMaps, area: Area, grid: Grid) -> None:
    """Score the whole area."""
    for block in grid.blocks():
        source.score(block, area.inside(grid.block_grid(block)))


def one_by_one(urls: Sequence[str], options: dict[str, str]) -> float:
    """Return the seconds a map that rasterio takes, one after the other."""
    begun = time.perf_counter()
    with rasterio.Env(**options):
        for url in urls:
            with rasterio.open(url) as dataset:
                dataset.read(1, window=from_bounds(*BOX, transform=dataset.transform))
    return (time.perf_counter() - begun) / len(urls)


def map_urls(catalogue: str, settings: MapSettings, count: int) -> list[str]:
    """Return the addresses of the first maps of northland."""
    import requests

    links = requests.get(urljoin(catalogue, "northland/collection.json"), timeout=60).json()["links"]
    names = [re.search(r"northland_(\d+)_(.+)\.json", link["href"]) for link in links]
    return [settings.map_url("northland", name[1], name[2]) for name in names if name][:count]


def main() -> None:
    """Measure and print a table, and one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published")
    parser.add_argument("--latency", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 16])
    parser.add_argument("--sample", type=int, default=40, help="maps that rasterio opens one by one")
    arguments = parser.parse_args()
    server, catalogue = start_server(arguments.latency, copies=4)
    try:
        settings = replace(read_services().maps, catalogue=catalogue)
        with tempfile.TemporaryDirectory() as folder:
            measure(settings, arguments, area_of(BOX, Path(folder)), Path(folder))
    finally:
        server.terminate()


def measure(settings: MapSettings, arguments: argparse.Namespace, area: Area, folder: Path) -> None:
    """Measure rasterio on a sample, then our reader on all maps."""
    urls = map_urls(settings.catalogue, settings, arguments.sample)
    one_by_one(urls, {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/"})
    plain = one_by_one(urls, {"CPL_VSIL_CURL_NON_CACHED": "/vsicurl/"})
    tuned = one_by_one(urls, {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
                              "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/"})
    print(f"rasterio, one by one: {plain * 1000:.0f} ms a map as it is, {tuned * 1000:.0f} ms without side files")
    for connections in arguments.connections:
        seconds, requests, maps = ours(settings, connections, area, folder)
        bare = requests * arguments.latency / 1000 / connections
        print(f"{connections} connections: {maps} maps, {requests} requests in {seconds:.1f} s; "
              f"{plain * maps / seconds:.0f}× rasterio ({tuned * maps / seconds:.0f}× without side files); "
              f"{seconds / bare:.2f} × bare latency ({bare:.1f} s)")
        print(json.dumps({"connections": connections, "maps": maps, "requests": requests, "seconds": seconds,
                          "bare": bare, "rasterio_ms": plain * 1000, "rasterio_tuned_ms": tuned * 1000,
                          "machine": platform.machine()}))


if __name__ == "__main__":
    main()
