"""Land that many patches share: computed once, and summed for every patch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.axes import Common
from geoplantnet_plugin.engine.models.sharing.boxes import Boxes
from geoplantnet_plugin.engine.models.sharing.zones import Zones, follow

Values = NDArray[np.float32]
Places = NDArray[np.int64]
Listen = Callable[[], None]

PIXELS = 1 << 15
"""Pixels that one run reads: about a second of work, so that a cancel is heard, and some 150 MB of maps."""
HEIGHT = 96
"""Rows of pixels of a piece of land. Pieces overlap by what their places need around them: flat ones are mostly
overlap, while the sums of high ones take much memory."""


@dataclass(frozen=True)
class Ground:
    """Along one axis: where patches begin (ascending), the axis of the land they share and of its last map, and what
    each patch takes of that."""

    origins: Places
    axis: Common
    last: Common
    boxes: Boxes
    pixels: int


def ground_of(zones: Zones, origins: Places, which: int, whole: bool = False, coarse: bool = False) -> Ground:
    """Return the ground along rows (`which` 0) or columns (1): patches take what has seen no padding, or all (`whole`).

    A `coarse` map serves only patches that begin where the network strides; others take what lies between its places.
    """
    maps = zones.maps
    span, size = maps.spans[maps.last][which], maps.spans[maps.source][which].length
    axis = Common(span.step if coarse else math.gcd(span.step, *np.diff(origins).tolist()))
    last = follow(maps, (axis, axis))[maps.last][which]
    if not isinstance(last, Common):
        raise TypeError("land stays land")
    taken = np.arange(span.length) if whole else np.arange(span.low, span.length - span.high)
    places = (origins[:, None] - origins[0] + span.step * taken - last.start) / last.every
    pixels = int(origins[-1] - origins[0]) + size
    return Ground(origins, axis, last, Boxes.at(places, last.places(pixels)), pixels)


def land_sums(zones: Zones, mosaic: Values, down: Ground, along: Ground, listen: Listen,
              beside: Callable[[Values], Iterable[Values]] = lambda band: ()) -> Values:
    """Return the sums (channels, rows, columns) over every patch's part of the map of the land.

    `beside` gives for a band of the mosaic what is to be added to its sums (channels, rows of the map, columns).
    """
    rows = mosaic[:, down.origins[0]:down.origins[0] + down.pixels]
    cols = rows[:, :, along.origins[0]:along.origins[0] + along.pixels]
    total: Values | None = None
    for first, count, pixels in _pieces(down, HEIGHT):
        sums = np.zeros((0, count, len(along.origins)), np.float32)
        for left, _, part in _pieces(along, PIXELS // HEIGHT):
            found = zones.run((down.axis, along.axis), cols[None, :, pixels, part])[0]
            sums = sums if len(sums) else np.zeros((len(found), *sums.shape[1:]), np.float32)
            along.boxes.add(found, left, sums)
            listen()
        for more in beside(rows[:, pixels]):
            sums += more
        share: Values = np.matmul(down.boxes.dense(first, count), sums)
        total = share if total is None else np.add(total, share, out=total)
        listen()
    if total is None:
        raise ValueError("a patch has a middle")
    return total


def _pieces(ground: Ground, size: int) -> Iterator[tuple[int, int, slice]]:
    """Yield first place and number of places of pieces of about `size` pixels along an axis, and their pixels."""
    last, places = ground.last, ground.last.places(ground.pixels)
    together = max(size - last.reach, last.reach) // last.every + 1
    for first in range(0, places, together):
        count, start = min(together, places - first), first * last.every
        yield first, count, slice(start, start + last.reach + (count - 1) * last.every)
