"""Tables that people write: UTF-8 CSV with a header, a row per entry, each with a name."""

from __future__ import annotations

import csv
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV with a column ``name``; raises `EngineError` where a row has none."""
    rows = list(csv.DictReader(read_text(path).splitlines()))
    if not rows or not all((row.get("name") or "").strip() for row in rows):
        raise EngineError("model_package_table", file=path)
    return [{key: (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in rows]


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text; raises `EngineError` when it is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise EngineError("model_package_table", file=path) from error
