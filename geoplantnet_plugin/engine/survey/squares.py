"""Which squares of a flora's records a site touches, which are near, and how much of the site lies in no such land."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.survey.flora import SIDE, Flora
from geoplantnet_plugin.engine.where.area import Area

if TYPE_CHECKING:
    from shapely import Geometry

NEAR = 30_000.0
"""Metres from the site within which a record is told as near."""
DEGREES_AROUND = 0.6
"""What is looked at around a site: 30 km and half a square, up to 60° of latitude."""
WHOLLY = 0.999


@dataclass(frozen=True)
class Squares:
    """Positions of squares among the flora's: those that the site touches (`here`), and all within `NEAR` (`near`).

    `codes` are the names of the squares that it touches. `land` is the flora's territory around the site, in the area's
    CRS; `outside` the share (0 to 1) of the site beyond it.
    """

    here: NDArray[np.intp]
    near: NDArray[np.intp]
    codes: tuple[str, ...]
    land: Geometry
    outside: float


def squares_of(flora: Flora, area: Area, model: str) -> Squares:
    """Look up a site among the squares of the flora of `model`.

    Squares without any record lie in the territory where others surround them: gaps up to two squares wide are closed.
    A flora without squares says nothing of its territory.

    Raises:
        EngineError: ``territory_outside``, the site lies wholly beyond the territory.
    """
    left, bottom, right, top = area.polygons.to_crs("EPSG:4326").total_bounds
    if not len(flora.codes):
        nowhere = np.zeros(0, np.intp)
        return Squares(nowhere, nowhere, (), area.shape, 0.0)
    around = DEGREES_AROUND
    boxes = flora.boxes((left - around, right + around), (bottom - around, top + around)).to_crs(area.crs)
    land = boxes.union_all().buffer(SIDE).buffer(-SIDE)
    outside = area.shape.difference(land).area / area.shape.area
    if outside >= WHOLLY:
        raise EngineError("territory_outside", model=model)
    touched = boxes.intersects(area.shape).to_numpy()
    close = (boxes.distance(area.shape) <= NEAR).to_numpy()
    places = boxes.index.to_numpy(np.intp)
    here = places[touched]
    return Squares(here, places[close], tuple(str(flora.codes[i]) for i in here), land, float(outside))


def within(area: Area, land: Geometry) -> Area:
    """Return the part of an area that lies on `land`."""
    return replace(area, shape=area.shape.intersection(land))
