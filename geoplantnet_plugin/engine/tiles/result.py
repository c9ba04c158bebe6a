"""What a finished tile has to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.assessment import TABLES
from geoplantnet_plugin.common.tables import open_tables
from geoplantnet_plugin.engine.assessment.manifest import read_document

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


def mean(values: Sequence[float | None], results: Sequence[TileResult]) -> float | None:
    """Return the mean of one figure a tile over all cells; None where a tile states none."""
    known = [value for value in values if value is not None]
    if len(known) < len(results):
        return None
    cells = sum(result.cells for result in results)
    return sum(value * result.cells for value, result in zip(known, results, strict=True)) / cells
