"""Where to look: spatially balanced points by balanced acceptance sampling (BAS).

Points of a Halton sequence in the bases 2 and 3, begun at random, are taken one after the other; one in base 5 decides
whether a point is accepted, with a chance in proportion to its cell's weight (Robertson, Brown, McDonald & Jaksons
2013, Biometrics 69: 776–784, doi:10.1111/biom.12059). Starts are drawn until the first point is accepted (Robertson,
McDonald, Price & Brown 2017, Statistics & Probability Letters 129: 107–112, doi:10.1016/j.spl.2017.05.004): then every
point, whatever its number, falls into a cell with exactly the chance weight ÷ sum of weights, and any first points of
the plan are a balanced sample of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASES = (2, 3, 5)
DIGITS = (30, 19, 13)
"""Digits in each base: they tell a thousand million positions apart."""
FIRST_BATCH, LAST_BATCH = 1 << 7, 1 << 15
"""Points of the sequence that are worked out together: few at first, then twice as many each time."""


@dataclass(frozen=True)
class Sample:
    """Points in order: row and column of their cells (n,), position in the cell from 0 to 1 (n, 2; right, down)."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    within: NDArray[np.float64]


def draw_chances(weights: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the chance of each cell (height, width) to hold a given point of `count`; they sum to 1.

    They are the weights ÷ their sum, held at 1 ÷ `count`, so that no cell expects more than one point.
    """
    total, most = weights.sum(), 1.0 / count
    chances = weights / total
    while (chances > most * (1 + 1e-9)).any():
        held = chances >= most * (1 - 1e-9)
        rest = chances[~held].sum()
        if rest <= 0:
            break
        chances = np.where(held, most, chances * (1 - most * held.sum()) / rest)
    return np.asarray(chances, np.float64)


def sample(chances: NDArray[np.float64], count: int, rng: np.random.Generator) -> Sample:
    """Return `count` points over the cells of a grid by their `chances` (height, width), 0 where none may fall."""
    highest = chances.max()
    starts = _first_accepted(chances, highest, rng)
    found: list[NDArray[np.float64]] = []
    done = taken = 0
    batch = FIRST_BATCH
    while taken < count:
        points = halton(starts + done, batch)
        accepted = points[_accepts(points, chances, highest)]
        found.append(accepted)
        done, taken = done + batch, taken + len(accepted)
        batch = min(2 * batch, LAST_BATCH)
    points = np.concatenate(found)[:count]
    scaled = points[:, :2] * (chances.shape[1], chances.shape[0])
    cells = np.floor(scaled).astype(np.int64)
    return Sample(cells[:, 1], cells[:, 0], scaled - cells)


def halton(starts: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return `count` points (count, 3) of the Halton sequence, whose first has the numbers `starts` (3,)."""
    return np.stack([_inverse(start + np.arange(count), base, digits)
                     for start, base, digits in zip(starts, BASES, DIGITS, strict=True)], axis=1)


def _inverse(numbers: NDArray[np.int64], base: int, digits: int) -> NDArray[np.float64]:
    """Return the radical inverse: the digits of a number in `base`, mirrored at the point."""
    values, scale = np.zeros(len(numbers)), 1.0
    for _ in range(digits):
        numbers, digit = np.divmod(numbers, base)
        scale /= base
        values += digit * scale
    return np.minimum(values, np.nextafter(1.0, 0.0))


def _accepts(points: NDArray[np.float64], chances: NDArray[np.float64], highest: float) -> NDArray[np.bool_]:
    cols, rows = (np.floor(points[:, axis] * chances.shape[1 - axis]).astype(np.int64) for axis in (0, 1))
    return np.asarray(points[:, 2] * highest < chances[rows, cols], bool)


def _first_accepted(chances: NDArray[np.float64], highest: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the first random starts whose point is accepted."""
    limits = [base ** digits for base, digits in zip(BASES, DIGITS, strict=True)]
    batch = FIRST_BATCH
    while True:
        starts = np.stack([rng.integers(0, limit // 2, batch) for limit in limits], axis=1)
        points = np.stack([_inverse(starts[:, axis], base, digits)
                           for axis, (base, digits) in enumerate(zip(BASES, DIGITS, strict=True))], axis=1)
        accepted = _accepts(points, chances, highest)
        if accepted.any():
            return np.asarray(starts[int(np.argmax(accepted))], np.int64)
        batch = min(2 * batch, LAST_BATCH)
