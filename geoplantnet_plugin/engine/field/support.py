"""The piece of land that a score speaks of, which decides what a plot can say about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

SAME = 3.0
"""Sides of plots and supports count as the same up to this factor; what a larger or smaller plot holds is another
question."""
LARGEST_PLOT = 100.0
"""Side in metres of the largest plot of which a person lists all species."""
USUAL_PLOT = 100.0
"""Area in m² that a relevé starts with where no plot is as large as the support."""


def support_of(document: Mapping[str, Any]) -> float:
    """Return the side in metres of the land that a score of an assessment speaks of: the cells' unless stated."""
    survey = document.get("survey") or {}
    return float(survey.get("side") or document["grid"]["resolution"])


def is_comparable(support: float) -> bool:
    """Return whether plots can be as large as a `support` (side, m)."""
    return support <= LARGEST_PLOT


def plot_area(support: float) -> float:
    """Return the area in m² that a relevé starts with."""
    return support ** 2 if is_comparable(support) else USUAL_PLOT


def is_same(support: float, area: float) -> bool:
    """Return whether a plot of `area` m² is as large as a `support` (side, m), up to the factor `SAME`."""
    return area > 0 and abs(math.log(math.sqrt(area) / support)) <= math.log(SAME) + 1e-9
