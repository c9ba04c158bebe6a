"""Assessments as PostGIS tables, and the coverage of any polygon in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from geoplantnet_plugin.common.assessment import TABLES
from geoplantnet_plugin.common.tables import cell_taxa, open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document

from .database import Pool
from .jobs import Connection
from .problems import Problem
from .tokens import ADMIN, Caller

if TYPE_CHECKING:
    from geopandas import GeoSeries

ROWS_AT_ONCE = 500_000
_COVERAGE = """
WITH inside AS MATERIALIZED (
  SELECT taxa FROM maps.cells
   WHERE assessment = %(map)s AND geom && %(shape)s::geometry AND ST_Intersects(geom, %(shape)s::geometry)),
counted AS (SELECT taxon, count(*) AS n FROM (SELECT unnest(taxa) AS taxon FROM inside) AS found GROUP BY taxon)
SELECT total.n AS total, t.id, t.accepted_name AS name, t.family, counted.n
  FROM (SELECT count(*) AS n FROM inside) AS total
  LEFT JOIN (counted JOIN maps.taxa t ON t.assessment = %(map)s AND t.taxon = counted.taxon) ON true
 ORDER BY counted.n DESC, t.accepted_name
"""
"""One row a taxon that some cell's set holds, or a single one where none does; `total` cells in each."""


@dataclass(frozen=True)
class Map:
    """An assessment in the tables."""

    assessment: str
    title: str
    crs: str
    srid: int
    resolution: float
    simulated: bool
    source: dict[str, Any]
    set_rule: str
    cells: int


def load(pool: Pool, assessment: str, folder: Path, owner: str | None) -> None:
    """Put a finished assessment into the tables, in the place of an older one of that name; whole or not at all.

    It is everybody's without an `owner`.
    """
    import geopandas

    document = read_document(folder)
    area = geopandas.read_file(folder / document["area"]["file"], layer=document["area"]["layer"])
    srid = area.crs.to_epsg() or 0
    with pool.connection() as connection, open_tables(folder / TABLES) as tables:
        connection.execute("DELETE FROM maps.area WHERE assessment = %s", [assessment])
        _insert_area(connection, assessment, document, area.geometry, srid, owner)
        _insert_lists(connection, assessment, tables)
        _copy_cells(connection, assessment, folder, document, srid, tables)
    with pool.connection() as connection:
        connection.execute("ANALYZE maps.cells")


def _insert_area(connection: Connection, assessment: str, document: dict[str, Any], area: GeoSeries, srid: int,
                 owner: str | None) -> None:
    source = {key: document["score_source"][key] for key in ("kind", "name", "title", "version", "digest", "scale")}
    connection.execute(
        "INSERT INTO maps.area (assessment, owner, title, crs, srid, resolution, step, simulated, source, set_rule, "
        "cells, geom) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::geometry)",
        [assessment, owner, document["title"], document["grid"]["crs"], srid, document["grid"]["resolution"],
         document["species"]["step"], document["simulated"], Jsonb(source), document["set_rule"]["text"],
         document["coverage"]["cells"], _ewkb(area.union_all(), srid)])


def _insert_lists(connection: Connection, assessment: str, tables: Any) -> None:
    with connection.cursor().copy("COPY maps.taxa (assessment, taxon, id, accepted_name, family) FROM STDIN") as copy:
        for row in tables.execute("SELECT taxon, id, accepted_name, family FROM taxa"):
            copy.write_row((assessment, *row))
    with connection.cursor().copy("COPY maps.coverage (assessment, id, name, cells, coverage) FROM STDIN") as copy:
        for row in tables.execute("SELECT id, name, cells, coverage FROM coverage"):
            copy.write_row((assessment, *row))


def _copy_cells(connection: Connection, assessment: str, folder: Path, document: dict[str, Any], srid: int,
                tables: Any) -> None:
    with connection.cursor().copy("COPY maps.cells (assessment, cell, geom, taxa, scores) FROM STDIN") as copy:
        for cells, starts, taxa, scores in _assemblages(tables, _cells_with_data(folder, document)):
            points = _points(cells, document["grid"], srid)
            for i, (cell, point) in enumerate(zip(cells.tolist(), points, strict=True)):
                entry = slice(starts[i], starts[i + 1])
                copy.write_row((assessment, cell, point, taxa[entry].tolist(), scores[entry].tolist()))


def _cells_with_data(folder: Path, document: dict[str, Any]) -> NDArray[np.int64]:
    """Return the numbers of the cells that have scores: those without a taxon count in a coverage as well."""
    import rasterio

    with rasterio.open(folder / document["species"]["file"]) as raster:
        return np.flatnonzero(raster.read(1) != raster.nodata)


def _assemblages(tables: Any, cells: NDArray[np.int64]) -> Iterator[
        tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Yield stretches of `cells` (n,) with where each one's taxa begin (n + 1,), the taxa and their scores."""
    done = 0
    rest = np.empty((0, 3), np.int64)
    rows = cell_taxa(tables, 0, int(cells.max(initial=0)) + 1)
    while found := list(islice(rows, ROWS_AT_ONCE)):
        entries = np.concatenate([rest, np.array(found, np.int64)])
        # The last cell's taxa may go on in the next rows.
        whole = int(np.searchsorted(entries[:, 0], entries[-1, 0]))
        upto = int(np.searchsorted(cells, entries[-1, 0]))
        yield _stretch(cells[done:upto], entries[:whole])
        done, rest = upto, entries[whole:]
    yield _stretch(cells[done:], rest)


def _stretch(cells: NDArray[np.int64], entries: NDArray[np.int64]) -> tuple[
        NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    starts = np.append(np.searchsorted(entries[:, 0], cells), len(entries))
    return cells, starts, entries[:, 1], entries[:, 2]


def _points(cells: NDArray[np.int64], grid: dict[str, Any], srid: int) -> list[str]:
    rows, columns = np.divmod(cells, grid["width"])
    return shapely.to_wkb(shapely.set_srid(shapely.points(  # type: ignore[no-any-return]
        grid["left"] + (columns + 0.5) * grid["resolution"], grid["top"] - (rows + 0.5) * grid["resolution"]), srid),
        hex=True, include_srid=True).tolist()


def _ewkb(shape: shapely.Geometry, srid: int) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, srid), hex=True, include_srid=True))


def forget(pool: Pool, assessment: str) -> None:
    """Take an assessment out of the tables."""
    with pool.connection() as connection:
        connection.execute("DELETE FROM maps.area WHERE assessment = %s", [assessment])


def find_map(pool: Pool, caller: Caller, assessment: str) -> Map:
    """Return a map that `caller` may read.

    Raises:
        Problem: 404, the same for a map of someone else as for none.
    """
    with pool.connection() as connection:
        row = connection.execute(
            "SELECT assessment, title, crs, srid, resolution, simulated, source, set_rule, cells FROM maps.area "
            "WHERE assessment = %s AND (owner IS NULL OR owner = %s OR %s)",
            [assessment, caller.owner, ADMIN in caller.scopes]).fetchone()
    if row is None:
        raise Problem(404, "served_no_map", map=assessment[:60])
    return Map(**row)


def coverage(pool: Pool, found: Map, shape: shapely.Geometry) -> dict[str, Any]:
    """Return the share of the map's cells inside `shape` (the map's CRS) whose assemblage holds each taxon.

    `coverage` is in percent of `cells`, those with data whose centre lies inside; taxa by coverage, descending.
    """
    with pool.connection() as connection:
        connection.execute("SET LOCAL jit = off")  # compiling takes longer than counting
        rows = connection.execute(_COVERAGE, {"map": found.assessment, "shape": _ewkb(shape, found.srid)}).fetchall()
    cells = int(rows[0]["total"])
    taxa = [{"id": row["id"], "name": row["name"], "family": row["family"], "cells": row["n"],
             "coverage": round(100 * row["n"] / cells, 4)} for row in rows if row["n"]]
    return {"map": found.assessment, "title": found.title, "simulated": found.simulated, "source": found.source,
            "set_rule": found.set_rule, "resolution": found.resolution, "cells": cells, "taxa": taxa}
