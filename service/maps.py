"""Assessments as PostGIS tables, and the coverage of any polygon in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely

from geoplantnet_plugin.engine.assessment.postgis import copy_assessment
from geoplantnet_plugin.engine.tiles.result import tiles_of

from . import jobs
from .database import Pool, patiently
from .folders import JobFolder
from .problems import NOT_READY, Problem
from .queue import Tools
from .tokens import ADMIN, Caller

_COVERAGE = """
WITH inside AS MATERIALIZED (
  SELECT taxa FROM maps.cells
   WHERE assessment = %(map)s AND geom && %(shape)s::geometry AND ST_Intersects(geom, %(shape)s::geometry)),
counted AS (SELECT taxon, count(*) AS n FROM (SELECT unnest(taxa) AS taxon FROM inside) AS found GROUP BY taxon)
SELECT total.n AS total, t.id, t.accepted_name AS name, t.family, counted.n
  FROM (SELECT count(*) AS n FROM inside) AS total
  LEFT JOIN (counted JOIN maps.taxa t ON t.assessment = %(map)s AND t.taxon = counted.taxon) ON true
"""
"""One row a taxon that some cell's set holds, or a single one where none does; `total` cells in each."""


@dataclass(frozen=True)
class Map:
    """An assessment in the tables, or a whole of them."""

    assessment: str
    title: str
    crs: str
    srid: int
    resolution: float
    simulated: bool
    source: dict[str, Any]
    set_rule: str
    cells: int


def load_job(tools: Tools, id: UUID) -> None:
    """Put the assessment that a job made into the tables, unless its results are gone, or go meanwhile."""
    record = jobs.read(tools.pool, id)
    folder = JobFolder(tools.settings.results, id).assessment
    if record is None or not folder.is_dir():
        return
    load(tools.pool, str(id), folder, record.owner)
    record = jobs.read(tools.pool, id)
    if record is None or record.expired or record.status == jobs.DISMISSED:
        forget(tools.pool, str(id))


def load(pool: Pool, assessment: str, folder: Path, owner: str | None) -> None:
    """Put a finished assessment into the tables, in the place of an older one of that name; whole or not at all.

    It is everybody's without an `owner`. What the planner knows of the cells the database keeps up by itself
    (autovacuum): to look at all of them after each would cost a small job a tenth of its time.
    """
    with pool.connection() as connection, connection.transaction():
        copy_assessment(connection, assessment, folder, owner)


def publish(pool: Pool, name: str, folder: Path, connections: int) -> int:
    """Put an assessment, or all tiles of ``geoplantnet map``, into the tables for everybody; return how many there are.

    Each tile is a transaction of its own, `connections` at once, and begun anew where the database was restarted
    meanwhile; tiles of an older map of that name are taken out last.

    Raises:
        EngineError: the folder holds neither.
        psycopg.OperationalError: the database stays away.
    """
    tiles = {f"{name}/{tile.name}": tile for tile in tiles_of(folder)}
    if not tiles:
        load(pool, name, folder, None)

    def put(tile: str) -> None:
        with pool.connection() as connection, connection.transaction():
            copy_assessment(connection, tile, tiles[tile], None, name)

    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(lambda tile: patiently(lambda: put(tile)), sorted(tiles)))
    with pool.connection() as connection:
        connection.execute("DELETE FROM maps.area WHERE whole = %(name)s AND assessment <> ALL(%(tiles)s) "
                           "OR assessment = %(name)s AND %(tiles)s <> '{}'", {"name": name, "tiles": list(tiles)})
        connection.execute("ANALYZE maps.cells")  # the planner knows at once of what has come
    return max(1, len(tiles))


def _ewkb(shape: shapely.Geometry, srid: int) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, srid), hex=True, include_srid=True))


def forget(pool: Pool, assessment: str) -> None:
    """Take an assessment out of the tables."""
    with pool.connection() as connection:
        connection.execute("DELETE FROM maps.area WHERE assessment = %(map)s OR whole = %(map)s", {"map": assessment})


def find_map(pool: Pool, caller: Caller, assessment: str) -> Map:
    """Return a map that `caller` may read.

    Raises:
        Problem: 404, the same for a map of someone else as for none.
    """
    with pool.connection() as connection:
        row = connection.execute(
            "SELECT %(map)s AS assessment, min(title) AS title, crs, srid, resolution, "
            "bool_or(simulated) AS simulated, source, set_rule, sum(cells)::bigint AS cells FROM maps.area "
            "WHERE (assessment = %(map)s OR whole = %(map)s) AND (owner IS NULL OR owner = %(owner)s OR %(all)s) "
            "GROUP BY crs, srid, resolution, source, set_rule",
            {"map": assessment, "owner": caller.owner, "all": ADMIN in caller.scopes}).fetchone()
    if row is None:
        raise _absent(pool, caller, assessment)
    return Map(**row)


def _absent(pool: Pool, caller: Caller, assessment: str) -> Problem:
    """Return the refusal of a map that is not in the tables: of one's own finished job it may be on its way there."""
    with pool.connection() as connection:
        coming = connection.execute(
            "SELECT FROM service.job job JOIN procrastinate_jobs entry ON entry.args->>'job' = job.id::text "
            "WHERE job.id::text = %(map)s AND (job.owner = %(owner)s OR %(all)s) AND entry.task_name = 'tables' "
            "AND entry.status IN ('todo', 'doing')",
            {"map": assessment, "owner": caller.owner, "all": ADMIN in caller.scopes}).fetchone()
    if coming is None:
        return Problem(404, "served_no_map", map=assessment[:60])
    return Problem(404, "served_map_soon", NOT_READY, retry_after=1, map=assessment)


def coverage(pool: Pool, found: Map, shape: shapely.Geometry) -> dict[str, Any]:
    """Return the share of the map's cells inside `shape` (the map's CRS) whose assemblage holds each taxon.

    `coverage` is in percent of `cells`, those with data whose centre lies inside; taxa by coverage, descending.

    Raises:
        Problem: 400, there is no such cell: a map does not say that nothing grows where it knows nothing.
    """
    cells = 0
    counted: dict[tuple[str, str, str], int] = {}
    ewkb = _ewkb(shape, found.srid)
    with pool.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL jit = off")  # compiling takes longer than counting
        tiles = connection.execute(
            "SELECT assessment FROM maps.area WHERE (assessment = %(map)s OR whole = %(map)s) "
            "AND ST_Expand(geom, resolution) && %(shape)s::geometry", {"map": found.assessment, "shape": ewkb})
        for tile in tiles.fetchall():
            rows = connection.execute(_COVERAGE, {"map": tile["assessment"], "shape": ewkb}).fetchall()
            cells += rows[0]["total"]
            for row in rows:
                if row["n"]:
                    known = (row["id"], row["name"], row["family"])
                    counted[known] = counted.get(known, 0) + row["n"]
    if not cells:
        raise Problem(400, "served_outside_map", map=found.title)
    taxa = [{"id": id, "name": name, "family": family, "cells": count, "coverage": round(100 * count / cells, 4)}
            for (id, name, family), count in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0][1]))]
    return {"map": found.assessment, "title": found.title, "simulated": found.simulated, "source": found.source,
            "set_rule": found.set_rule, "resolution": found.resolution, "cells": cells, "taxa": taxa}
