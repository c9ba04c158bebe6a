"""Comparison of two assessments of one area, for example a local model beside the published maps.

Per species: Spearman's rank correlation of the scores over the cells that both have scored, and a difference map.
Per cell: Jaccard's and Sørensen's similarity of the assemblages. Only species that both know are compared; those of
one side alone are counted and named as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.comparison import (
    DIFFERENCES,
    JACCARD,
    MEAN_DIFFERENCE,
    NAME,
    SORENSEN,
    SUMMARY,
    TABLE,
)
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.common.spreadsheets import escape_formula
from geoplantnet_plugin.common.tables import cell_taxa
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder, SpeciesRaster
from geoplantnet_plugin.engine.assessment.manifest import SpeciesBand
from geoplantnet_plugin.engine.assessment.opening import layer_raster
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.files import write_csv, writing
from geoplantnet_plugin.engine.compare.areas import open_with_cells
from geoplantnet_plugin.engine.taxa.names import parse_name
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Grid

if TYPE_CHECKING:
    from rasterio.io import DatasetReader, DatasetWriter

DIFFERENCE_STEP, DIFFERENCE_NODATA = 1e-3, -32768
NameKey = tuple[str, str, str, str, bool]
"""What makes two scientific names the same (`taxa_match.Name.key`)."""

COLUMNS = (NAME, "Coverage % first", "Coverage % second", "Cells", "Below floor first", "Below floor second",
           "Spearman", MEAN_DIFFERENCE)


@dataclass(frozen=True)
class SpeciesAgreement:
    """One species over the `cells` that both assessments have scored; scores below a cell's floor rank lowest.

    `spearman` is None where one side has the same score everywhere; `difference` is the mean of first − second over
    the cells where neither is below the floor (None without such a cell), in scores when both are on one scale, else
    in ranks from 0 to 1.
    """

    name: str
    coverage: tuple[float, float]
    cells: int
    below: tuple[int, int]
    spearman: float | None
    difference: float | None


@dataclass(frozen=True)
class ComparisonSummary:
    """What two assessments agree on. `jaccard` and `sorensen` are means over the cells where either assemblage holds
    a common species (`assemblage_cells`), None without such a cell."""

    first: str
    second: str
    scales: tuple[str, str]
    common: int
    only_first: int
    only_second: int
    cells: int
    median_spearman: float | None
    assemblage_cells: int
    jaccard: float | None
    sorensen: float | None
    differences_are_ranks: bool

    def text(self, language: str = "en") -> str:
        """Return the summary as a sentence or two."""
        numbers = {key: "–" if value is None else f"{value:.3f}" for key, value in
                   (("spearman", self.median_spearman), ("jaccard", self.jaccard), ("sorensen", self.sorensen))}
        return render("compare_summary", {**numbers, "common": self.common, "only_first": self.only_first,
                                          "only_second": self.only_second, "cells": self.cells}, language)


@dataclass(frozen=True)
class Comparison:
    """The summary and the species, those that agree most first."""

    summary: ComparisonSummary
    species: tuple[SpeciesAgreement, ...]


def compare(first: Path, second: Path, out: Path, reporter: Reporter) -> Comparison:
    """Compare two finished assessments and write tables and rasters into `out`.

    Raises:
        EngineError: one of them is no finished assessment, or they have no grid, cell or species in common.
    """
    sides = _Side.read(first), _Side.read(second)
    overlap = _Overlap.of(*sides)
    pairs = _pairs(*sides)
    ranks = sides[0].species.scale is not sides[1].species.scale
    if ranks:
        reporter.warning("compare_scales", first=sides[0].species.scale.value, second=sides[1].species.scale.value)
    out.mkdir(parents=True, exist_ok=True)
    species, scored = _compare_species(sides, overlap, pairs, out, ranks, reporter)
    if not scored.any():
        raise EngineError("compare_no_common_cells")
    jaccard, sorensen = _compare_assemblages(sides, overlap, pairs, scored, reporter)
    _write_similarity(out / JACCARD, overlap.grid, jaccard, "Jaccard similarity")
    _write_similarity(out / SORENSEN, overlap.grid, sorensen, "Sørensen similarity")
    correlations = [entry.spearman for entry in species if entry.spearman is not None]
    titles = [str(side.folder.document["title"]) for side in sides]
    scales = sides[0].species.scale.value, sides[1].species.scale.value
    summary = ComparisonSummary(
        titles[0], titles[1], scales, len(pairs), len(sides[0].bands) - len(pairs), len(sides[1].bands) - len(pairs),
        int(scored.sum()), float(np.median(correlations)) if correlations else None,
        int(np.isfinite(jaccard).sum()), _mean(jaccard), _mean(sorensen), ranks)
    species.sort(key=lambda entry: (entry.spearman is None, -(entry.spearman or 0), entry.name))
    _write_tables(out, species, summary)
    return Comparison(summary, tuple(species))


@dataclass(frozen=True)
class _Side:
    """One assessment, and the bands of its species by name."""

    folder: AssessmentFolder
    bands: dict[NameKey, SpeciesBand]

    @classmethod
    def read(cls, folder: Path) -> _Side:
        found = open_with_cells(folder)
        return cls(found, {parse_name(band.name).key: band for band in found.species.bands})

    @property
    def grid(self) -> Grid:
        return self.folder.grid

    @property
    def species(self) -> SpeciesRaster:
        return self.folder.species

    def taxa(self, keys: list[NameKey]) -> NDArray[np.int64]:
        """Position in the taxa table → place in `keys`, −1 for other taxa."""
        place = {self.bands[key].id: i for i, key in enumerate(keys)}
        return np.array([place.get(taxon.id, -1) for taxon in self.folder.taxa], np.int64)

    def entries(self, rows: tuple[int, int]) -> NDArray[np.int64]:
        """Return cell and taxon (n, 2) of the assemblages in the grid rows `rows` (first, last + 1)."""
        first, end = (row * self.grid.width for row in rows)
        with self.folder.tables() as tables:
            found = list(cell_taxa(tables, first, end))
        return np.array(found, np.int64).reshape(-1, 3)[:, :2]


@dataclass(frozen=True)
class _Overlap:
    """The cells that both grids have: their grid, and row and column of its corner in each of the two."""

    grid: Grid
    corners: tuple[tuple[int, int], tuple[int, int]]

    @classmethod
    def of(cls, first: _Side, second: _Side) -> _Overlap:
        one, two = first.grid, second.grid
        size = one.resolution
        offset = np.array([(two.left - one.left) / size, (one.top - two.top) / size])
        if one.crs != two.crs or size != two.resolution or not np.allclose(offset, np.rint(offset), atol=1e-6):
            raise EngineError("compare_grids", first=f"{one.crs}, {size:g} m",
                              second=f"{two.crs}, {two.resolution:g} m")
        col, row = (int(value) for value in np.rint(offset))
        top, left = max(row, 0), max(col, 0)
        height, width = min(one.height, row + two.height) - top, min(one.width, col + two.width) - left
        if height <= 0 or width <= 0:
            raise EngineError("compare_no_common_cells")
        grid = Grid(one.crs, size, one.left + left * size, one.top - top * size, height, width)
        return cls(grid, ((top, left), (top - row, left - col)))


def _pairs(first: _Side, second: _Side) -> list[NameKey]:
    """The names that both have, in the order of the first."""
    common = [key for key in first.bands if key in second.bands]
    if not common:
        raise EngineError("compare_no_common_taxa", first=len(first.bands), second=len(second.bands))
    return common


def _compare_species(sides: tuple[_Side, _Side], overlap: _Overlap, pairs: list[NameKey], out: Path,
                     ranks: bool, reporter: Reporter) -> tuple[list[SpeciesAgreement], NDArray[np.bool_]]:
    """The agreement of every species, and the cells (height, width) that both have scored for some of them."""
    scored = np.zeros((overlap.grid.height, overlap.grid.width), bool)
    found = []
    with (layer_raster(sides[0].species.path) as one, layer_raster(sides[1].species.path) as two,
          writing(out / DIFFERENCES) as temporary, _differences(temporary, overlap.grid, len(pairs)) as raster):
        for number, key in enumerate(pairs, 1):
            reporter.checkpoint()
            stored = [_band(dataset, side, overlap, which, side.bands[key].band)
                      for which, (dataset, side) in enumerate(zip((one, two), sides, strict=True))]
            both = (stored[0] != sides[0].species.nodata) & (stored[1] != sides[1].species.nodata)
            scored |= both
            agreement, difference = _agreement(sides, key, [values[both] for values in stored], ranks)
            found.append(agreement)
            tile = np.full(both.shape, DIFFERENCE_NODATA, np.int16)
            tile[both] = difference
            raster.write(tile, number)
            raster.set_band_description(number, agreement.name)
            reporter.progress("compare", number, len(pairs))
    return found, scored


def _agreement(sides: tuple[_Side, _Side], key: NameKey, stored: list[NDArray[Any]], ranks: bool
               ) -> tuple[SpeciesAgreement, NDArray[np.int16]]:
    """The agreement over n cells, and the stored difference (n,) of each."""
    below = [values == side.species.below for values, side in zip(stored, sides, strict=True)]
    ranked = [average_ranks(values) for values in stored]
    if ranks:
        shown = [(rank - 0.5) / max(len(rank), 1) for rank in ranked]
    else:
        shown = [values.astype(np.float64) * side.species.step for values, side in zip(stored, sides, strict=True)]
    known = ~(below[0] | below[1])
    difference = shown[0] - shown[1]
    kept = np.where(known, np.clip(np.rint(difference / DIFFERENCE_STEP), -32767, 32767), DIFFERENCE_NODATA)
    band = sides[0].bands[key]
    return SpeciesAgreement(
        band.name, (band.coverage or 0.0, sides[1].bands[key].coverage or 0.0), len(known),
        (int(below[0].sum()), int(below[1].sum())),
        _correlation(*ranked), float(difference[known].mean()) if known.any() else None), kept.astype(np.int16)


def average_ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the ranks (n,) from 1 on; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[inverse]
    return ranks


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """Pearson's correlation of ranks, which is Spearman's of the values; None where a side is constant."""
    if not len(first) or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _compare_assemblages(sides: tuple[_Side, _Side], overlap: _Overlap, pairs: list[NameKey],
                         scored: NDArray[np.bool_], reporter: Reporter
                         ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Jaccard's and Sørensen's similarity (height, width): NaN where not scored or both sets are empty."""
    grid = overlap.grid
    places = [side.taxa(pairs) for side in sides]
    jaccard = np.full((grid.height, grid.width), np.nan, np.float32)
    sorensen = jaccard.copy()
    for top in range(0, grid.height, BLOCK_CELLS):
        reporter.checkpoint()
        rows = (top, min(top + BLOCK_CELLS, grid.height))
        keys = [_set_keys(side, overlap, which, rows, places[which], len(pairs)) for which, side in enumerate(sides)]
        cells = (rows[1] - rows[0]) * grid.width
        sizes = [np.bincount(key // len(pairs), minlength=cells) for key in keys]
        shared = np.bincount(np.intersect1d(keys[0], keys[1], assume_unique=True) // len(pairs), minlength=cells)
        total = sizes[0] + sizes[1]
        with np.errstate(invalid="ignore"):
            for result, values in ((jaccard, shared / (total - shared)), (sorensen, 2 * shared / total)):
                tile = np.where(scored[slice(*rows)].ravel(), values, np.nan)
                result[slice(*rows)] = tile.reshape(-1, grid.width)
    return jaccard, sorensen


def _set_keys(side: _Side, overlap: _Overlap, which: int, rows: tuple[int, int], places: NDArray[np.int64], taxa: int
              ) -> NDArray[np.int64]:
    """One number (cell of the strip × taxa + place) for every common species of every assemblage."""
    corner_row, corner_col = overlap.corners[which]
    entries = side.entries((rows[0] + corner_row, rows[1] + corner_row))
    row, col = np.divmod(entries[:, 0], side.grid.width)
    row, col, place = row - corner_row - rows[0], col - corner_col, places[entries[:, 1]]
    kept = (col >= 0) & (col < overlap.grid.width) & (place >= 0)
    keys: NDArray[np.int64] = (row[kept] * overlap.grid.width + col[kept]) * taxa + place[kept]
    return keys


def _band(dataset: DatasetReader, side: _Side, overlap: _Overlap, which: int, index: int) -> NDArray[Any]:
    from rasterio.windows import Window

    row, col = overlap.corners[which]
    values: NDArray[Any] = dataset.read(index, window=Window(col, row, overlap.grid.width, overlap.grid.height))
    return values


@contextmanager
def _differences(path: Path, grid: Grid, count: int) -> Iterator[DatasetWriter]:
    import rasterio

    with rasterio.open(path, "w", driver="GTiff", crs=grid.crs, transform=grid.transform, height=grid.height,
                       width=grid.width, count=count, dtype="int16", nodata=DIFFERENCE_NODATA, tiled=True,
                       blockxsize=BLOCK_CELLS, blockysize=BLOCK_CELLS, interleave="band", compress="ZSTD",
                       bigtiff="IF_SAFER") as dataset:
        dataset.scales = [DIFFERENCE_STEP] * count
        yield dataset


def _write_similarity(path: Path, grid: Grid, values: NDArray[np.float32], title: str) -> None:
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    with MemoryFile() as memory:
        with memory.open(driver="GTiff", crs=grid.crs, transform=grid.transform, height=grid.height, width=grid.width,
                         count=1, dtype="float32", nodata=float("nan")) as dataset:
            dataset.write(values, 1)
            dataset.set_band_description(1, title)
        with memory.open() as dataset, writing(path) as temporary:
            copy(dataset, temporary, driver="COG", compress="DEFLATE", overview_resampling="average")


def _write_tables(out: Path, species: list[SpeciesAgreement], summary: ComparisonSummary) -> None:
    write_csv(out / TABLE, COLUMNS,
              ((escape_formula(entry.name), *(f"{value:.2f}" for value in entry.coverage), entry.cells, *entry.below,
                _shown(entry.spearman), _shown(entry.difference)) for entry in species))
    with writing(out / SUMMARY) as temporary:
        temporary.write_text(json.dumps(asdict(summary), indent=1, ensure_ascii=False), encoding="utf-8")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _mean(values: NDArray[np.float32]) -> float | None:
    return float(np.nanmean(values)) if np.isfinite(values).any() else None
