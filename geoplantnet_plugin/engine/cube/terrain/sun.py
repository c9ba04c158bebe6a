"""Potential solar radiation: a clear sky's sun on sloping ground behind its horizon."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.terrain.surface import NORTH_UP

Array = NDArray[np.float64]

SOLAR_CONSTANT = 1.367
"""kW m⁻² (Kumar et al. 1997)."""

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

MEAN_DAYS = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)
"""Day of the year whose radiation is nearest to the month's mean (Klein 1977, Solar Energy 19:325–329)."""

Inside = tuple[slice, slice]
EVERYWHERE: Inside = (slice(None), slice(None))

SUN_STEPS = 24
"""Sun positions between sunrise and sunset; 24 is within 0.5 % of a fine integration on open ground."""


def sun_path(latitude: float, day: int, steps: int = SUN_STEPS) -> tuple[Array, float]:
    """Return unit vectors to the sun (steps, 3: east, north, up) over a day, and the seconds each stands for.

    Declination δ = 23.45° sin(360° (284 + n) / 365) (Cooper 1969, in Kumar et al. 1997); the steps divide the
    time between sunrise and sunset, cos h = −tan φ tan δ, evenly and stand at their middle (`latitude` φ in
    degrees; no time in polar night, the whole day in polar day).
    """
    phi = np.radians(latitude)
    delta = np.radians(23.45) * np.sin(2 * np.pi * (284 + day) / 365)
    half_day = float(np.arccos(np.clip(-np.tan(phi) * np.tan(delta), -1.0, 1.0)))
    hour = (2 * (np.arange(steps) + 0.5) / steps - 1) * half_day
    east = -np.cos(delta) * np.sin(hour)
    north = np.cos(phi) * np.sin(delta) - np.sin(phi) * np.cos(delta) * np.cos(hour)
    up = np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(hour)
    return np.stack([east, north, up], axis=1), 2 * half_day / steps * 86400 / (2 * np.pi)


def irradiance(day: int) -> float:
    """Return the radiation in kW m⁻² facing the sun above the air: S₀ (1 + 0.0344 cos(360° n / 365))."""
    return SOLAR_CONSTANT * (1 + 0.0344 * float(np.cos(2 * np.pi * day / 365)))


def transmittance(sin_altitude: Array) -> tuple[Array, Array]:
    """Return the clear sky's transmittance for beam and diffuse radiation at the sun's altitude.

    Air mass M = √(1229 + (614 sin α)²) − 614 sin α; τ_beam = 0.56 (e^(−0.65 M) + e^(−0.095 M));
    τ_diffuse = 0.271 − 0.294 τ_beam (Kreith & Kreider 1978, Liu & Jordan 1960, in Kumar et al. 1997). For sea
    level; the thinner air of mountains is not counted.
    """
    mass = np.sqrt(1229 + (614 * sin_altitude) ** 2) - 614 * sin_altitude
    beam = 0.56 * (np.exp(-0.65 * mass) + np.exp(-0.095 * mass))
    return beam, 0.271 - 0.294 * beam


def daily_radiation(east: Array, north: Array, latitude: float, day: int,
                    horizon: NDArray[np.float32] | None = None, steps: int = SUN_STEPS) -> Array:
    """Return potential clear-sky radiation on the ground in kJ m⁻² d⁻¹ (area along the slope).

    Kumar, Skidmore & Knowles 1997, Int. J. Geogr. Inf. Sci. 11(5):475–497: beam I τ_beam cos i where the sun
    stands above the `horizon`, plus diffuse I τ_diffuse cos²(β/2) sin α; i is the angle between the sun and
    the normal of the slope, β the slope, α the sun's altitude. Radiation reflected from the surroundings is left out.

    `east`, `north` are a `surface.gradient`; `horizon` (directions, height, width) the tangents from
    `horizon_tangents`, None for open ground; `day` 1–365.
    """
    sun, seconds = sun_path(latitude, day, steps)
    beam, diffuse = transmittance(sun[:, 2])
    length = np.sqrt(1 + east**2 + north**2)
    total = np.zeros_like(east)
    for (sun_east, sun_north, sun_up), through in zip(sun, beam):
        incidence = np.maximum(sun_up - sun_east * east - sun_north * north, 0.0) / length
        if horizon is not None:
            incidence = incidence * (sun_up > _towards(horizon, sun_east, sun_north)
                                     * np.hypot(sun_east, sun_north))
        total += through * incidence
    sky = float((diffuse * sun[:, 2]).sum()) * (1 + 1 / length) / 2
    return irradiance(day) * seconds * (total + sky)


def monthly_radiation(east: Array, north: Array, latitude: float, month: int,
                      horizon: NDArray[np.float32] | None = None) -> Array:
    """Return the month's (1–12) mean `daily_radiation` in kJ m⁻² d⁻¹, taken on Klein's mean day."""
    return daily_radiation(east, north, latitude, MEAN_DAYS[month - 1], horizon)


def horizon_tangents(dem: Array, cell: float, distance: float, inside: Inside = EVERYWHERE, axes: Array = NORTH_UP,
                     directions: int = 32) -> NDArray[np.float32]:
    """Return the tangent of the horizon's altitude (directions, height, width) from the cells `inside`, ≥ 0.

    Direction k looks to the true azimuth 360° k / directions. Along each, the elevation of the nearest cell is
    compared every cell at first, then at steps of 1/32 of the distance, up to `distance` metres. Beyond the edge
    of `dem` and in cells without data nothing stands, so give a margin around `inside` (slices of rows and
    columns); the earth's curvature (8 m at 10 km) is not counted. `axes` as in `surface.gradient`.
    """
    height = dem.astype(np.float32)
    rows, cols = range(dem.shape[0])[inside[0]], range(dem.shape[1])[inside[1]]
    here = height[inside]
    result = np.zeros((directions, *here.shape), np.float32)
    for direction in range(directions):
        azimuth = 2 * np.pi * direction / directions
        ahead = axes @ [np.sin(azimuth), np.cos(azimuth)]
        tangent = result[direction]
        for down, right in _ray(ahead / np.hypot(*ahead), int(distance / cell)):
            own_rows, far_rows = _overlap(down, rows, dem.shape[0])
            own_cols, far_cols = _overlap(right, cols, dem.shape[1])
            rise = height[far_rows, far_cols] - here[own_rows, own_cols]
            view = tangent[own_rows, own_cols]
            np.fmax(view, rise / np.float32(cell * np.hypot(down, right)), out=view)
        tangent[np.isnan(here)] = np.nan
    return result


def _ray(ahead: Array, reach: int) -> Iterator[tuple[int, int]]:
    """Yield the (row, column) offsets along a unit vector (right, up), nearest first."""
    step, last = 1.0, (0, 0)
    while step <= reach:
        offset = (-round(step * ahead[1]), round(step * ahead[0]))
        if offset != last:
            yield offset
        last = offset
        step += max(1.0, step / 32)


def _overlap(offset: int, inside: range, size: int) -> tuple[slice, slice]:
    """Return the part of `inside` whose neighbour at `offset` exists, from its start, and those neighbours."""
    start = max(inside.start, -offset)
    stop = max(start, min(inside.stop, size - offset))
    return slice(start - inside.start, stop - inside.start), slice(start + offset, stop + offset)


def _towards(horizon: NDArray[np.float32], east: float, north: float) -> NDArray[np.float32]:
    """Return the horizon's tangent towards a direction, linear between the two nearest ones."""
    position = (float(np.arctan2(east, north)) / (2 * np.pi) % 1.0) * len(horizon)
    low = int(position)
    part = np.float32(position - low)
    after: NDArray[np.float32] = horizon[(low + 1) % len(horizon)]
    before: NDArray[np.float32] = horizon[low % len(horizon)]
    return np.asarray(before * (1 - part) + after * part, np.float32)
