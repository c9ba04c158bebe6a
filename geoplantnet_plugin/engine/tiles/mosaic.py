"""The rasters of an area's tiles as one, and what their indicators come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import SPECIES
from geoplantnet_plugin.engine.assessment.quality import NONE_OUT
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.tiles.result import LAYERS, TileResult
from geoplantnet_plugin.engine.tiles.vrt import Source, write_vrt

INDICATOR_TABLE = "indicators.csv"
MOST_SOURCES = 50_000
"""Bands times tiles that the species' raster of the whole may have: about 20 MB of text."""


def write_mosaic(out: Path, results: Sequence[TileResult]) -> list[str]:
    """Write a VRT for every layer of one band, one for the species, and the indicators' figures; return the VRTs.

    A quality layer that a tile lacks has nothing to show there: its cells have the value that says so.
    """
    layers: dict[str, list[Source]] = defaultdict(list)
    listed = {entry["file"]: (key, entry) for result in results for key in LAYERS for entry in result.document[key]}
    for file, (key, entry) in listed.items():
        nothing = NONE_OUT if entry["kind"] == "class" else 0
        for result in results:
            if (result.folder / file).is_file():
                layers[virtual(file)].append(Source(result.folder / file))
            elif key == "quality" and result.document["indicators"]:
                known = result.document["indicators"][0]["file"]
                layers[virtual(file)].append(Source(result.folder / known, fill=nothing))
    bands = [[Source(result.folder / SPECIES, numbers[id]) for result, numbers in _numbers(results) if id in numbers]
             for id in species_of(results)]
    if bands and sum(map(len, bands)) <= MOST_SOURCES:
        write_vrt(out / virtual(SPECIES), bands)
    for file, rasters in layers.items():
        write_vrt(out / file, [rasters])
    write_csv(out / INDICATOR_TABLE, ("Id", "Title", "Unit", "Cells", "Mean", "Min", "Max"), whole_indicators(results))
    return sorted(layers)


def virtual(file: str) -> str:
    """Return the name of the virtual raster of a raster."""
    return Path(file).with_suffix(".vrt").as_posix()


def species_of(results: Sequence[TileResult]) -> dict[str, str]:
    """Return the names of the taxa that some tile lists, by id, by name."""
    found = {band["id"]: band["name"] for result in results for band in result.document["species"]["bands"]}
    return dict(sorted(found.items(), key=lambda entry: (entry[1], entry[0])))


def _numbers(results: Sequence[TileResult]) -> list[tuple[TileResult, dict[str, int]]]:
    return [(result, {band["id"]: band["band"] for band in result.document["species"]["bands"]}) for result in results]


def whole_indicators(results: Sequence[TileResult]) -> list[tuple[Any, ...]]:
    """Return id, title, unit, cells with a value, mean, lowest and highest value of each continuous indicator."""
    import numpy as np
    import rasterio

    found: dict[str, list[Any]] = {}
    for result in results:
        for entry in result.document["indicators"]:
            if entry["kind"] != "continuous":
                continue
            row = found.setdefault(entry["id"], [entry["title"], entry["unit"], 0, 0.0, np.inf, -np.inf])
            with rasterio.open(result.folder / entry["file"]) as raster:
                for _, window in raster.block_windows(1):
                    values = raster.read(1, window=window)
                    values = values[np.isfinite(values)].astype(np.float64)
                    if len(values):
                        row[2:] = (row[2] + len(values), row[3] + float(values.sum()),
                                   min(row[4], float(values.min())), max(row[5], float(values.max())))
    return [(id, title, unit, count, round(total / count, 5), round(low, 5), round(high, 5))
            for id, (title, unit, count, total, low, high) in found.items() if count]
