"""Tables for spreadsheets: as text for the clipboard, and as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from ..i18n import tr
from ..layers.problem import LayerProblem

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Return `text` such that no spreadsheet runs it as a formula (OWASP, CSV injection); numbers stay as they are."""
    if not text.startswith(RISKY):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def tab_separated(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of fields with tabs between them."""
    return "\n".join("\t".join(harmless(" ".join(field.split())) for field in row) for row in rows)


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as UTF-8 CSV, with the mark by which spreadsheets recognise UTF-8; whole or not at all.

    Raises:
        LayerProblem: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([harmless(field) for field in row] for row in rows)
        temporary.replace(path)
    except OSError as error:
        if temporary.exists():
            temporary.unlink()
        raise LayerProblem(tr("The table could not be written to {path}: {reason}").format(
            path=path, reason=error.strerror)) from error
