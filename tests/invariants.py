"""What holds in every table that any output writes: an estimate lies inside the interval printed beside it.

Columns are found by their names (``… low``, ``…_lower``), so that a table which is added later is looked at as well.
"""

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import rasterio

NUMBER = r"(\d+\.\d+)"
IN_BRACKETS = re.compile(rf"{NUMBER}(?: %)? \({NUMBER} – {NUMBER}\)")
IN_COLUMNS = re.compile(rf"<td[^>]*>{NUMBER}(?: %)?</td>\s*<td[^>]*>{NUMBER} – {NUMBER}</td>")
SIDES = (("low", "high"), ("lower", "upper"))
SAYS_NOTHING = {"share", "%", ""}


def words(column):
    return re.split(r"[ _]", column.lower())


def intervals(columns):
    """Yield (low, estimate, high) of a table's columns; every bound has its other side and one estimate."""
    known = {frozenset(words(column)): column for column in columns}
    for column in columns:
        for low, high in SIDES:
            if low in words(column):
                upper = known[frozenset(word if word != low else high for word in words(column))]
                about = set(words(column)) - {low} - SAYS_NOTHING
                (middle,) = [other for other in columns if other not in (column, upper)
                             and set(words(other)) - SAYS_NOTHING == about]
                yield column, middle, upper


def number(cell):
    return None if cell in (None, "") else float(cell)


def check_rows(where, columns, rows):
    """Return how many estimates with an interval there are; fail for one outside it, or for bounds without one."""
    found = 0
    for low, middle, high in intervals(columns):
        for row in rows:
            below, value, above = (number(row[name]) for name in (low, middle, high))
            if below is None and above is None:
                continue
            assert None not in (below, value, above), (where, row)
            assert below <= value <= above, (where, low, dict(row))
            found += 1
    return found


def tables(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'gpkg%' AND "
            "name NOT LIKE 'rtree%' AND name NOT LIKE 'sqlite%'")]
        for name in names:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            yield name, columns, (connection.execute(f'SELECT * FROM "{name}"').fetchall()
                                  if any(True for _ in intervals(columns)) else ())


def check_folder(folder):
    """Check all tables, pages and layers below `folder`; return the numbers of estimates with intervals by file."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows = list(csv.DictReader(lines))
            found[name] = check_rows(name, list(rows[0]) if rows else [], rows)
        elif path.suffix == ".gpkg":
            for table, columns, rows in tables(path):
                found[f"{name}:{table}"] = check_rows(f"{name}:{table}", columns, rows)
        elif path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            printed = [*IN_BRACKETS.findall(page), *IN_COLUMNS.findall(page)]
            assert all(float(low) <= float(value) <= float(high) for value, low, high in printed), name
            found[name] = len(printed)
        elif path.name == "assessment.json":
            found[name] = check_figures(json.loads(path.read_text(encoding="utf-8")))
        elif path.name.endswith("_lower.tif"):
            low, value, high = (band(path.with_name(path.name.replace("lower", side)))
                                for side in ("lower", "expected", "upper"))
            there = ~np.isnan(value)
            assert (low[there] <= value[there]).all() and (value[there] <= high[there]).all(), name
            found[name] = int(there.sum())
    return found


def check_figures(document):
    figures = [figure for verdict in document.get("verdicts") or () for figure in verdict["figures"]]
    figures = [figure for figure in figures if figure["low"] is not None]
    assert all(figure["low"] <= figure["value"] <= figure["high"] for figure in figures)
    assert all(figure["source"] and figure["as_of"] for figure in figures)
    assert not any(" of 0 listed" in figure["meaning"] for verdict in document.get("verdicts") or ()
                   for figure in verdict["figures"]), "0 of what the model does not know is no number"
    return len(figures)


def band(path):
    with rasterio.open(path) as dataset:
        return dataset.read(1).ravel()
