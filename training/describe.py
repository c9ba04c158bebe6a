"""A description file to begin with, from what plots and rasters say of themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geoplantnet_plugin.engine.cube.sources import Band, find_bands
from training.datasets.description import DescriptionError

BLOCKS_A_SIDE = 8
"""The first guess at the side of blocks: the plots' extent divided by this."""


def describe(target: Path, plots: Path, rasters: Sequence[str], crs: str, x: str, y: str, taxon: str,
             plot: str) -> None:
    """Write the description. Paths in it are relative to it where they can be.

    Raises:
        DescriptionError: the file exists, or the table cannot be read or lacks a column.
    """
    import os

    from training.datasets.tables import read_table

    if target.exists():
        raise DescriptionError(f"{target} is there already; it is not written over.")
    if bool(taxon) != bool(plot):
        raise DescriptionError("A long table needs both --taxon and --plot.")
    table = read_table(plots, (x, y, taxon, plot))
    if lacking := [name for name in (x, y, *filter(None, (taxon, plot))) if name not in table]:
        raise DescriptionError(f"{plots.name} has no column {', '.join(lacking)}; it has "
                               f"{', '.join(map(str, list(table)[:30]))}.")
    species = [] if taxon else [name for name in table if name not in (x, y) and _is_presence(table[name])]
    if not taxon and not species:
        raise DescriptionError(f"{plots.name} has no column of 0 and 1. For a row a taxon, give --taxon and --plot.")
    bands = find_bands(rasters)
    home = target.absolute().parent

    def relative(path: str | Path) -> str:
        return Path(os.path.relpath(Path(path).absolute(), home)).as_posix()

    metres = _metres(table, x, y, crs)
    document: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9_-]+", "-", target.stem.lower()).strip("-_") or "model", "title": target.stem,
        "description": f"Probability of occurrence of the taxa of {plots.name}: please say what, where and for whom.",
        "licence": "unknown", "limits": ["Trained on few data: please say what the model must not be used for."],
        "source": f"{plots.name}: please say where the plots come from, and their licence", "plots": relative(plots),
        "x": x, "y": y, "crs": crs, "grid_crs": metres["crs"], "species": species, "taxon": taxon, "plot": plot,
        "fewest": 10, "rasters": [relative(path) for path in rasters], "resolution": _resolution(bands, metres["crs"]),
        "point": [{"name": band.name, "title": band.name, "unit": band.unit} for band in bands if band.name],
        "patches": [], "series": [], "block_km": metres["block_km"], "assignments": 3}
    target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _is_presence(column: Any) -> bool:
    """Whether a column holds 0 and 1, and both."""
    from training.datasets.tables import numbers

    return set(numbers(column).tolist()) == {0, 1}


def _metres(table: Any, x: str, y: str, crs: str) -> dict[str, Any]:
    """Return a projected CRS and a first guess at the blocks, in km."""
    import geopandas
    from pyproj.exceptions import CRSError

    from training.datasets.tables import numbers

    try:
        points = geopandas.GeoSeries(geopandas.points_from_xy(numbers(table[x]), numbers(table[y])), crs=crs)
        if not points.crs.is_projected:
            points = points.to_crs(points.estimate_utm_crs())
    except (CRSError, RuntimeError, ValueError) as error:
        raise DescriptionError(f"The plots cannot be placed with the CRS {crs}: {error}.") from error
    left, bottom, right, top = points.total_bounds
    side = max(right - left, top - bottom) / 1000 / BLOCKS_A_SIDE
    return {"crs": points.crs.to_string(), "block_km": float(f"{max(side, 0.1):.1g}")}


def _resolution(bands: Sequence[Band], crs: str) -> float:
    """Return the coarsest pixel in metres (a degree of a raster without metres counts 111 km)."""
    from pyproj import CRS

    sides = [abs(band.transform.a) * (111_000 if band.crs and CRS.from_user_input(band.crs).is_geographic else 1)
             for band in bands]
    return float(f"{max(sides):.3g}")
