"""A person's tables of plots and records, as texts, and what their rows say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.base.tables import number, plain
from geoplantnet_plugin.engine.base.tables import read_table as read_text_table
from geoplantnet_plugin.engine.taxa.records import Seen, what_it_says
from training.datasets.description import Description, DescriptionError

Table = Any


class Telling(Reporter):
    """Tells messages and warnings as sentences."""

    def __init__(self, tell: Any) -> None:
        self._tell = tell

    def message(self, code: str, **params: Any) -> None:
        self._tell(render(code, params))

    def warning(self, code: str, **params: Any) -> None:
        self._tell(render(code, params))


def read_table(path: Path, known: Iterable[str], tell: Any = print) -> Table:
    """Return a table of texts, None where a cell is blank, whatever its encoding and separator.

    `known` are the columns that are looked for; what had to be decided is told.
    """
    import pandas as pd

    table = read_text_table(path, {plain(name) for name in known if name}, Telling(tell))
    return pd.DataFrame([[cell or None for cell in cells] for cells in table.rows[1:]], columns=table.rows[0],
                        dtype=object)


def numbers(column: Any) -> NDArray[np.float64]:
    """Return the numbers (n,) of a column of texts, NaN where there is none."""
    found = [number(cell or "") for cell in column]
    return np.array([np.nan if value is None else value for value in found], np.float64)


def column_of(table: Table, name: str, description: Description) -> Any:
    if name not in table:
        shown = ", ".join(map(str, list(table)[:30]))
        raise DescriptionError(f"The table {description.plots.name} has no column {name}; it has {shown}.")
    return table[name]


def told_plots(table: Table, description: Description, tell: Any) -> Table:
    """Return the rows of a long table that name their plot and say nothing of absence."""
    named = column_of(table, description.plot, description).notna().to_numpy()
    if not named.all():
        tell(f"{(~named).sum()} rows of {description.plots.name} have no {description.plot} and are left out.")
    return present_only(table[named], description, tell)


def present_only(table: Table, description: Description, tell: Any) -> Table:
    """Return a long table whose rows of absence, and of doubtful taxa, name no taxon."""
    header = [plain(name) for name in table]
    taxon = column_of(table, description.taxon or "taxon", description)
    said = [what_it_says(header, [cell or "" for cell in cells], name or "")
            for cells, name in zip(table.itertuples(index=False), taxon, strict=True)]
    seen = np.array([one is Seen.PRESENT for one in said], bool)
    if not seen.all():
        tell(f"{(~seen).sum()} rows say that a taxon is absent or doubtful: they count as no presence.")
    return table.assign(**{taxon.name: taxon.where(seen, None)})
