"""The tables of an assessment: one GeoPackage with area, coverage, taxa and cell_taxa."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geoplantnet_plugin.common.assessment import RANKS_TABLE, SQUARE_TABLE, SURVEY_TABLE, yes_no
from geoplantnet_plugin.common.vernacular import NAME_COLUMNS
from geoplantnet_plugin.engine.assessment.cell_sets import CellSets
from geoplantnet_plugin.engine.assessment.gpkg import append_table, timeless_gpkg
from geoplantnet_plugin.engine.assessment.rasters import Encoding
from geoplantnet_plugin.engine.coverage.by_area import AreaResult
from geoplantnet_plugin.engine.coverage.table import CoverageRow
from geoplantnet_plugin.engine.indicators.share_interval import Shares
from geoplantnet_plugin.engine.survey.listing import Entry
from geoplantnet_plugin.engine.survey.write import survey_frame
from geoplantnet_plugin.engine.taxa import statuses
from geoplantnet_plugin.engine.taxa.table import ListInfo, Status, TaxaTable
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

GPKG_VERSION = "1.2"
"""Newer versions make QGIS 3.22 (GDAL 3.6) warn each time it opens the file."""


@contextmanager
def assemblage_gpkg(path: Path, area: Area, grid: Grid, taxa: TaxaTable, encoding: Encoding,
                    coverage: Sequence[CoverageRow], areas: Sequence[AreaResult], survey: Sequence[Entry] = (),
                    shares: Shares | None = None) -> Iterator[CellSets]:
    """Open ``assemblage.gpkg`` for writing; area, taxa and coverage are in it, cell_taxa is to be filled."""
    with timeless_gpkg(path) as temporary:
        _write_known(temporary, area, taxa, survey)
        append_table(_coverage_frame(coverage), temporary, "coverage")
        if shares and shares.expected is not None:
            append_table(_expected_frame(taxa, shares), temporary, "expected")
        if areas:
            append_table(_areas_frame(areas), temporary, "areas")
            append_table(_coverage_by_area_frame(areas), temporary, "coverage_by_area")
        with closing(sqlite3.connect(temporary)) as connection:
            # The file is written under a temporary name, so a journal would only cost time.
            connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            sets = CellSets(connection, grid, encoding, len(taxa))
            sets.begin()
            yield sets
            sets.finish()
            connection.commit()


def write_pool_gpkg(path: Path, area: Area, taxa: TaxaTable, survey: Sequence[Entry]) -> None:
    """Write ``assemblage.gpkg`` of a species pool: the site, its square, taxa and survey list; there are no cells."""
    from geopandas import GeoDataFrame

    with timeless_gpkg(path) as temporary:
        _write_known(temporary, area, taxa, survey)
        GeoDataFrame(geometry=[area.shape], crs=area.crs).to_file(temporary, layer=SQUARE_TABLE, driver="GPKG",
                                                                  engine="pyogrio")


def write_outline(path: Path, area: Area) -> None:
    """Begin a GeoPackage with the polygons of the area."""
    area.polygons[["geometry"]].to_file(path, layer="area", driver="GPKG", engine="pyogrio", VERSION=GPKG_VERSION)


def write_ranks_gpkg(path: Path, area: Area, taxa: TaxaTable, ranked: Sequence[Entry]) -> None:
    """Write ``assemblage.gpkg`` of ranked cells: the area, taxa, and those that are ranked, in the raster's order."""
    with timeless_gpkg(path) as temporary:
        _write_known(temporary, area, taxa, ())
        frame = survey_frame(ranked)[["name", "taxon", "authorship", "family", "reasons", "endemic", "recorded",
                                      "recorded_squares", "weak"]]
        frame.insert(0, "band", np.arange(1, len(frame) + 1))
        append_table(frame, temporary, RANKS_TABLE)


def _write_known(path: Path, area: Area, taxa: TaxaTable, survey: Sequence[Entry]) -> None:
    write_outline(path, area)
    append_table(_taxa_frame(taxa), path, "taxa")
    append_table(_statuses_frame(taxa), path, "statuses")
    append_table(_lists_frame(taxa), path, "lists")
    if survey:
        append_table(survey_frame(survey), path, SURVEY_TABLE)


def _taxa_frame(taxa: TaxaTable) -> DataFrame:
    from pandas import DataFrame

    columns = ("id", "name", "accepted_name", "authorship", "gbif_id", "rank", "family", "genus", "life_form",
               *NAME_COLUMNS)
    frame = DataFrame({name: [getattr(taxon, name) for taxon in taxa] for name in columns}, dtype=str)
    frame.insert(0, "taxon", np.arange(len(taxa)))
    frame["lambda"] = _numbers([taxon.lambda_ for taxon in taxa])
    frame["niche_breadth"] = _numbers([taxon.niche_breadth for taxon in taxa])
    return frame


def _statuses_frame(taxa: TaxaTable) -> DataFrame:
    from pandas import DataFrame

    rows = [(i, status) for i, taxon in enumerate(taxa) for status in taxon.statuses]
    texts = [field.name for field in fields(Status) if field.name != "in_force"]
    frame = DataFrame({name: [getattr(status, name) for _, status in rows] for name in texts}, dtype=str)
    frame["in_force"] = [yes_no(status.in_force) for _, status in rows]
    frame.insert(0, "taxon", np.array([i for i, _ in rows], np.int64))
    return frame


def _lists_frame(taxa: TaxaTable) -> DataFrame:
    from pandas import DataFrame

    frame = DataFrame([asdict(entry) for entry in taxa.lists], columns=[field.name for field in fields(ListInfo)])
    return frame.astype({"complete": bool, "names": np.int64, "matched": np.int64})


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    """Return numbers as a column; what is unknown is NaN."""
    return np.array([np.nan if value is None else value for value in values], float)


def _coverage_frame(rows: Sequence[CoverageRow]) -> DataFrame:
    from pandas import DataFrame

    return DataFrame({
        "id": [row.taxon.id for row in rows], "name": [row.taxon.accepted_name for row in rows],
        "family": [row.taxon.family for row in rows],
        "iucn": [statuses.value(row.taxon, "iucn") for row in rows],
        "expected_share": _numbers([row.expected for row in rows]),
        "expected_low": _numbers([row.low for row in rows]), "expected_high": _numbers([row.high for row in rows]),
        "cells": np.array([row.cells for row in rows], np.int64),
        "coverage": np.array([row.share for row in rows], float),
        "mean_score": np.array([row.mean for row in rows], float),
        "max_score": np.array([row.max for row in rows], float),
        "origin": [statuses.origin(row.taxon) for row in rows],
        "lists_as_of": [statuses.as_of(row.taxon) for row in rows]})


def _expected_frame(taxa: TaxaTable, shares: Shares) -> DataFrame:
    """Return the expected shares of all taxa, also of those that no set holds."""
    from pandas import DataFrame

    columns = np.array([_numbers(shares.of(i)) for i in range(len(taxa))]).T
    return DataFrame({"id": [taxon.id for taxon in taxa],
                      **dict(zip(("expected_share", "expected_low", "expected_high"), columns, strict=True))})


def _areas_frame(areas: Sequence[AreaResult]) -> DataFrame:
    from pandas import DataFrame

    return DataFrame({
        "area": [area.name for area in areas], "hectares": [area.hectares for area in areas],
        "cells": np.array([area.cells for area in areas], np.int64),
        "taxa": np.array([len(area.rows) for area in areas], np.int64),
        "expected_richness": _numbers([area.richness.expected for area in areas]),
        "expected_richness_low": _numbers([area.richness.low for area in areas]),
        "expected_richness_high": _numbers([area.richness.high for area in areas]),
        "mean_richness": np.array([area.mean_richness for area in areas], float),
        **{f"mean_{id}": _numbers([area.means[id] for area in areas]) for id in areas[0].means}})


def _coverage_by_area_frame(areas: Sequence[AreaResult]) -> DataFrame:
    frame = _coverage_frame([row for area in areas for row in area.rows])
    frame.insert(0, "area", [area.name for area in areas for _ in area.rows])
    return frame
