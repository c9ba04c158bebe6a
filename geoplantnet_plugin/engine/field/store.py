"""The merged survey on disk: ``field/survey.gpkg`` in the assessment's folder, with every version of every row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.survey import GEOPACKAGE, MOMENT, PLAN, TABLES, TEXT, Column, Table
from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.field.merge import Survey, Version
from geoplantnet_plugin.engine.field.returned import Row
from geoplantnet_plugin.engine.field.tables import DTYPES, write_layer

if TYPE_CHECKING:
    from pandas import DataFrame

_VERSIONS = "SELECT table_name, row_id, content, source FROM versions"


def known_versions(folder: Path) -> list[Version]:
    """Return the versions that were read before; none where nothing was.

    Raises:
        EngineError: the survey that was merged before is damaged.
    """
    path = folder / GEOPACKAGE
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [Version(*row) for row in connection.execute(_VERSIONS)]
    except sqlite3.Error as error:
        raise EngineError("field_store_damaged", path=path, reason=str(error)) from error


def write_survey(folder: Path, survey: Survey, crs: str, agreement: DataFrame) -> None:
    """Write the survey, whole or not at all: the rows that count as layers, `agreement`, and all versions."""
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder / GEOPACKAGE) as path:
        for table in TABLES:
            write_layer(_frame(table, survey.rows[table.name], crs), path, table.name, table.geometry)
        write_layer(agreement, path, "agreement", "Point")
        write_layer(_versions(survey.versions), path, "versions")


def _frame(table: Table, rows: Sequence[Row], crs: str) -> DataFrame:
    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame, Series

    columns = (*table.columns, Column("package_id")) if table is PLAN else table.columns
    frame = DataFrame({column.name: Series([_value(row[column.name], column) for row in rows],
                                           dtype=DTYPES[column.type]) for column in columns})
    if not table.geometry:
        return frame
    return GeoDataFrame(frame, geometry=GeoSeries.from_wkt([row["geometry"] for row in rows]), crs=crs)


def _value(value: Any, column: Column) -> Any:
    from pandas import Timestamp

    if column.type == MOMENT and value is not None:
        return Timestamp(value)
    return "" if value is None and column.type == TEXT else value


def _versions(versions: Sequence[Version]) -> DataFrame:
    from pandas import DataFrame

    return DataFrame({"table_name": [version.table for version in versions],
                      "row_id": [version.id for version in versions],
                      "content": [version.content for version in versions],
                      "source": [version.source for version in versions]}, dtype=str)
