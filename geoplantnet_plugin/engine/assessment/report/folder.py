"""What a report reads of an assessment folder. The folder is untrusted: it may come from anywhere."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.assessment import ANSWERS, COMPLETE, MANIFEST, NODATA_CLASS, TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.foreign import MOST_NAME, harmless
from geoplantnet_plugin.common.messages import said
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.assessment.opening import layer_raster, layer_table
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.taxa.table import ListInfo, Status, TaxaTable, Taxon

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TAXON_FIELDS = ("id", "name", "accepted_name", "authorship", "gbif_id", "rank", "family", "genus", "life_form",
                "common_en", "common_fr")
STATUS_FIELDS = ("kind", "value", "instrument", "territory", "source", "date")
LIST_FIELDS = ("id", "title", "kind", "instrument", "territory", "source", "date", "licence")

NUMBER = (int, float)
NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "area": {"hectares": NUMBER, "cells": int},
    "grid": {"crs": str, "resolution": NUMBER, "effective_resolution": NUMBER},
    "score_source": {"kind": str, "title": str, "version": str, "digest": str, "scale": str, "licence": str,
                     "attribution": str, "taxa": int},
    "set_rule": {"id": str, "text": str, "params": dict},
    "coverage": {"cells": int, "area_cells": int, "missing_share": NUMBER, "outside_domain_share": NUMBER,
                 "edge_domain_share": NUMBER, "mean_richness": NUMBER}}
"""What a report reads of the manifest, and of what type."""

SURVEY_NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    **{key: value for key, value in NEEDED.items() if key != "coverage"},
    "survey": {"side": NUMBER, "floor": NUMBER, "squares": list, "habitats": list}}
"""The same for a species pool, which has no cells."""


@dataclass(frozen=True)
class Statistics:
    """Mean, smallest and largest value over the `cells` of a layer that have one."""

    cells: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class AssessmentFolder:
    """A finished assessment: its manifest with the taxa table, the coverage and the area from its GeoPackage."""

    path: Path
    document: Mapping[str, Any]
    taxa: TaxaTable
    coverage: tuple[CoverageRow, ...]

    def tables(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open its tables, for reading only."""
        return open_tables(self.path / TABLES)

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
                    values = dataset.read(1, window=window, masked=True).compressed()
                    counts += np.bincount(values.astype(np.uint8), minlength=NODATA_CLASS + 1)
        total = int(counts.sum())
        return {value: 100 * int(count) / total for value, count in enumerate(counts) if count}

    def areas(self) -> list[Mapping[str, Any]]:
        """Return the rows of the table of areas told apart; none where the assessment has no such table."""
        with self.tables() as connection:
            connection.row_factory = sqlite3.Row
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'areas'").fetchone()
            return [dict(row) for row in connection.execute("SELECT * FROM areas ORDER BY fid")] if there else []

    def raster(self, id: str) -> Path | None:
        """Return the raster of an indicator, None where the assessment has none."""
        if id not in self.layers:
            return None
        path = (self.path / self.layers[id]["file"]).resolve()
        return path if path.is_relative_to(self.path.resolve()) and path.is_file() else None

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
                values = dataset.read(1, window=window, masked=True).compressed()
                values = values[~np.isnan(values)]
                if len(values):
                    cells, total = cells + len(values), total + float(values.sum(dtype=np.float64))
                    low, high = min(low, float(values.min())), max(high, float(values.max()))
        return Statistics(cells, total / cells, low, high) if cells else None


def open_folder(path: Path) -> AssessmentFolder:
    """Open an assessment folder.

    Raises:
        EngineError: it is no assessment, is unfinished or lacks its tables.
    """
    document = read_document(path)
    if document.get("state") != COMPLETE:
        raise EngineError("report_unfinished", folder=path)
    _check(path, document)
    gpkg = path / TABLES
    if not gpkg.is_file():
        raise EngineError("assessment_unreadable", folder=path, reason=f"{gpkg.name} is missing")
    try:
        with open_tables(gpkg) as connection:
            connection.row_factory = sqlite3.Row
            taxa = _taxa(connection)
            coverage = () if document["coverage"] is None else tuple(_coverage(connection, taxa))
            return AssessmentFolder(path, document, taxa, coverage)
    except (sqlite3.Error, KeyError, IndexError, TypeError) as error:
        raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST} or {gpkg.name}: {error}") from error


def _check(path: Path, document: Mapping[str, Any]) -> None:
    """Refuse a manifest that lacks what a report reads or has something else in its place."""
    is_pool = document.get("coverage") is None and isinstance(document.get("survey"), dict)
    for entry, kinds in (SURVEY_NEEDED if is_pool else NEEDED).items():
        part = document.get(entry)
        for key, kind in kinds.items():
            if not isinstance(part, dict) or not isinstance(part.get(key), kind):
                raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST}: {entry}.{key}")
    for entry in (*document.get("indicators", ()), *document.get("uncertainty", ())):
        texts = [entry.get(key) for key in ("id", "title", "unit", "definition", "file")]
        bounds = entry.get("bounds")
        if not (all(isinstance(text, str) for text in texts) and isinstance(bounds, list) and len(bounds) == 2
                and all(isinstance(bound, (int, float)) for bound in bounds)):
            raise EngineError("assessment_unreadable", folder=path, reason=f"{MANIFEST}: indicators")


def _taxa(connection: sqlite3.Connection) -> TaxaTable:
    statuses: dict[int, list[Status]] = defaultdict(list)
    for row in connection.execute("SELECT * FROM statuses ORDER BY fid"):
        statuses[row["taxon"]].append(Status(**_texts(row, STATUS_FIELDS), in_force=ANSWERS.get(row["in_force"])))
    taxa = tuple(Taxon(**_texts(row, TAXON_FIELDS), statuses=tuple(statuses[row["taxon"]]))
                 for row in connection.execute("SELECT * FROM taxa ORDER BY taxon"))
    lists = tuple(ListInfo(**_texts(row, LIST_FIELDS), complete=bool(row["complete"]), names=row["names"],
                           matched=row["matched"]) for row in connection.execute("SELECT * FROM lists ORDER BY fid"))
    return TaxaTable(taxa, lists)


def _texts(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: harmless(row[name], MOST_NAME) or "" for name in names}


def _coverage(connection: sqlite3.Connection, taxa: TaxaTable) -> Iterator[CoverageRow]:
    by_id = {taxon.id: taxon for taxon in taxa}
    for row in connection.execute("SELECT * FROM coverage ORDER BY fid"):
        yield CoverageRow(by_id[row["id"]], row["cells"], row["coverage"], row["mean_score"], row["max_score"],
                          row["expected_share"], row["expected_low"], row["expected_high"])
