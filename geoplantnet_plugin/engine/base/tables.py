"""The one reader of tables that people write: any common encoding and separator, title lines, quoted cells."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.encoding import read_text
from geoplantnet_plugin.engine.base.events import Reporter

MOST_ROWS = 200_000
MOST_CELL = 1_000_000
SAMPLE_ROWS = 500
HEAD_LINES = 50
"""The header stands in these first lines of a table, if it has one."""
SEPARATORS = (",", ";", "\t", "|")
NO_SEPARATOR = "\x1f"
SEPARATOR_NAMES = {"\t": "tab", " ": "space"}
BLANKS = str.maketrans("", "", " \xa0\u2009\u202f'’")
"""What stands between thousands, beside dots and commas."""

HEADERS, WIDTH = 2, 3
"""What a way to split is judged by, see `_fitness`."""
APOSTROPHES = re.compile(r"(?:^|[,;\t|])[ ]*'(?:[^']|'')*'[ ]*(?=[,;\t|]|$)")
"""A whole cell in single quotes, as databases export them; a cultivar's name is a part of one."""

Rows = list[tuple[int, list[str]]]
"""The lines where rows begin, counted from 1, and their cells."""


@dataclass(frozen=True)
class TextTable:
    """Rows of one width, without blanks around cells; the first is the header where the table has one.

    `lines` are the lines of the file where they begin, counted from 1.
    """

    path: Path
    rows: list[list[str]]
    lines: list[int]

    @property
    def header(self) -> list[str]:
        """The first row, as it is matched: see `plain`."""
        return [plain(cell) for cell in self.rows[0]]


def plain(header: str) -> str:
    """Return a header in lower case without accents, spaces, digits and marks."""
    letters = unicodedata.normalize("NFKD", header.lower())
    return re.sub(r"[^a-z]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def number(text: str) -> float | None:
    """Return the number that a cell holds, with a decimal point or comma and any mark of thousands; None for none."""
    text = text.translate(BLANKS)
    point, comma = text.rfind("."), text.rfind(",")
    if comma >= 0:
        decimal = comma > point and text.count(",") == 1
        text = text.replace(".", "").replace(",", ".") if decimal else text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def read_table(path: Path, known: Collection[str], reporter: Reporter) -> TextTable:
    """Return the table in a text file, and say how it was read where that had to be decided.

    `known` are the headers that the caller looks for, as `plain` gives them: lines before the row that holds most of
    them are titles. The separator is the one that makes a table of the text, that of a line ``sep=;``
    if it does.

    Raises:
        EngineError: the file is no text, too large, empty or not readable.
    """
    text, encoding = read_text(path)
    told = re.match(r"\s*\"?sep=([^\r\n])\"?[ \t,;]*\r?\n", text, re.IGNORECASE)
    after = text[told.end():] if told else text
    first = text.count("\n", 0, told.end()) + 1 if told else 1
    separator, rows = _parsed(path, after, told[1] if told else None, known)
    start = _header(rows, known)
    titles, rows = rows[:start], rows[start:]
    if not rows:
        raise EngineError("table_empty", path=path)
    if encoding not in ("utf-8", "ascii") or separator != ",":
        reporter.message("table_read", path=path, encoding=encoding,
                         separator=SEPARATOR_NAMES.get(separator, separator))
    if titles:
        reporter.warning("table_titles", path=path, line=first + rows[0][0] - 1, text=_shown(titles))
    width, rows = _of_one_width(path, rows, first, reporter)
    return TextTable(path, [cells + [""] * (width - len(cells)) for _, cells in rows],
                     [first + line - 1 for line, _ in rows])


def _parsed(path: Path, text: str, told: str | None, known: Collection[str]) -> tuple[str, Rows]:
    """Return the separator, and the rows that hold anything; of lines in quotes what is inside."""
    try:
        text, quote = _without_quotes(text, known), _quote(text)
        separator = _separator(text, told, known, quote)
        rows = _split(text, separator, MOST_ROWS + 1, quote)
    except csv.Error as error:
        raise EngineError("table_unreadable", path=path, reason=str(error)) from error
    if len(rows) > MOST_ROWS:
        raise EngineError("table_large", path=path, size=f"> {MOST_ROWS} rows", most=MOST_ROWS)
    return separator, rows


def _without_quotes(text: str, known: Collection[str]) -> str:
    """Return a text without the quotes around each whole line, as spreadsheets write a table that they took for one
    column; any other text as it is."""
    rows = _split(text, NO_SEPARATOR, MOST_ROWS + 1) if text.lstrip().startswith('"') else []
    whole = bool(rows) and all(len(cells) == 1 and not cells[0].startswith('"') for _, cells in rows)
    split = [re.split("[,;\t|]", rows[0][1][0])] if whole else []
    if not any(len(cells) > 1 and any(plain(cell) in known for cell in cells) for cells in split):
        return text
    return "\n".join(cells[0] for _, cells in rows)


def _separator(text: str, told: str | None, known: Collection[str], quote: str) -> str:
    """Return the separator that makes a table of a text: the one that is told, unless it does not, or tears headers."""
    fits = {mark: _fitness(_split(text, mark, SAMPLE_ROWS, quote), known, mark)
            for mark in dict.fromkeys((*SEPARATORS, *(told or ())))}
    best: str = max(fits, key=lambda mark: fits[mark])
    if told and fits[told][WIDTH] > 1 and fits[told][HEADERS] >= fits[best][HEADERS]:
        return told
    return best


def _quote(text: str) -> str:
    """Return what cells are quoted with: apostrophes where most lines have a whole cell in them."""
    lines = [line for line in text[:100_000].splitlines()[:SAMPLE_ROWS] if line.strip()]
    return "'" if 2 * sum(bool(APOSTROPHES.search(line)) for line in lines) > len(lines) else '"'


def _split(text: str, separator: str, most: int, quote: str = '"') -> Rows:
    """Return the first rows that hold anything; quotes that do not enclose whole cells are letters."""
    csv.field_size_limit(MOST_CELL)
    try:
        quoted = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
        return list(islice(_rows(quoted), most))
    except csv.Error:
        unquoted = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
        return list(islice(_rows(unquoted), most))


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        while stripped and not stripped[-1]:
            stripped.pop()
        if stripped:
            yield line, stripped
        line = reader.line_num + 1


def _fitness(rows: Rows, known: Collection[str], separator: str) -> tuple[float, ...]:
    """Return how well a way to split makes a table: known headers, rows alike, and whole cells.

    A comma between digits is a decimal one, and one before a blank belongs to a text; any other separator that is
    left in a cell speaks against the way.
    """
    if not rows:
        return (0, 0, 0, 0)
    headers = max(sum(plain(cell) in known for cell in cells) for _, cells in rows[:HEAD_LINES])
    width, most = Counter(len(cells) for _, cells in rows).most_common(1)[0]
    others = "".join(mark for mark in SEPARATORS if mark not in (separator, ","))
    torn = re.compile(rf"[{re.escape(others)}]" + ("" if separator == "," else r"|(?<!\d),(?! )|,(?![\d ])"))
    whole = 1 - sum(bool(torn.search(cell)) for _, cells in rows for cell in cells) / sum(len(row) for _, row in rows)
    return headers if headers > 1 else 0, (1 if width > 1 else 0.1) * most / len(rows) * whole, headers, width


def _header(rows: Rows, known: Collection[str]) -> int:
    """Return the index of the row where the table begins: its header, else the first that is no title."""
    filled = [sum(map(bool, cells)) for _, cells in rows]
    usual = Counter(filled).most_common(1)[0][0] if filled else 0
    found = [sum(plain(cell) in known for cell in cells) if count > 1 else 0
             for count, (_, cells) in zip(filled, rows[:HEAD_LINES], strict=False)]
    header = found.index(max(found)) if found else 0
    if any(found) and (found[header] > 1 or max(filled[:header], default=0) < filled[header]):
        return header
    return next(i for i, count in enumerate(filled) if count > 1) if usual > 1 else 0


def _of_one_width(path: Path, rows: Rows, first: int, reporter: Reporter) -> tuple[int, Rows]:
    """Return the table's width and its rows without those that hold more cells: their cells are in wrong columns."""
    widths = Counter(len(cells) for _, cells in rows[1:])
    width = max(len(rows[0][1]), widths.most_common(1)[0][0] if widths else 0)
    wide = [first + line - 1 for line, cells in rows if len(cells) > width]
    if wide:
        reporter.warning("table_wide_rows", path=path, count=len(wide), lines=wide[:10], width=width)
    return width, [(line, cells) for line, cells in rows if len(cells) <= width]


def _shown(titles: Sequence[tuple[int, list[str]]]) -> str:
    return " / ".join(" ".join(filter(None, cells)) for _, cells in titles)[:200]
