"""The shape of the ground: slope, aspect, curvature, topographic position."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NORTH_UP = np.eye(2)
"""The axes of a grid whose columns run to true north: see `gradient`."""


def gradient(dem: Array, cell: float, axes: Array = NORTH_UP) -> tuple[Array, Array]:
    """Return the rise per metre towards true east and true north, from `dem` (height, width) in metres.

    Weighted differences over 3 × 3 cells (Horn 1981, Proc. IEEE 69(1):14–47; ``gdaldem``'s default). `axes` says how
    the grid lies: row (right, up) × column (east, north), the grid's metres that one true metre makes. The
    outermost cells use linearly extrapolated neighbours, so that a plane is exact up to the edge. A cell without
    data next to it makes a cell NaN.
    """
    a, b, c, d, _, f, g, h, i = _neighbours(dem)
    known = 0 * dem  # NaN where the cell itself has no elevation, which the formulas do not look at
    right = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * cell) + known
    up = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * cell) + known
    return axes[0, 0] * right + axes[1, 0] * up, axes[0, 1] * right + axes[1, 1] * up


def slope(east: Array, north: Array) -> Array:
    """Return the slope in degrees (0–90) of a `gradient`: ``atan |∇z|``."""
    return np.degrees(np.arctan(np.hypot(east, north)))


def northness(east: Array, north: Array) -> Array:
    """Return the cosine of the aspect (direction of steepest descent, clockwise from true north), −1 to 1.

    Flat ground has no aspect and gets 0.
    """
    return _direction(-north, east, north)


def eastness(east: Array, north: Array) -> Array:
    """Return the sine of the aspect, −1 to 1; 0 on flat ground (see `northness`)."""
    return _direction(-east, east, north)


def _direction(component: Array, east: Array, north: Array) -> Array:
    steepness = np.hypot(east, north)
    return component / np.where(steepness == 0, 1.0, steepness)


def curvature(dem: Array, cell: float) -> tuple[Array, Array]:
    """Return profile and plan curvature in 1/m, positive where the ground is convex (ridge, brow).

    Second derivatives along and across the slope of the partial quartic surface through 3 × 3 cells
    (Zevenbergen & Thorne 1987, Earth Surf. Process. Landforms 12:47–56): D = ½z_xx, E = ½z_yy, F = z_xy, G = z_x,
    H = z_y,

        profile = −2 (D G² + E H² + F G H) / (G² + H²),   plan = −2 (D H² + E G² − F G H) / (G² + H²);

    their sum is −(z_xx + z_yy), the negative Laplacian. Both are set to half of that where G = H = 0 (no
    direction of slope). The outermost cells use linearly extrapolated neighbours, which makes the second
    derivative across the edge zero.
    """
    a, b, c, d, z, f, g, h, i = _neighbours(dem)
    dd = ((d + f) / 2 - z) / cell**2
    ee = ((b + h) / 2 - z) / cell**2
    ff = (c + g - a - i) / (4 * cell**2)
    gg, hh = (f - d) / (2 * cell), (b - h) / (2 * cell)
    square = gg**2 + hh**2
    flat = square == 0
    safe = np.where(flat, 1.0, square)
    profile = np.where(flat, -(dd + ee), -2 * (dd * gg**2 + ee * hh**2 + ff * gg * hh) / safe)
    plan = np.where(flat, -(dd + ee), -2 * (dd * hh**2 + ee * gg**2 - ff * gg * hh) / safe)
    return profile, plan


def _neighbours(dem: Array) -> list[Array]:
    """Return the 3 × 3 neighbours a b c / d e f / g h i of every cell as views."""
    padded = np.pad(dem, 1, mode="reflect", reflect_type="odd")
    rows, cols = dem.shape
    return [padded[row:row + rows, col:col + cols] for row in range(3) for col in range(3)]


def topographic_position(dem: Array, cell: float, radius: float) -> Array:
    """Return elevation minus the mean elevation within `radius` metres (the cell itself included), in metres.

    Positive on ridges and tops, negative in valleys and at toe slopes (topographic position index: Guisan,
    Weiss & Weiss 1999, Plant Ecol. 143:107–122; Weiss 2001). A cell is within the radius when its centre is.
    Where the circle is not complete – it crosses the edge or a cell without data – the result is NaN: half a
    circle on a slope would give a wrong value.
    """
    widths = _half_widths(radius / cell)
    level = np.nanmean(dem) if np.isfinite(dem).any() else 0.0
    missing = np.isnan(dem)
    total = _disc_sum(np.where(missing, 0.0, dem - level), widths)
    count = _disc_sum((~missing).astype(np.float64), widths)
    size = float(sum(2 * half + 1 for half in widths))
    result: Array = np.where(np.round(count) == size, dem - level - total / size, np.nan)
    return result


def _half_widths(radius: float) -> list[int]:
    """Return the half width of a disc of `radius` cells on each of its rows, in cells."""
    reach = int(radius + 1e-9)
    return [int((radius**2 - row**2) ** 0.5 + 1e-9) for row in range(-reach, reach + 1)]


def _disc_sum(values: Array, widths: Sequence[int]) -> Array:
    """Return the sum over the disc of row half `widths` around every cell; outside the array counts as 0."""
    rows, cols = values.shape
    reach = len(widths) // 2
    running = np.cumsum(np.pad(values, ((reach, reach), (reach + 1, reach))), axis=1)
    total = np.zeros_like(values)
    for row, half in enumerate(widths):
        right = running[row:row + rows, reach + 1 + half:reach + 1 + half + cols]
        left = running[row:row + rows, reach - half:reach - half + cols]
        total += right - left
    return total


def multiscale_position(dem: Array, cell: float, radii: Sequence[float]) -> Array:
    """Return the hierarchical topographic position over `radii` in metres, in 1/100 standard deviations.

    `topographic_position` of each radius is standardised over the array, (value − mean) / sd × 100; from the
    largest radius to the smallest, a smaller scale replaces the larger where its absolute value is greater
    (after N. E. Zimmermann's ``toposcale.aml``, wsl.ch/staff/niklaus.zimmermann/programs/aml4_1.html). Depends
    on the whole array through mean and sd. NaN within the largest radius of the edge.
    """
    result: Array | None = None
    for radius in sorted(radii, reverse=True):
        position = topographic_position(dem, cell, radius)
        score = (position - np.nanmean(position)) / np.nanstd(position) * 100
        result = score if result is None else np.where(np.abs(score) > np.abs(result), score, result)
    if result is None:
        raise ValueError("no radii")
    return result
