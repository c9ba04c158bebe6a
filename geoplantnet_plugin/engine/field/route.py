"""The order in which to walk to points, and how long that takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WALK = 3000.0
"""Metres an hour along straight lines between points: an assumption for rough ground, stated in the manual."""
STAY = 0.5
"""Hours at a point: an assumption too."""


def walking_order(points: NDArray[np.float64]) -> list[int]:
    """Return a short order of all points (n, 2; metres), after Christofides (networkx), begun at its longest leg."""
    import networkx

    if len(points) < 3:
        return list(range(len(points)))
    graph = networkx.from_numpy_array(_distances(points))
    tour = networkx.approximation.christofides(graph)[:-1]
    legs = np.hypot(*(points[np.roll(tour, -1)] - points[tour]).T)
    start = (int(np.argmax(legs)) + 1) % len(tour)
    return [*tour[start:], *tour[:start]]


def hours(points: NDArray[np.float64]) -> float:
    """Return the hours of work at all points, with the way between them."""
    ordered = points[walking_order(points)]
    return float(np.hypot(*np.diff(ordered, axis=0).T).sum() / WALK + STAY * len(points))


def affordable(points: NDArray[np.float64], available: float) -> int:
    """Return how many of the first points fit into the `available` hours; at least one."""
    low, high = 1, len(points)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if hours(points[:middle]) <= available else (low, middle - 1)
    return low


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    # a tiny extra length: a graph made from an array has no edge where the distance is exactly 0
    return np.asarray(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 1e-6, np.float64)
