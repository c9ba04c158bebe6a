"""What a finished tile has to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import MANIFEST, TABLES
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_any_document, read_document
from geoplantnet_plugin.engine.assessment.opening import file_of

LAYERS = ("indicators", "uncertainty", "quality")
"""Where a manifest lists its layers of one band."""


@dataclass(frozen=True)
class TileResult:
    """A finished tile: its folder and its manifest."""

    folder: Path
    document: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> TileResult:
        """Read the manifest of a tile's folder."""
        return cls(folder, read_document(folder))

    @property
    def cells(self) -> int:
        """Cells with scores."""
        return int(self.document["coverage"]["cells"])

    def rows(self, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows of a table of the tile's GeoPackage, none where it has no such table."""
        with open_tables(self.folder / TABLES) as tables:
            if tables.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                with closing(tables.execute(f"SELECT {columns} FROM {table}")) as found:  # nosec B608
                    yield from found


def tiles_of(folder: Path) -> list[Path]:
    """Return the folders of the tiles that the map in `folder` consists of; none for a single assessment.

    What else lies there is no part of it: tiles of an older area, or unfinished ones.

    Raises:
        EngineError: there is neither a map nor an assessment.
    """
    tiles = read_any_document(folder).get("tiles") or ()
    return [file_of(folder, f"{tile['folder']}/{MANIFEST}").parent for tile in tiles]


def mean(values: Sequence[float | None], results: Sequence[TileResult]) -> float | None:
    """Return the mean of one figure a tile over all cells; None where a tile states none."""
    known = [value for value in values if value is not None]
    if len(known) < len(results):
        return None
    cells = sum(result.cells for result in results)
    return sum(value * result.cells for value, result in zip(known, results, strict=True)) / cells
