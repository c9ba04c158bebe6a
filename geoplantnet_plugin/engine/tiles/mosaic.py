"""The whole of an area's tiles: one virtual raster a layer, the coverage and the indicators of all cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import COVERAGE, TABLES
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.base.files import write_csv
from geoplantnet_plugin.engine.tiles.vrt import write_vrt

INDICATOR_TABLE = "indicators.csv"


@dataclass(frozen=True)
class TileResult:
    """A finished tile: its folder and its manifest."""

    folder: Path
    document: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> TileResult:
        """Read the manifest of a tile's folder."""
        return cls(folder, read_document(folder))


def write_mosaic(out: Path, results: Sequence[TileResult]) -> list[str]:
    """Write a VRT for every layer that all tiles have, the coverage and the indicators; return the layers' files.

    Of quality layers a tile has only those that have something to show: where they are missing says nothing of a whole.
    """
    layers: dict[str, list[Path]] = defaultdict(list)
    for result in results:
        for key in ("indicators", "uncertainty", "quality"):
            for entry in result.document.get(key) or ():
                layers[entry["file"]].append(result.folder / entry["file"])
    whole = {file: rasters for file, rasters in layers.items() if len(rasters) == len(results)}
    for file, rasters in whole.items():
        write_vrt((out / file).with_suffix(".vrt"), rasters)
    write_csv(out / COVERAGE, ("Id", "Name", "Family", "IUCN", "Cells", "Coverage %", "Mean score", "Max score"),
              whole_coverage(results))
    write_csv(out / INDICATOR_TABLE, ("Id", "Title", "Unit", "Cells", "Mean", "Min", "Max"), whole_indicators(results))
    return sorted(str(Path(file).with_suffix(".vrt")) for file in whole)


def whole_coverage(results: Sequence[TileResult]) -> list[tuple[Any, ...]]:
    """Return a row for each taxon, the commonest first, as ``coverage.csv`` has it.

    Coverage is the share of all scored cells (%); the mean score is over the cells with the taxon.
    """
    cells = sum(result.document["coverage"]["cells"] for result in results)
    found: dict[str, list[Any]] = {}
    for result in results:
        with open_tables(result.folder / TABLES) as tables:
            for id, *words, count, mean, highest in tables.execute(
                    "SELECT id, name, family, iucn, cells, mean_score, max_score FROM coverage"):
                row = found.setdefault(id, [words, 0, 0.0, highest])
                row[1:] = row[1] + count, row[2] + count * mean, max(row[3], highest)
    rows = [(id, *words, count, round(100 * count / cells, 4), round(total / count, 5), round(highest, 5))
            for id, (words, count, total, highest) in found.items() if count]
    return sorted(rows, key=lambda row: (-row[4], row[1]))


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
