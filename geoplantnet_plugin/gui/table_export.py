"""Tables for spreadsheets: as text for the clipboard, and as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from ..common.spreadsheets import escape_formula
from ..i18n import tr
from ..layers.problem import LayerProblem


def tab_separated(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of fields with tabs between them."""
    return "\n".join("\t".join(escape_formula(" ".join(field.split())) for field in row) for row in rows)


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as UTF-8 CSV, with the mark by which spreadsheets recognise UTF-8; whole or not at all.

    Raises:
        LayerProblem: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([escape_formula(field) for field in row] for row in rows)
        temporary.replace(path)
    except OSError as error:
        if temporary.exists():
            temporary.unlink()
        raise LayerProblem(tr("The table could not be written to {path}: {reason}").format(
            path=path, reason=error.strerror)) from error
