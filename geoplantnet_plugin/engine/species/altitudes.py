"""The altitude profile: at what altitudes a species is predicted, beside the altitudes that the site has."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.opening import layer_raster
from geoplantnet_plugin.engine.cube.base_cube import CUBES
from geoplantnet_plugin.engine.cube.raster_crs import usable_crs
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sources import Band, read_bands
from geoplantnet_plugin.engine.cube.survey import Points, look
from geoplantnet_plugin.engine.taxa.table import Taxon

WORDS = frozenset(("elevation", "altitude", "dem", "dtm", "mnt", "dgm", "mdt"))
"""A predictor in metres with such a word in its name gives altitudes."""
METRES = frozenset(("m", "metre", "metres", "meter", "meters", "m a.s.l.", "m asl"))
NAMES_OF_MEAN = ("altitude_mean", "elevation", "altitude")
SIDE = 500
"""At most so many rows and columns of cells are looked at, evenly spread."""
STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500)
MOST_BINS = 16
SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Altitudes:
    """Counts of cells by altitude: of the `site`'s and of those whose set holds the species (`predicted`).

    `edges` (n + 1) are in metres. The quantiles are the 5 %, 50 % and 95 % ones; those of `predicted` are empty where
    no cell that was looked at holds it. `resolution` (m) is that of `source`; `thinned` says that not all of the
    site's cells were looked at.
    """

    source: str
    resolution: float
    edges: list[float]
    site: list[int]
    predicted: list[int]
    site_quantiles: list[float]
    predicted_quantiles: list[float]
    thinned: bool


def altitudes(folder: AssessmentFolder, taxon: Taxon, dem: str) -> Altitudes:
    """Return the profile of a taxon, from the raster `dem`, else from a predictor or base cube that knows altitudes.

    Raises:
        EngineError: ``altitude_no_raster``, nothing here knows them, or the raster cannot be read or lies elsewhere.
    """
    if folder.document["coverage"] is None:  # a list, or ranks within squares: no cell is taken to hold a species
        raise EngineError("assessment_no_species", folder=folder.path)
    rows, cols, thinned = _cells(folder)
    grid = folder.grid
    along, down = grid.centres()
    source, band, crs = _source(folder, dem)
    with closing(Rasters()) as rasters:
        values = look(rasters, source, band, crs, Points(grid.crs, along[cols], down[rows]))
    known = np.isfinite(values)
    if not known.any():
        raise EngineError("cube_all_nodata", predictor=source, file=band.path, band=band.index)
    held = np.isin(rows * grid.width + cols, _holding(folder, taxon))
    heights, there = values[known].astype(np.float64), held[known]
    edges = _edges(float(heights.min()), float(heights.max()))
    return Altitudes(source, round(max(abs(band.transform.a), band.detail), 3), edges.tolist(),
                     np.histogram(heights, edges)[0].tolist(), np.histogram(heights[there], edges)[0].tolist(),
                     np.quantile(heights, SHARES).tolist(),
                     np.quantile(heights[there], SHARES).tolist() if there.any() else [], thinned)


def _cells(folder: AssessmentFolder) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Return rows and columns of the site's cells with data, thinned to `SIDE` rows and columns."""
    species = folder.species
    with layer_raster(species.path) as raster:
        rows, cols = (np.unique(np.linspace(0, size - 1, min(size, SIDE)).round().astype(np.int64))
                      for size in raster.shape)
        has_data = np.zeros((len(rows), len(cols)), np.bool_)
        for number, row in enumerate(rows):
            has_data[number] = raster.read(1, window=((row, row + 1), (0, raster.width)))[0, cols] != species.nodata
    down, along = np.nonzero(has_data)
    return rows[down], cols[along], len(rows) * len(cols) < folder.grid.height * folder.grid.width


def _holding(folder: AssessmentFolder, taxon: Taxon) -> NDArray[np.int64]:
    """Return the cells whose set holds the taxon, as row × width + column."""
    number = next(i for i, entry in enumerate(folder.taxa) if entry.id == taxon.id)
    with folder.tables() as tables:
        found = tables.execute("SELECT cell FROM taxon_cells WHERE taxon = ?", (number,)).fetchall()
    return np.array([cell for (cell,) in found], np.int64)


def _source(folder: AssessmentFolder, dem: str) -> tuple[str, Band, str]:
    """Return a name, a band and its CRS: of `dem`, of a predictor of the assessment, of a base cube that it used."""
    if dem:
        band = read_bands(dem)[0]
        return Path(dem).name, band, usable_crs(Path(dem).name, band, None)
    predictors = folder.document.get("predictors") or []
    for entry in predictors:
        if _is_altitude(entry) and Path(str(entry["source"])).is_file():
            band = read_bands(str(entry["source"]))[int(entry["band"]) - 1]
            return str(entry["name"]), band, str(entry["crs"])
    for cube in sorted({Path(str(entry.get("source"))).parent for entry in predictors
                        if Path(str(entry.get("source"))).parent.parent == CUBES}):
        for path in sorted(cube.glob("*.tif")):
            for band in read_bands(str(path)):
                if band.name in NAMES_OF_MEAN:
                    return f"{cube.name}: {band.name}", band, usable_crs(band.name, band, None)
    raise EngineError("altitude_no_raster")


def _is_altitude(entry: dict[str, Any]) -> bool:
    """Whether a predictor of the manifest is an altitude in metres; slopes and spreads of it are not."""
    words = set(re.split(r"[^a-z]+", str(entry.get("predictor") or entry.get("name")).lower())) - {""}
    return str(entry.get("unit")).strip().lower() in METRES and bool(words & WORDS) and not words & {
        "sd", "std", "range", "min", "max", "diff", "slope"}


def _edges(low: float, high: float) -> NDArray[np.float64]:
    """Return round edges around all altitudes, at most `MOST_BINS` + 1 of them."""
    step = next((step for step in STEPS if (high - low) / step <= MOST_BINS - 2), STEPS[-1])
    return np.arange(np.floor(low / step), np.floor(high / step) + 2) * float(step)
