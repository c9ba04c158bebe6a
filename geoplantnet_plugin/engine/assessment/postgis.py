"""Assessments in PostgreSQL with PostGIS, by binary COPY: the tables ``maps.*`` that the service reads.

``geoplantnet-service migrate`` makes the tables. `copy_assessment` puts one folder in, in the transaction of the
connection (psycopg 3) that it is given. The tiles of one map are put in by a call each with the same `whole`, in a
transaction each and in as many connections as there are: none waits for another, and one that was lost is put in
again. The service's `coverage` then takes the name of the whole; ``geoplantnet-service publish`` does all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.assessment import TABLES
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.assessment.stored_sets import Sets, cells_with_data, stretches

if TYPE_CHECKING:
    pass

HEADER, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
"""Begin and end of binary COPY: https://www.postgresql.org/docs/current/sql-copy.html (File Formats, Binary)."""
INT4 = 23
"""PostgreSQL's number of the type of taxa and scores."""
POINT_WITH_SRID = 0x20000001


def copy_assessment(connection: Any, name: str, folder: Path, owner: str | None = None,
                    whole: str | None = None) -> None:
    """Put the finished assessment in `folder` into the tables under `name`, in the place of an older one of that name.

    It is everybody's without an `owner`; `whole` is the map that it is a tile of. The caller commits.

    Raises:
        EngineError: the folder holds no finished assessment with cells.
    """
    document = read_document(folder)
    srid = _srid(document["grid"]["crs"])
    with open_tables(folder / TABLES) as tables:
        connection.execute("DELETE FROM maps.area WHERE assessment = %s", [name])
        _insert_area(connection, name, folder, document, srid, owner, whole)
        _copy(connection, "maps.taxa (assessment, taxon, id, accepted_name, family)", name,
              tables.execute("SELECT taxon, id, accepted_name, family FROM taxa"))
        _copy(connection, "maps.coverage (assessment, id, name, cells, coverage)", name,
              tables.execute("SELECT id, name, cells, coverage FROM coverage"))
        copy_cells(connection, name, document["grid"], srid, stretches(tables, cells_with_data(folder, document)))


def _srid(crs: str) -> int:
    from pyproj import CRS

    return CRS.from_user_input(crs).to_epsg() or 0


def _insert_area(connection: Any, name: str, folder: Path, document: dict[str, Any], srid: int, owner: str | None,
                 whole: str | None) -> None:
    import geopandas
    import shapely

    area = geopandas.read_file(folder / document["area"]["file"], layer=document["area"]["layer"])
    shape = shapely.set_srid(area.to_crs(document["grid"]["crs"]).union_all(), srid)
    source = {key: document["score_source"][key] for key in ("kind", "name", "title", "version", "digest", "scale")}
    connection.execute(
        "INSERT INTO maps.area (assessment, owner, whole, title, crs, srid, resolution, step, simulated, source, "
        "set_rule, cells, geom) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s::geometry)",
        [name, owner, whole, document["title"], document["grid"]["crs"], srid, document["grid"]["resolution"],
         document["species"]["step"], document["simulated"], json.dumps(source), document["set_rule"]["text"],
         document["coverage"]["cells"], shapely.to_wkb(shape, hex=True, include_srid=True)])


def _copy(connection: Any, columns: str, name: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Copy a list, which is short beside the cells."""
    with connection.cursor().copy(f"COPY {columns} FROM STDIN") as copy:
        for row in rows:
            copy.write_row((name, *row))


def copy_cells(connection: Any, name: str, grid: dict[str, Any], srid: int, stretches: Iterable[Sets]) -> None:
    """Copy stretches of cells of an assessment on `grid` (the manifest's) into ``maps.cells``."""
    statement = "COPY maps.cells (assessment, cell, geom, taxa, scores) FROM STDIN (FORMAT BINARY)"
    with connection.cursor().copy(statement) as copy:
        copy.write(HEADER)
        for sets in stretches:
            for piece in _binary_rows(name, grid, srid, sets):
                copy.write(piece)
        copy.write(END)


def _binary_rows(name: str, grid: dict[str, Any], srid: int, sets: Sets) -> Iterator[bytes]:
    """Yield the rows, a cell's centre being its point; those with equally many taxa come together."""
    start = np.append(0, np.cumsum(sets.counts))
    for count in np.unique(sets.counts):
        which = np.flatnonzero(sets.counts == count)
        rows = np.zeros(len(which), _row(len(name.encode()), count))
        rows["fields"], rows["name_size"], rows["cell_size"], rows["point_size"] = 5, len(name.encode()), 8, 25
        rows["name"], rows["cell"] = np.frombuffer(name.encode(), np.uint8), sets.cells[which]
        line, column = np.divmod(sets.cells[which], grid["width"])
        rows["kind"], rows["srid"] = POINT_WITH_SRID, srid
        rows["x"] = grid["left"] + (column + 0.5) * grid["resolution"]
        rows["y"] = grid["top"] - (line + 0.5) * grid["resolution"]
        entries = start[which][:, np.newaxis] + np.arange(count)
        for key, values in (("taxa", sets.taxa), ("scores", sets.scores)):
            rows[f"{key}_size"] = 20 + 8 * count if count else 12
            rows[f"{key}_head"] = (1, 0, INT4, count, 1) if count else (0, 0, INT4)
            rows[key][:, :, 0], rows[key][:, :, 1] = 4, values[entries]
        yield rows.tobytes()


def _row(name: int, count: int) -> np.dtype[np.void]:
    """Return the layout of a row whose name has so many bytes and whose two arrays have `count` elements."""
    arrays = [part for key in ("taxa", "scores") for part in (
        (f"{key}_size", ">i4"), (f"{key}_head", ">i4", 5 if count else 3), (key, ">i4", (count, 2)))]
    return np.dtype([("fields", ">i2"), ("name_size", ">i4"), ("name", "u1", name), ("cell_size", ">i4"),
                     ("cell", ">i8"), ("point_size", ">i4"), ("order", "u1"), ("kind", ">u4"), ("srid", ">i4"),
                     ("x", ">f8"), ("y", ">f8"), *arrays])
