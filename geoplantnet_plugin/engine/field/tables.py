"""The GeoPackage of a field package: what the tablet needs to know, and the empty tables of the survey."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.survey import BOOLEAN, INTEGER, MOMENT, REAL, SURVEY, TEXT, Table
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.tables import GPKG_VERSION
from geoplantnet_plugin.engine.base.events import Reporter

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

DTYPES = {TEXT: "str", INTEGER: "Int32", REAL: "Float64", BOOLEAN: "boolean", MOMENT: "datetime64[ms]"}
STEPS = 500_000
"""Steps of SQLite between two looks at whether the caller asks to stop: some hundredths of a second."""
_EXPECTED = """
CREATE TABLE expected (fid INTEGER PRIMARY KEY, cell INTEGER NOT NULL UNIQUE, taxa TEXT NOT NULL);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('expected', 'attributes', 'expected', 'Taxa predicted in each cell: their numbers in the table taxa', 0);
"""
_CELL_LISTS = "SELECT cell, ';' || group_concat(taxon, ';') || ';' FROM cell_taxa GROUP BY cell"


def write_tables(path: Path, folder: AssessmentFolder, plan: GeoDataFrame, about: str,
                 targets: Mapping[str, tuple[str, ...]], language: str, reporter: Reporter) -> None:
    """Write the GeoPackage `path`: area, lists, expected species by cell, plan and the empty tables of the survey.

    `about` is the package as JSON, so that the file tells by itself whose it is.
    """
    write_layer(_area(folder), path, "area")
    write_layer(_taxa(folder, targets, language), path, "taxa")
    write_layer(_coverage(folder), path, "coverage")
    write_layer(_frame({"about": [about]}), path, "package")
    for table in SURVEY:
        write_layer(empty(table, plan.crs), path, table.name, table.geometry)
    write_layer(plan.assign(edited=_moments(len(plan))), path, "plan", "Point")
    with closing(sqlite3.connect(path)) as tables, folder.tables() as assessment, heeding(assessment, reporter):
        tables.executescript(_EXPECTED)
        tables.executemany("INSERT INTO expected (cell, taxa) VALUES (?, ?)", assessment.execute(_CELL_LISTS))
        for table in SURVEY:
            for column in {table.key, *(name for name, _ in table.links)}:
                tables.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
        tables.execute("CREATE INDEX taxa_id ON taxa (id)")
        tables.commit()


@contextmanager
def heeding(connection: sqlite3.Connection, reporter: Reporter) -> Iterator[None]:
    """Let statements over millions of rows end with `Cancelled` when the caller asks to stop."""
    connection.set_progress_handler(lambda: int(reporter.cancelled()), STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        reporter.checkpoint()
        raise


def expected_counts(folder: AssessmentFolder, reporter: Reporter) -> dict[int, int]:
    """Return how many taxa are predicted in each cell that has any."""
    with folder.tables() as connection, heeding(connection, reporter):
        return dict(connection.execute("SELECT cell, taxa_count FROM cell_sets"))


def empty(table: Table, crs: Any) -> DataFrame:
    """Return a frame with the columns of `table` and no row."""
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    frame = DataFrame({column.name: Series([], dtype=DTYPES[column.type]) for column in table.columns})
    return GeoDataFrame(frame, geometry=[], crs=crs) if table.geometry else frame


def write_layer(frame: DataFrame, path: Path, layer: str, geometry: str = "") -> None:
    """Add `frame` to the GeoPackage `path` as `layer`, with `geometry` (``Point``, ``Polygon``) where it has one."""
    import pyogrio

    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", geometry_type=geometry or None,
                            dataset_options={"VERSION": GPKG_VERSION})


def _moments(count: int) -> Any:
    from pandas import NaT, Series

    return Series([NaT] * count, dtype=DTYPES[MOMENT])


def _frame(columns: dict[str, Any]) -> DataFrame:
    from pandas import DataFrame

    return DataFrame(columns)


def _area(folder: AssessmentFolder) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    return GeoDataFrame(geometry=[folder.area], crs=folder.document["grid"]["crs"])


def _taxa(folder: AssessmentFolder, targets: Mapping[str, tuple[str, ...]], language: str) -> DataFrame:
    """Return the taxa of this site, those that are predicted somewhere; `label` is what a person searches in."""
    numbers = {taxon.id: number for number, taxon in enumerate(folder.taxa)}
    taxa = sorted((row.taxon for row in folder.coverage), key=lambda taxon: taxon.accepted_name)
    common = [taxon.common_name(language) for taxon in taxa]
    return _frame({
        "taxon": [numbers[taxon.id] for taxon in taxa], "id": [taxon.id for taxon in taxa],
        "name": [taxon.accepted_name for taxon in taxa], "common_name": common,
        "label": [f"{taxon.accepted_name} ({name})" if name else taxon.accepted_name
                  for taxon, name in zip(taxa, common, strict=True)],
        "family": [taxon.family for taxon in taxa], "authorship": [taxon.authorship for taxon in taxa],
        "gbif_id": [taxon.gbif_id for taxon in taxa],
        "listed": ["; ".join(targets.get(taxon.id, ())) for taxon in taxa]})


def _coverage(folder: AssessmentFolder) -> DataFrame:
    return _frame({
        "id": [row.taxon.id for row in folder.coverage], "name": [row.taxon.accepted_name for row in folder.coverage],
        "coverage": [row.share for row in folder.coverage], "max_score": [row.max for row in folder.coverage]})
