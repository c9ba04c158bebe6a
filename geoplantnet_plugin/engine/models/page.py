"""A page of headings, lines and tables, as plain text for a terminal and as HTML for QGIS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from geoplantnet_plugin.engine.base.columns import aligned

_HTML = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: sans-serif; max-width: 60em; }} table {{ border-collapse: collapse; margin-bottom: 0.8em; }}
td, th {{ border: 1px solid #bbb; padding: 0.2em 0.6em; text-align: left; vertical-align: top; }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""


@dataclass(frozen=True)
class Part:
    """A heading with lines, then a table; any of them may be blank. The longest column of a table comes last."""

    heading: str
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Page:
    """A title and what stands below it, in `language` (two letters)."""

    title: str
    parts: Sequence[Part]
    language: str


def as_text(page: Page) -> str:
    """Return the page as text; a column is as wide as its longest cell, the last one is open."""
    return "\n".join([page.title, *(line for part in page.parts for line in _text(part))])


def _text(part: Part) -> Iterator[str]:
    indent = "  " if part.heading else ""
    if part.heading:
        yield ""
        yield part.heading
    yield from (f"{indent}{line}" for line in part.lines)
    table = [row for row in (part.header, *part.rows) if row]
    if table and not part.heading:
        yield ""
    yield from (f"{indent}{line}" for line in aligned(table))


def as_html(page: Page) -> str:
    """Return the page as one HTML file; whatever it says is escaped."""
    body = "\n".join(piece for part in page.parts for piece in _html(part))
    return _HTML.format(language=page.language, title=escape(page.title), body=body)


def _html(part: Part) -> Iterator[str]:
    if part.heading:
        yield f"<h2>{escape(part.heading)}</h2>"
    yield from (f"<p>{escape(line)}</p>" for line in part.lines)
    if part.rows:
        # Without a header the first cell of a row says what the second is
        first = "td" if part.header else "th"
        head = "".join(f"<th>{escape(cell)}</th>" for cell in part.header)
        rows = [f"<{first}>{escape(row[0])}</{first}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
                for row in part.rows]
        yield "<table>" + "".join(f"<tr>{cells}</tr>" for cells in ([head] if head else []) + rows) + "</table>"
