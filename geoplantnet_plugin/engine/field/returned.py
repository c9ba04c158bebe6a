"""A tablet's package as it came back: a folder, a zip or the GeoPackage alone, read from a copy, never changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.fieldpackage import FieldPackage, PackageUnreadable, package_of
from geoplantnet_plugin.common.survey import BOOLEAN, GEOPACKAGE, INTEGER, MOMENT, PHOTOS, REAL, TABLES, TEXT, Table
from geoplantnet_plugin.engine.base.files import BROKEN_ZIP

if TYPE_CHECKING:
    from pandas import DataFrame

SIDE_FILES = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a GeoPackage that was not closed: rows may still be in there."""
MOST_BYTES = 20_000_000_000
"""A zip that says it holds more is refused."""

PYTHON = {TEXT: str, INTEGER: int, REAL: float, BOOLEAN: bool}
"""What values of a column are, by its type."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Returned:
    """What came back from one tablet: `rows` by table, with geometries as WKT and moments as ISO texts.

    `photos` is the folder that the paths of photos start from; `added` are columns that somebody added.
    """

    source: str
    package: FieldPackage
    rows: Mapping[str, list[Row]]
    photos: Path
    added: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[Returned]:
    """Open what a tablet brought back.

    Raises:
        EngineError: there is no survey in it, or it is locked, damaged, of a newer version or lacks columns.
    """
    with TemporaryDirectory(prefix="geoplantnet-") as temporary:
        folder = _unpacked(path, Path(temporary)) if path.suffix.lower() == ".zip" else path
        gpkg = folder if folder.suffix.lower() == ".gpkg" else folder / GEOPACKAGE
        if not gpkg.is_file():
            raise EngineError("field_returned_nothing", path=path, file=GEOPACKAGE)
        copy = _copied(gpkg, Path(temporary) / "copy")
        try:
            package = _package(copy, path)
            tables = {table.name: _read(copy, table, package, path) for table in TABLES}
        except (sqlite3.Error, RuntimeError) as error:
            raise EngineError("field_returned_damaged", path=path, reason=str(error)) from error
        added = tuple(f"{name}.{column}" for name, (_, columns) in tables.items() for column in columns)
        yield Returned(path.name, package, {name: rows for name, (rows, _) in tables.items()}, gpkg.parent, added)


def _unpacked(path: Path, temporary: Path) -> Path:
    """Unpack the survey and the photos of a zip, and nothing else of it."""
    try:
        with ZipFile(path) as archive:
            found = [entry for entry in archive.infolist() if PurePosixPath(entry.filename).name == GEOPACKAGE]
            if not found or sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise EngineError("field_returned_nothing", path=path, file=GEOPACKAGE)
            root = PurePosixPath(found[0].filename).parent
            for entry in archive.infolist():
                name = PurePosixPath(entry.filename)
                inside = name.is_relative_to(root) and ".." not in name.parts and not entry.is_dir()
                part = name.relative_to(root) if inside else None
                if part is not None and (part.parts[0] == PHOTOS or part.name.startswith(GEOPACKAGE)):
                    target = temporary / "zip" / part
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(entry) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out)
    except (*BROKEN_ZIP, OSError) as error:
        raise EngineError("field_returned_damaged", path=path, reason=str(error)) from error
    return temporary / "zip"


def _copied(gpkg: Path, folder: Path) -> Path:
    """Copy a GeoPackage with what SQLite keeps beside it."""
    try:
        with closing(sqlite3.connect(f"{gpkg.resolve().as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise EngineError("field_returned_locked", path=gpkg) from error
    except sqlite3.Error as error:
        raise EngineError("field_returned_damaged", path=gpkg, reason=str(error)) from error
    folder.mkdir()
    try:
        for suffix in SIDE_FILES:
            beside = gpkg.with_name(gpkg.name + suffix)
            if beside.is_file():
                shutil.copyfile(beside, folder / (GEOPACKAGE + suffix))
    except OSError as error:
        raise EngineError("field_returned_locked", path=gpkg) from error
    return folder / GEOPACKAGE


def _package(gpkg: Path, path: Path) -> FieldPackage:
    with closing(sqlite3.connect(gpkg)) as connection:
        checked = connection.execute("PRAGMA quick_check").fetchone()
        if checked != ("ok",):
            raise EngineError("field_returned_damaged", path=path, reason=checked[0])
        try:
            row = connection.execute("SELECT about FROM package").fetchone()
        except sqlite3.OperationalError as error:
            raise EngineError("field_returned_nothing", path=path, file=GEOPACKAGE) from error
    try:
        return package_of(str(row[0]) if row else "")
    except PackageUnreadable as error:
        code = "field_returned_newer" if error.newer else "field_returned_damaged"
        params = {} if error.newer else {"reason": str(error)}
        raise EngineError(code, path=path, **params) from error


def _read(gpkg: Path, table: Table, package: FieldPackage, path: Path) -> tuple[list[Row], list[str]]:
    """Return the rows of a table, and the columns that it should not have."""
    import pyogrio

    if table.name not in {name for name, _ in pyogrio.list_layers(gpkg)}:
        raise EngineError("field_returned_columns", path=path, table=table.name, missing=[table.name])
    frame = pyogrio.read_dataframe(gpkg, layer=table.name)
    known = [column.name for column in table.columns]
    missing = [name for name in known if name not in frame.columns]
    if missing:
        raise EngineError("field_returned_columns", path=path, table=table.name, missing=missing)
    return _rows(frame, table, package), [name for name in frame.columns if name not in (*known, "geometry")]


def _rows(frame: DataFrame, table: Table, package: FieldPackage) -> list[Row]:
    rows = [{column.name: _plain(value, column.type) for column, value in zip(table.columns, values, strict=True)}
            for values in frame[[column.name for column in table.columns]].itertuples(index=False, name=None)]
    if table.geometry:
        shapes = frame.geometry if frame.crs is None else frame.geometry.to_crs(package.grid.crs)
        for row, shape in zip(rows, shapes, strict=True):
            row["geometry"] = None if shape is None or shape.is_empty else shape.wkt
    return rows


def _plain(value: Any, type: str) -> Any:
    """Return a value as JSON has it, the same whatever else is in the column; a moment as the tablet's clock showed."""
    if value is None or str(value) in ("nan", "NaT"):
        return None
    if type == MOMENT:
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    return PYTHON[type](value)
