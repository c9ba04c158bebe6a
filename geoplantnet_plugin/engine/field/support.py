"""The piece of land that a score speaks of, which decides what a plot can say about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

SAME = 3.0
"""Sides of plots and supports count as the same up to this factor; what a larger or smaller plot holds is another
question."""


def support_of(document: Mapping[str, Any]) -> float:
    """Return the side in metres of the land that a score of an assessment speaks of: the grid's unless stated."""
    for part in (document.get("score_source"), document.get("model")):
        stated = part.get("support") if isinstance(part, Mapping) else None
        if isinstance(stated, (int, float)) and stated > 0:
            return float(stated)
    return float(document["grid"]["resolution"])


def is_same(support: float, plot_area: float) -> bool:
    """Return whether a plot of `plot_area` m² is as large as a `support` (side, m), up to the factor `SAME`."""
    return plot_area > 0 and abs(math.log(math.sqrt(plot_area) / support)) <= math.log(SAME) + 1e-9
