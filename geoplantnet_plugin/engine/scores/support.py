"""What the scores of a source speak of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.survey.flora import Flora


@dataclass(frozen=True)
class Support:
    """The piece of land that a score speaks of: a square of `side` metres, None where it is the cell of any grid.

    `flora` is what was recorded in such squares, None where the source speaks of no squares; `name` and `records`
    are the titles of the source and of its records, `dated` the date of the latter.
    """

    side: float | None = None
    flora: Flora | None = None
    name: str = ""
    records: str = ""
    dated: str = ""
