"""What is known of pairs of cell and taxon: a score, or why there is none."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class State(IntEnum):
    """What a map says of a cell, best first."""

    VALID = 0
    BELOW_FLOOR = 1
    MISSING = 2
    OUTSIDE = 3


def describe_states(counts: NDArray[np.int64]) -> dict[str, int]:
    """Return how many pairs of cell and taxon are in each `State`, of how many ``cells``; `counts` is (taxa, 4).

    ``taxa_without_score`` have no valid value in any of these cells.
    """
    totals = counts.sum(axis=0)
    return {"cells": int(totals.sum()) // len(counts), **{state.name.lower(): int(totals[state]) for state in State},
            "taxa_without_score": int((counts[:, State.VALID] == 0).sum())}
