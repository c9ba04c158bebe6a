"""A finished assessment as everybody reads it: report, comparison, field package (`reading.open_folder` opens it)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import MANIFEST, NODATA_CLASS, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.messages import said
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import SpeciesBand
from geoplantnet_plugin.engine.assessment.opening import file_of, layer_raster, layer_table
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.indicators.share_interval import Estimate
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

if TYPE_CHECKING:
    from rasterio.io import DatasetReader
    from rasterio.windows import Window
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Statistics:
    """Mean, smallest and largest value over the `cells` of a layer that have one."""

    cells: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class SpeciesRaster:
    """``species.tif``: score = stored × `step`; `below` is stored for "below the floor"."""

    path: Path
    scale: Scale
    step: float
    below: int
    nodata: int
    bands: tuple[SpeciesBand, ...]


@dataclass(frozen=True)
class AssessmentFolder:
    """A finished assessment: its manifest with the taxa table, the coverage and the area from its GeoPackage."""

    path: Path
    document: Mapping[str, Any]
    taxa: TaxaTable
    coverage: tuple[CoverageRow, ...]
    within: Area | None = None
    """The part of the area that coverage and statistics are about; None for the whole."""

    def tables(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open its tables, for reading only."""
        return open_tables(self.path / TABLES)

    @cached_property
    def grid(self) -> Grid:
        """The grid of its cells."""
        entry = self.document["grid"]
        return Grid(str(entry["crs"]), float(entry["resolution"]), float(entry["left"]), float(entry["top"]),
                    int(entry["height"]), int(entry["width"]))

    @cached_property
    def species(self) -> SpeciesRaster:
        """The raster of scores.

        Raises:
            EngineError: it has none or ranks in their place, or the manifest does not say what is in it.
        """
        if self.document.get("ranks"):
            raise EngineError("assessment_only_ranks", folder=self.path)
        entry = self.document.get("species")
        if not entry or not entry.get("bands"):
            raise EngineError("assessment_no_species", folder=self.path)
        try:
            bands = tuple(SpeciesBand(int(band["band"]), str(band["id"]), str(band["name"]),
                                      None if band["coverage"] is None else float(band["coverage"]))
                          for band in entry["bands"])
            path = self.file(str(entry["file"]))
            return SpeciesRaster(path, Scale(entry["scale"]), float(entry["step"]), int(entry["below"]),
                                 int(entry["nodata"]), bands)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError("assessment_unreadable", folder=self.path, reason=f"{MANIFEST}: species") from error

    def file(self, name: str) -> Path:
        """Return a file of the folder; a manifest that points out of it is not followed.

        Raises:
            EngineError: there is no such file in the folder.
        """
        return file_of(self.path, name)

    @cached_property
    def area(self) -> BaseGeometry:
        """The area in the grid's CRS."""
        frame = layer_table(self.path / TABLES, "area")
        return frame.to_crs(self.document["grid"]["crs"]).geometry.union_all()

    @cached_property
    def layers(self) -> dict[str, Mapping[str, Any]]:
        """The manifest's entries of indicators and of their uncertainty, by id."""
        return {entry["id"]: entry for entry in (*self.document["indicators"], *self.document.get("uncertainty", ()))}

    def classes(self, id: str, language: str) -> list[tuple[int, str, str]]:
        """Return value, legend text and colour of the classes of a layer."""
        return [(int(entry["value"]), said(entry, "label", language), str(entry["colour"]))
                for entry in self.layers[id].get("classes", ())]

    def title(self, id: str, language: str) -> str:
        """Return a layer's title."""
        return said(self.layers[id], "title", language)

    def unit(self, id: str, language: str) -> str:
        """Return the unit of a layer's values."""
        return said(self.layers[id], "unit", language)

    def rule(self, language: str) -> str:
        """Return the sentence of the set rule."""
        return said(self.document["set_rule"], "text", language)

    def shares(self, id: str) -> dict[int, float]:
        """Return the share in % of the cells with a value that each class of a class layer has, read by blocks."""
        path = self.raster(id)
        counts = np.zeros(NODATA_CLASS + 1, np.int64)
        if path is not None:
            with layer_raster(path) as dataset:
                for _, window in dataset.block_windows(1):
                    values = self._values(dataset, window)
                    counts += np.bincount(values.astype(np.uint8), minlength=NODATA_CLASS + 1)
        total = int(counts.sum())
        return {value: 100 * int(count) / total for value, count in enumerate(counts) if count}

    def _values(self, dataset: DatasetReader, window: Window) -> NDArray[Any]:
        """Return the values (n,) of a layer's cells in a window that have one, `within` where that is set."""
        values = dataset.read(1, window=window, masked=True)
        if self.within is not None:
            values = values[self._held[window.toslices()]]
        return np.ma.compressed(values)

    @cached_property
    def _held(self) -> NDArray[np.bool_]:
        """Which cells (height, width) are `within`; all where that is not set."""
        if self.within is None:
            return np.ones((self.grid.height, self.grid.width), bool)
        return self.within.inside(self.grid)

    def areas(self) -> list[Mapping[str, Any]]:
        """Return the rows of the table of areas told apart; none where the assessment has no such table."""
        with self.tables() as connection:
            connection.row_factory = sqlite3.Row
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'areas'").fetchone()
            return [dict(row) for row in connection.execute("SELECT * FROM areas ORDER BY fid")] if there else []

    @cached_property
    def expected(self) -> dict[str, Estimate]:
        """The expected shares in % of all taxa by id, also of those that no set holds; none where none are stated."""
        with open_tables(self.path / TABLES) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'expected'").fetchone():
                return {}
            return {str(id): Estimate(*values) for id, *values in connection.execute(
                "SELECT id, expected_share, expected_low, expected_high FROM expected")}

    def raster(self, id: str) -> Path | None:
        """Return the raster of an indicator, None where the assessment has none."""
        if id not in self.layers:
            return None
        try:
            return self.file(self.layers[id]["file"])
        except EngineError:
            return None

    def statistics(self, id: str) -> Statistics | None:
        """Return what a continuous layer's values come to, read once; None where it has no value."""
        if id not in self._measured:
            self._measured[id] = self._measure(id)
        return self._measured[id]

    @cached_property
    def _measured(self) -> dict[str, Statistics | None]:
        """The statistics of the layers that were asked for so far."""
        return {}

    def _measure(self, id: str) -> Statistics | None:
        path = self.raster(id)
        if path is None:
            return None
        cells, total, low, high = 0, 0.0, np.inf, -np.inf
        with layer_raster(path) as dataset:
            for _, window in dataset.block_windows(1):
                values = self._values(dataset, window)
                values = values[~np.isnan(values)]
                if len(values):
                    cells, total = cells + len(values), total + float(values.sum(dtype=np.float64))
                    low, high = min(low, float(values.min())), max(high, float(values.max()))
        return Statistics(cells, total / cells, low, high) if cells else None
