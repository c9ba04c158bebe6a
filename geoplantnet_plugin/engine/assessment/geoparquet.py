"""The assemblages of an assessment as GeoParquet 1.1: a row a cell, for who analyses with pandas, R or DuckDB.

https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.assessment import TABLES
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document
from geoplantnet_plugin.engine.assessment.opening import file_of, layer_raster
from geoplantnet_plugin.engine.assessment.stored_sets import Sets, cells_with_data, stretches
from geoplantnet_plugin.engine.base.files import writing

if TYPE_CHECKING:
    import pyarrow
    from numpy.typing import NDArray

GEOMETRY = "geometry"


def write_geoparquet(folder: Path, out: Path) -> int:
    """Write the cells with scores of a finished assessment and return how many there are.

    Columns: `cell` (row × grid width + column), `geometry` (the cell's centre, the grid's CRS), `taxa` (list of
    accepted names, best first), `scores` (list, on the score source's scale), and one for every indicator.

    Raises:
        EngineError: the folder holds no finished assessment with cells, or ``parquet_no_arrow``.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise EngineError("parquet_no_arrow") from error
    document, count = read_document(folder), 0
    if not document.get("coverage"):
        raise EngineError("assessment_only_ranks" if document.get("ranks") else "assessment_no_species", folder=folder)
    with ExitStack() as stack:
        tables = stack.enter_context(open_tables(folder / TABLES))
        layers = {entry["id"]: _layer(folder, entry) for entry in document["indicators"]}
        names = _names(tables)
        writer = None
        temporary = stack.enter_context(writing(out))
        for sets in stretches(tables, cells_with_data(folder, document)):
            table = _table(document, names, layers, sets)
            if writer is None:
                schema = table.schema.with_metadata({"geo": json.dumps(_geo(document))})
                writer = stack.enter_context(parquet.ParquetWriter(temporary, schema, compression="zstd"))
            if len(sets.cells):
                writer.write_table(table)
            count += len(sets.cells)
    return count


def _names(tables: Any) -> list[str]:
    """Return the accepted names by the taxa's numbers."""
    return [name for name, in tables.execute("SELECT accepted_name FROM taxa ORDER BY taxon")]


def _layer(folder: Path, entry: dict[str, Any]) -> NDArray[Any]:
    """Return the values of an indicator, flat."""
    with layer_raster(file_of(folder, entry["file"])) as raster:
        values: NDArray[Any] = raster.read(1).ravel()
    return values


def _table(document: dict[str, Any], names: list[str], layers: dict[str, NDArray[Any]], sets: Sets) -> pyarrow.Table:
    import pyarrow

    start = np.append(0, np.cumsum(sets.counts)).astype(np.int32)
    step = document["species"]["step"]
    taxa = pyarrow.DictionaryArray.from_arrays(pyarrow.array(sets.taxa.astype(np.int32)), pyarrow.array(names))
    scores = pyarrow.array((sets.scores * step).astype(np.float32))
    return pyarrow.table({
        "cell": sets.cells, GEOMETRY: _points(document["grid"], sets.cells),
        "taxa": pyarrow.ListArray.from_arrays(pyarrow.array(start), taxa),
        "scores": pyarrow.ListArray.from_arrays(pyarrow.array(start), scores),
        **{id: values[sets.cells] for id, values in layers.items()}})


def _points(grid: dict[str, Any], cells: NDArray[np.int64]) -> pyarrow.Array:
    """Return the cells' centres as WKB."""
    import pyarrow
    import shapely

    row, col = np.divmod(cells, grid["width"])
    points = shapely.points(grid["left"] + (col + 0.5) * grid["resolution"],
                            grid["top"] - (row + 0.5) * grid["resolution"])
    return pyarrow.array(list(shapely.to_wkb(points)), pyarrow.binary())


def _geo(document: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata that make a Parquet file a GeoParquet file."""
    from pyproj import CRS

    crs = json.loads(CRS.from_user_input(document["grid"]["crs"]).to_json())
    return {"version": "1.1.0", "primary_column": GEOMETRY,
            "columns": {GEOMETRY: {"encoding": "WKB", "geometry_types": ["Point"], "crs": crs}}}
