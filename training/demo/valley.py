"""A simulated alpine valley: rivers cut an uplifting block, glaciers widen what they cut, frost roughens the rest.

It depicts no real place. Everything is seeded: the same seed gives the same valley.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

NEIGHBOURS = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if (row, col) != (0, 0)]
CONCAVITY = 0.45
"""Exponent of the drainage area in the stream-power law; 0.4–0.6 in nature (Whipple & Tucker 1999)."""


@dataclass(frozen=True)
class Frame:
    """A square-celled map: `height` and `width` in metres, `cell` in metres."""

    height: float
    width: float
    cell: float

    @property
    def shape(self) -> tuple[int, int]:
        return round(self.height / self.cell), round(self.width / self.cell)

    def coordinates(self) -> tuple[Array, Array]:
        """Return x eastwards and y northwards of the cell centres, in metres from the south-west corner."""
        rows, cols = self.shape
        x = (np.arange(cols) + 0.5) * self.cell
        y = self.height - (np.arange(rows) + 0.5) * self.cell
        return np.meshgrid(x, y)


def simulate(height: float, width: float, cell: float, seed: int, steps: tuple[int, ...] = (220, 40, 12)) -> Array:
    """Return elevations (rows, cols) in metres: erosion at 4 × `cell`, refined at 2 × and 1 ×, then ice and frost."""
    elevation: Array | None = None
    for factor, count in zip((4, 2, 1), steps):
        frame = Frame(height, width, cell * factor)
        elevation = _start(frame, seed) if elevation is None else _refine(elevation, frame, seed)
        elevation = _erode(elevation, frame, seed, count)
    assert elevation is not None
    elevation = _glaciate(elevation, frame)
    return _weather(elevation, frame, seed)


def noise(frame: Frame, wavelength: float, seed: int, octaves: int = 1) -> Array:
    """Return smooth value noise, about −1 to 1, the same ground at every cell size."""
    x, y = frame.coordinates()
    total, weight = np.zeros(frame.shape), 0.0
    for octave in range(octaves):
        size = wavelength / 2**octave
        random = np.random.Generator(np.random.PCG64([seed, octave]))
        lattice = random.uniform(-1, 1, (int(frame.height / size) + 3, int(frame.width / size) + 3))
        total += _smooth_lattice(lattice, x / size, y / size) / 2**octave
        weight += 1 / 2**octave
    return total / weight


def _smooth_lattice(lattice: Array, x: Array, y: Array) -> Array:
    col, row = x.astype(np.int64), y.astype(np.int64)
    u, v = _fade(x - col), _fade(y - row)
    south = lattice[row, col] * (1 - u) + lattice[row, col + 1] * u
    north = lattice[row + 1, col] * (1 - u) + lattice[row + 1, col + 1] * u
    return south * (1 - v) + north * v


def _fade(t: Array) -> Array:
    return t * t * t * (t * (t * 6 - 15) + 10)


def _base_level(frame: Frame) -> Array:
    """Return the fixed elevations of the edge (NaN elsewhere): the river's mouth in the west, other valleys around."""
    x, y = frame.coordinates()
    base = np.full(frame.shape, np.nan)
    base[0, :] = 1150 + 200 * np.sin(x[0] / 2600)
    base[-1, :] = 1100 + 200 * np.sin(x[-1] / 2100 + 2)
    base[:, -1] = 1500 + 150 * np.sin(y[:, -1] / 1700)
    mouth = int(np.argmin(np.abs(y[:, 0] - 0.42 * frame.height)))
    base[mouth, 0] = 560.0
    return base


def _trough(frame: Frame) -> Array:
    """Return the distance in metres to the line along which the main river first found its way."""
    x, y = frame.coordinates()
    line = 0.42 * frame.height + 1100 * np.sin(x / frame.width * 5.2) + 350 * np.sin(x / frame.width * 13)
    return np.abs(y - line)


def _start(frame: Frame, seed: int) -> Array:
    x, _ = frame.coordinates()
    ground = 580 + 0.045 * x + 0.08 * _trough(frame) + 14 * noise(frame, 2200, seed + 1, 2)
    return np.where(np.isnan(_base_level(frame)), ground, _base_level(frame))


def _refine(coarse: Array, frame: Frame, seed: int) -> Array:
    """Return the coarse ground on cells half as wide, bilinear, with a little roughness for new gullies."""
    rows, cols = frame.shape
    row = np.clip((np.arange(rows) + 0.5) / 2 - 0.5, 0, coarse.shape[0] - 1.001)
    col = np.clip((np.arange(cols) + 0.5) / 2 - 0.5, 0, coarse.shape[1] - 1.001)
    r, c = row.astype(np.int64), col.astype(np.int64)
    u, v = (col - c)[None, :], (row - r)[:, None]
    near = coarse[r][:, c] * (1 - u) + coarse[r][:, c + 1] * u
    far = coarse[r + 1][:, c] * (1 - u) + coarse[r + 1][:, c + 1] * u
    ground = near * (1 - v) + far * v + 3 * noise(frame, 6 * frame.cell, seed + 7, 2)
    return _without_pits(np.where(np.isnan(_base_level(frame)), ground, _base_level(frame)))


def _without_pits(elevation: Array) -> Array:
    """Return the ground with every hollow filled to its spill point (priority flood, Barnes et al. 2014)."""
    rows, cols = elevation.shape
    ground = elevation.copy()
    done = np.zeros(elevation.shape, bool)
    edge = [(0, col) for col in range(cols)] + [(rows - 1, col) for col in range(cols)]
    edge += [(row, cols - 1) for row in range(rows)] + [(int(np.argmin(ground[:, 0])), 0)]
    for row, col in edge:
        done[row, col] = True
    heap = [(float(ground[row, col]), row, col) for row, col in edge]
    heapq.heapify(heap)
    while heap:
        level, row, col = heapq.heappop(heap)
        for down, right in NEIGHBOURS:
            r, c = row + down, col + right
            if 0 <= r < rows and 0 <= c < cols and not done[r, c]:
                done[r, c] = True
                ground[r, c] = max(ground[r, c], level + 0.01)
                heapq.heappush(heap, (float(ground[r, c]), r, c))
    return ground


def _erode(elevation: Array, frame: Frame, seed: int, steps: int) -> Array:
    """Return the ground after uplift, stream-power incision (implicit, Braun & Willett 2013) and landslides."""
    base = _base_level(frame).ravel()
    steepness = 145 * np.exp(0.45 * noise(frame, 2800, seed + 2, 3)).ravel()
    critical = np.clip(0.51 + 0.5 * noise(frame, 1300, seed + 3, 3), 0.3, 1.0).ravel()
    ground = elevation.ravel().copy()
    uplift = 20.0
    bias = np.random.Generator(np.random.PCG64([seed, 99])).uniform(0.7, 1.3, (len(NEIGHBOURS), *frame.shape))
    for _ in range(steps):
        receiver, distance = _receivers(ground.reshape(frame.shape), frame.cell, bias)
        receiver = np.where(np.isnan(base), receiver, np.arange(ground.size))
        levels = _levels(receiver)
        area = _drainage(receiver, levels, frame.cell)
        factor = uplift / steepness * area**CONCAVITY / distance
        ground = np.where(np.isnan(base), ground + uplift, base)
        for nodes in levels[1:]:
            below = ground[receiver[nodes]]
            cut = (ground[nodes] + factor[nodes] * below) / (1 + factor[nodes])
            ground[nodes] = np.minimum(cut, below + critical[nodes] * distance[nodes])
        creep = _blur(ground.reshape(frame.shape)).ravel() - ground
        ground += np.where((area < 4e5) & np.isnan(base), 0.5, 0.0) * creep
    return ground.reshape(frame.shape)


def _receivers(ground: Array, cell: float, bias: Array) -> tuple[Indices, Array]:
    """Return every cell's steepest lower neighbour (itself where there is none) and the distance to it.

    `bias` (8, rows, cols) scales the slope to each neighbour: without chance, water on eight directions runs in
    straight lines (Fairfield & Leymarie 1991).
    """
    rows, cols = ground.shape
    padded = np.pad(ground, 1, constant_values=np.inf)
    index = np.arange(ground.size).reshape(ground.shape)
    best, receiver = np.zeros(ground.shape), index.copy()
    distance = np.full(ground.shape, cell)
    for (row, col), chance in zip(NEIGHBOURS, bias):
        length = cell * float(np.hypot(row, col))
        drop = chance * (ground - padded[1 + row:1 + row + rows, 1 + col:1 + col + cols]) / length
        steeper = drop > best
        best = np.where(steeper, drop, best)
        receiver = np.where(steeper, index + row * cols + col, receiver)
        distance = np.where(steeper, length, distance)
    return receiver.ravel(), distance.ravel()


def _levels(receiver: Indices) -> list[Indices]:
    """Return the cells by their number of steps to where their water ends, nearest first."""
    depth = (receiver != np.arange(receiver.size)).astype(np.int64)
    jump = receiver
    while True:
        further = depth[jump]
        if not further.any():
            break
        depth, jump = depth + further, jump[jump]
    order = np.argsort(depth, kind="stable")
    return np.split(order, np.cumsum(np.bincount(depth))[:-1])


def _drainage(receiver: Indices, levels: list[Indices], cell: float) -> Array:
    """Return the area in m² that drains through every cell."""
    area = np.full(receiver.size, cell * cell)
    for nodes in reversed(levels[1:]):
        np.add.at(area, receiver[nodes], area[nodes])
    return area


def _glaciate(elevation: Array, frame: Frame) -> Array:
    """Return the ground after ice: a flat-floored trough along the main rivers, cirques at their heads."""
    receiver, _ = _receivers(elevation, frame.cell, np.ones((len(NEIGHBOURS), *frame.shape)))
    area = _drainage(receiver, _levels(receiver), frame.cell).reshape(frame.shape)
    for threshold, floor_per_root, wall in ((3e6, 32.0, 0.95), (8e6, 38.0, 0.85)):
        elevation = _trough_along(elevation, frame, area, threshold, floor_per_root, wall)
    for row, col in _cirque_sites(elevation, area, frame):
        elevation = _cirque(elevation, frame, row, col)
    return elevation


def _trough_along(elevation: Array, frame: Frame, area: Array, threshold: float, floor_per_root: float,
                  wall: float) -> Array:
    """Return the ground with a U-shaped cross-section along rivers that drain more than `threshold` m²."""
    distance, nearest = _nearest(frame, area > threshold)
    width = floor_per_root * np.sqrt(area.ravel()[nearest] / 1e6)
    bed = elevation.ravel()[nearest]
    outside = np.maximum(distance - width, 0)
    floor = bed + 0.03 * distance
    sides = floor + wall * outside**2 / (outside + 120)
    near = distance < 1500
    carved = np.where(near, np.minimum(elevation, sides), elevation)
    return np.where(near & (distance < 1.2 * width), np.maximum(carved, floor), carved)


def _nearest(frame: Frame, chosen: NDArray[np.bool_]) -> tuple[Array, Indices]:
    """Return every cell's distance in metres to the nearest chosen cell, and that cell's flat index."""
    rows, cols = frame.shape
    at = np.flatnonzero(chosen)
    at_row, at_col = at // cols, at % cols
    distance, nearest = np.empty(frame.shape), np.empty(frame.shape, np.int64)
    for row in range(rows):
        square = (at_row - row)[None, :] ** 2 + (at_col[None, :] - np.arange(cols)[:, None]) ** 2
        best = square.argmin(axis=1)
        nearest[row] = at[best]
        distance[row] = frame.cell * np.sqrt(square[np.arange(cols), best])
    return distance, nearest


def _cirque_sites(elevation: Array, area: Array, frame: Frame) -> list[tuple[int, int]]:
    """Return cells at the heads of streams high up, at least 1.3 km apart, highest first."""
    heads = np.argwhere((area > 1.0e5) & (area < 2.5e5) & (elevation > 1850) & (elevation < 2350))
    heads = heads[np.argsort(-elevation[heads[:, 0], heads[:, 1]], kind="stable")]
    sites: list[tuple[int, int]] = []
    for row, col in heads:
        if all(np.hypot(row - r, col - c) * frame.cell > 1300 for r, c in sites):
            sites.append((int(row), int(col)))
    return sites


def _cirque(elevation: Array, frame: Frame, row: int, col: int) -> Array:
    """Return the ground with a bowl: a floor of 200 m radius below steep walls."""
    rows, cols = np.indices(elevation.shape)
    distance = frame.cell * np.hypot(rows - row, cols - col)
    outside = np.maximum(distance - 200, 0)
    bowl = elevation[row, col] + 0.08 * distance + 1.05 * outside**2 / (outside + 150)
    return np.where(distance < 900, np.minimum(elevation, bowl), elevation)


def _weather(elevation: Array, frame: Frame, seed: int) -> Array:
    """Return the ground roughened by frost high up and smoothed by soil low down."""
    high = np.clip((elevation - 1500) / 900, 0, 1)
    ridges = 1 - 2 * np.abs(noise(frame, 420, seed + 4, 4))
    rough = elevation + (3 + 22 * high) * ridges * 0.6
    soft = rough
    for _ in range(3):
        soft = _blur(soft)
    crisp = _blur(rough)
    return soft * (1 - high) + crisp * high


def _blur(values: Array) -> Array:
    padded = np.pad(values, 1, mode="edge")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4
