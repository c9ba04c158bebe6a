"""The sampling plan of a field package: numbered points with what is needed to estimate from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import PackRequest
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.field.route import STAY, affordable, walking_order
from geoplantnet_plugin.engine.field.sampling import draw_chances, sample
from geoplantnet_plugin.engine.field.weights import layer, weights
from geoplantnet_plugin.engine.where.area import read_area

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MOST_POINTS = 400
STRATA = ("", "habitat", "richness")
RICHNESS_CLASSES = 3
"""Strata of about equal size by the predicted number of species."""


def make_plan(folder: AssessmentFolder, request: PackRequest, targets: Mapping[str, object],
              expected: Mapping[int, int], reporter: Reporter) -> GeoDataFrame:
    """Return the points as rows of the survey's table ``plan``, in the grid's CRS.

    `draw` is a point's chance to be in its cell, among the cells of its stratum; `inclusion` the number of points that
    its cell expects of the whole plan. `expected` says how many taxa are predicted in a cell.

    Raises:
        EngineError: more points than cells, an unknown kind of weight or strata, or a mask outside the area.
    """
    weight = _accessible(folder, weights(folder, request.weight, targets), request.access, reporter)
    cells = int((weight > 0).sum())
    count = _count(request, cells)
    drawn = _draw(weight, _strata(folder, weight, request.strata), count, np.random.default_rng(request.seed))
    if request.hours is not None:
        drawn = drawn[:affordable(_positions(folder, drawn), request.hours)]
    return _rows(folder, drawn, len(drawn) / count, expected)


@dataclass(frozen=True)
class _Point:
    order: float
    row: int
    col: int
    right: float
    down: float
    stratum: str
    stratum_cells: int
    draw: float
    of_stratum: int


def _count(request: PackRequest, cells: int) -> int:
    count = request.points if request.hours is None else max(1, int(request.hours / STAY))
    if not 1 <= count <= MOST_POINTS:
        raise EngineError("field_points", points=count, most=MOST_POINTS)
    if count > cells and request.hours is None:
        raise EngineError("field_more_points_than_cells", points=count, cells=cells)
    return min(count, cells)


def _accessible(folder: AssessmentFolder, weight: NDArray[np.float64], access: str,
                reporter: Reporter) -> NDArray[np.float64]:
    if not access:
        return weight
    grid = folder.grid
    inside = read_area(access, grid.crs, reporter).inside(grid)
    if not (inside & (weight > 0)).any():
        raise EngineError("field_mask_outside", mask=access)
    return np.where(inside, weight, 0.0)


def _strata(folder: AssessmentFolder, weight: NDArray[np.float64], by: str) -> dict[str, NDArray[np.bool_]]:
    """Return the cells of each stratum by its name."""
    there = weight > 0
    if not by:
        return {"": there}
    values = layer(folder, by) if by in STRATA else None
    if values is None:
        raise EngineError("field_strata", strata=by, known=[name for name in STRATA if name and folder.raster(name)])
    if by == "habitat":
        names = {value: label for value, label, _ in folder.classes(by, "en")}
        parts = {names.get(int(value), str(int(value))): values == value
                 for value in np.unique(values[there & ~np.isnan(values)])}
    else:
        edges = np.unique(np.nanquantile(values[there], np.linspace(0, 1, RICHNESS_CLASSES + 1)[1:-1]))
        number = np.digitize(values, edges)
        parts = {f"richness {index + 1}": number == index for index in np.unique(number[there])}
    covered = np.any(list(parts.values()), axis=0)
    parts[""] = ~covered
    return {name: part & there for name, part in parts.items() if (part & there).any()}


def _draw(weight: NDArray[np.float64], strata: Mapping[str, NDArray[np.bool_]], count: int,
          rng: np.random.Generator) -> list[_Point]:
    """Draw each stratum on its own and deal the points so that any first ones are spread over all strata."""
    if count < len(strata):
        raise EngineError("field_points_strata", points=count, strata=len(strata))
    points: list[_Point] = []
    sizes = _allocate({name: float(weight[cells].sum()) for name, cells in strata.items()}, count)
    for name, cells in strata.items():
        number = min(sizes[name], int(cells.sum()))
        chances = draw_chances(np.where(cells, weight, 0.0), number)
        drawn = sample(chances, number, rng)
        shift = rng.random()
        points += [_Point((index + shift) / number, int(row), int(col), float(right), float(down), name,
                          int(cells.sum()), float(chances[row, col]), number)
                   for index, (row, col, (right, down)) in enumerate(zip(drawn.rows, drawn.cols, drawn.within,
                                                                         strict=True))]
    return sorted(points, key=lambda point: point.order)


def _allocate(totals: Mapping[str, float], count: int) -> dict[str, int]:
    """Share `count` points by the weights of the strata, largest remainders first, at least one for each."""
    free, total = count - len(totals), sum(totals.values())
    exact = {name: free * value / total for name, value in totals.items()}
    sizes = {name: 1 + int(value) for name, value in exact.items()}
    rest = count - sum(sizes.values())
    for name in sorted(exact, key=lambda name: int(exact[name]) - exact[name])[:rest]:
        sizes[name] += 1
    return sizes


def _positions(folder: AssessmentFolder, points: list[_Point]) -> NDArray[np.float64]:
    grid = folder.grid
    return np.array([(grid.left + (point.col + point.right) * grid.resolution,
                      grid.top - (point.row + point.down) * grid.resolution) for point in points])


def _rows(folder: AssessmentFolder, points: list[_Point], kept: float, expected: Mapping[int, int]) -> GeoDataFrame:
    from geopandas import GeoDataFrame, points_from_xy

    grid, positions = folder.grid, _positions(folder, points)
    cells = [point.row * grid.width + point.col for point in points]
    walk = np.empty(len(points), np.int64)
    walk[walking_order(positions)] = np.arange(1, len(points) + 1)
    return GeoDataFrame({
        "point_id": [f"P{number:03d}" for number in range(1, len(points) + 1)],
        "number": np.arange(1, len(points) + 1), "walk": walk, "cell": cells,
        "stratum": [point.stratum for point in points], "stratum_cells": [point.stratum_cells for point in points],
        "draw": [point.draw for point in points],
        "inclusion": [point.draw * point.of_stratum * kept for point in points],
        "expected": [expected.get(cell, 0) for cell in cells], "targets": "", "visit": "planned", "visit_note": ""},
        geometry=points_from_xy(*positions.T), crs=grid.crs)
