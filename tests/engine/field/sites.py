"""A small site of which everything is known, its field package, and tablets that are filled by SQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pyogrio
from shapely import Point
from worlds import LEFT, TOP, cells_box, make_world

from geoplantnet_plugin.common.assessment import REPORT_PDF
from geoplantnet_plugin.common.jobs import PackRequest
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.package import pack

ROW, COL, HEIGHT, WIDTH = 20, 20, 12, 16
"""Where the site's cells lie in the world."""
WHEN = "2099-01-01T10:00:00.000Z"


class Heard(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, object]]] = []

    def message(self, code: str, **params: object) -> None:
        self.said.append((code, params))

    def warning(self, code: str, **params: object) -> None:
        self.said.append((code, params))


def make_site(folder: Path) -> Path:
    """Assess 12 × 16 cells of the world and return the assessment's folder."""
    world = make_world(folder)
    job = world.job(world.area(cells_box(ROW, COL, HEIGHT, WIDTH)), resolution=50.0)
    assess(job, Reporter())
    (job.out / REPORT_PDF).write_bytes(b"%PDF-1.4 a report")
    return job.out


def pack_site(assessment: Path, out: Path, **changes: object) -> Path:
    """Pack the site and return the package's folder."""
    pack(PackRequest(assessment, out, **{"points": 8, **changes}), Reporter())  # type: ignore[arg-type]
    return out


def tablet(package: Path, folder: Path) -> Path:
    """Return a copy of a package, as a tablet takes it along."""
    shutil.copytree(package, folder)
    return folder


def centre(row: int, col: int) -> Point:
    """Return the centre of a cell of the site."""
    return Point(LEFT + (COL + col + 0.5) * 50, TOP - (ROW + row + 0.5) * 50)


def add(package: Path, table: str, place: Point | None = None, **values: object) -> str:
    """Add a row to a table of a package, as a form does, and return its key."""
    import geopandas
    import pandas

    path = package / "survey.gpkg"
    key = pyogrio.read_info(path, layer=table)["fields"][0]
    id = str(values.pop("id", uuid4()))
    if place is not None:
        cell = int((TOP - ROW * 50 - place.y) // 50) * WIDTH + int((place.x - LEFT - COL * 50) // 50)
        inside = 0 <= cell < HEIGHT * WIDTH
        values = {"cell": cell if inside else None, "date": pandas.Timestamp.now().floor("s"), "observer": "Ann",
                  "package_id": package_id(package), **values}
    values = {"edited": pandas.Timestamp.now().floor("s"), **({"certainty": "certain"} if "taxon_id" in values or
              "other_name" in values else {}), **values}
    frame = pandas.DataFrame([{key: id, **values}])
    for name in ("date", "edited"):
        if name in frame:
            frame[name] = pandas.to_datetime(frame[name])
    if place is not None:
        frame = geopandas.GeoDataFrame(frame, geometry=[place], crs="EPSG:3035")
    pyogrio.write_dataframe(frame, path, layer=table, append=True)
    return id


def package_id(package: Path) -> str:
    """Return the id of a package."""
    from geoplantnet_plugin.common.fieldpackage import read_package

    return read_package(package).id


@contextmanager
def sql(package: Path) -> Iterator[sqlite3.Connection]:
    """Open the tables of a package for changes that no form makes."""
    with closing(sqlite3.connect(package / "survey.gpkg")) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)  # triggers of the spatial index call them
        yield connection
        connection.commit()
