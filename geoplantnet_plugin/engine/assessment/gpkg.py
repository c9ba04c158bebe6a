"""GeoPackages whose bytes depend on their content alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.engine.base.files import writing

if TYPE_CHECKING:
    from pandas import DataFrame

_TIMELESS = "UPDATE gpkg_contents SET last_change = '1970-01-01T00:00:00.000Z';"
_COUNTERS = (24, 92)
"""Where SQLite's file header counts the transactions so far: GDAL's depend on what time it is."""

_SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"


@contextmanager
def timeless_gpkg(path: Path) -> Iterator[Path]:
    """Give a temporary name for a GeoPackage, as `writing` does: the same content gives the same bytes.

    When it was made is in the manifest. `writing` waits for the disk at the end: GDAL need not after each table.
    """
    import pyogrio

    with writing(path) as temporary:
        pyogrio.set_gdal_config_options({_SYNCHRONOUS: "OFF"})
        try:
            yield temporary
        finally:
            pyogrio.set_gdal_config_options({_SYNCHRONOUS: None})
        with closing(sqlite3.connect(temporary)) as connection:
            connection.executescript(_TIMELESS)
        with temporary.open("r+b") as file:
            for place in _COUNTERS:
                file.seek(place)
                file.write((1).to_bytes(4, "big"))


def append_table(frame: DataFrame, path: Path, layer: str) -> None:
    """Add a table to a GeoPackage."""
    import pyogrio

    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
