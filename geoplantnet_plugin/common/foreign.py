"""What comes from elsewhere: an assessment that somebody sent is looked at, never obeyed. Standard library only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MOST_CHARACTERS, MOST_NAME = 2000, 300
"""Longer texts of a manifest, and of a table, are cut: no name is so long, and a page holds no more."""
SQLITE, GEOPACKAGE = b"SQLite format 3\0", (b"GPKG", b"GP10", b"GP11")
"""The application id of a GeoPackage stands at byte 68 (OGC 12-128r18, requirement 2)."""


def harmless(value: Any, most: int = MOST_CHARACTERS) -> Any:
    """Return a JSON value whose texts are bounded and hold nothing that QGIS evaluates (``[% … %]``)."""
    if isinstance(value, str):
        cut = value if len(value) <= most else value[:most - 1] + "…"
        return cut.replace("[%", "[ %")
    if isinstance(value, list):
        return [harmless(entry, most) for entry in value]
    if isinstance(value, dict):
        return {harmless(key, most): harmless(entry, most) for key, entry in value.items()}
    return value


def is_geopackage(path: Path) -> bool:
    """Whether a file is a GeoPackage, and no file of another format under its name."""
    head = _start(path, 72)
    return head.startswith(SQLITE) and head[68:72] in GEOPACKAGE


def _start(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""
