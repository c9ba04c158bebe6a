"""Surfaces that GEOS does not know (TIN, polyhedral surfaces, triangles), as the polygons that they are made of."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT, LINE, POLYGON, TRIANGLE = 1, 2, 3, 17
COLLECTED = {4: 4, 5: 5, 6: 6, 7: 7, 15: 6, 16: 6}
"""Types that hold geometries (ISO 19125 well-known binary), and what they are written as: surfaces as multipolygons."""
HEIGHT = 0x80000000
"""Bit of a type with heights, as they were written before ISO numbered those."""
FLAT = {**COLLECTED, POINT: POINT, LINE: LINE, POLYGON: POLYGON, TRIANGLE: POLYGON}


def with_surfaces(shapes: NDArray[np.object_], written: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return `shapes` (n,) with the surfaces that are missing among them, of the well-known binaries they came from."""
    import shapely

    missing = [number for number, (shape, wkb) in enumerate(zip(shapes, written, strict=True)) if wkb and shape is None]
    found = shapes.copy()
    found[missing] = shapely.from_wkb([polygonal(written[number]) for number in missing], on_invalid="ignore")
    return found


def polygonal(wkb: bytes) -> bytes:
    """Return a well-known binary with surfaces as multipolygons and triangles as polygons; any other as it is."""
    copy = bytearray(wkb)
    try:
        _rename(copy, 0)
    except (struct.error, KeyError, IndexError):  # cut, or of curves, which GDAL makes lines of before
        return wkb
    return bytes(copy)


def _rename(wkb: bytearray, at: int) -> int:
    """Rename the types of the geometry at an offset and of those in it, and return where it ends."""
    order = "<" if wkb[at] else ">"
    written, = struct.unpack_from(f"{order}I", wkb, at + 1)
    dimensions, kind = divmod(written & ~HEIGHT, 1000)
    point = 8 * (3 if written & HEIGHT else (2, 3, 3, 4)[dimensions])
    struct.pack_into(f"{order}I", wkb, at + 1, written - kind + FLAT[kind])
    at += 5
    if kind == POINT:
        return at + point
    count, = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    if kind == LINE:
        return int(at + count * point)
    for _ in range(count):
        if kind in COLLECTED:
            at = _rename(wkb, at)
        else:
            points, = struct.unpack_from(f"{order}I", wkb, at)
            at += 4 + points * point
    return at
