"""A report before it is laid out: the same content for HTML and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDED_ROWS = 60
"""Rows of a folded table on paper."""


@dataclass(frozen=True)
class Table:
    """A table with a header; `numeric` columns are set flush right, `italic` ones hold scientific names.

    A `folded` one is long: HTML folds it away, on paper only its beginning stands.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numeric: frozenset[int] = frozenset()
    italic: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True)
class Section:
    """One of the five questions: a plain verdict, what it rests on, how sure it is, what to check in the field."""

    title: str
    question: str
    verdict: Sequence[str]
    known: Sequence[str]
    tables: Sequence[Table]
    picture: Path | None
    picture_text: str
    sure: Sequence[str]
    check: Sequence[str]


@dataclass(frozen=True)
class Part:
    """A named part of the area: its size in sentences, a map with its outline, its tables."""

    title: str
    lines: Sequence[str]
    picture: Path | None
    picture_text: str
    tables: Sequence[Table]


@dataclass(frozen=True)
class Report:
    """Everything that is on the pages.

    `facts` are label and text of the first page, `summary` the verdicts with the `figures` behind them, `words` the
    headings.
    """

    language: str
    title: str
    simulated: str
    facts: Sequence[tuple[str, str]]
    caveat: str
    summary: Sequence[tuple[str, str]]
    figures: Table
    sections: Sequence[Section]
    parts: Sequence[Part]
    targets: Sequence[Table]
    target_notes: Sequence[str]
    observations: Sequence[Table]
    method: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    limits: Sequence[str]
    words: dict[str, str]
