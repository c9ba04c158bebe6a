"""Tables that people write for a model: a row per entry, each with a name."""

from __future__ import annotations

import re
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.encoding import read_text
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import plain, read_table

COLUMNS = ("name", "id", "title", "unit", "min", "max", "offset", "scale", "categories", "synonyms")


def read_named(path: Path, reporter: Reporter) -> list[dict[str, str]]:
    """Return the rows of a table with a column ``name``, or of a text file without such a header, a name a line.

    Raises:
        EngineError: the file cannot be read, or a row has no name.
    """
    text, _ = read_text(path)
    if path.suffix.lower() != ".csv" and not _has_header(text):
        return [{"name": line.strip()} for line in text.splitlines() if line.strip()]
    table = read_table(path, COLUMNS, reporter)
    header = [cell.lower() for cell in table.rows[0]]
    rows = [dict(zip(header, cells, strict=True)) for cells in table.rows[1:]]
    if not rows or not all(row.get("name") for row in rows):
        raise EngineError("model_package_table", file=path)
    return rows


def _has_header(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "name" in map(plain, re.split(r"[,;\t|]", first))
