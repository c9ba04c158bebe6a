"""Survey: what a band holds over an area, from a look at some of its cells, and whether that can be right."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.cube.geometry import Bounds, pixels, project, project_bounds
from geoplantnet_plugin.engine.cube.opening import read_failed
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.cube.sampling import Floats, Positions, Values
from geoplantnet_plugin.engine.cube.sources import Band
from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

POINTS_A_SIDE = 120
"""The area's bounds are looked at in at most so many rows and columns of cells."""
PIXELS_A_SIDE = 1024
"""A larger window is read thinned to this, from overviews where there are any."""


@dataclass(frozen=True)
class Points:
    """Cell centres of an area, evenly thinned: coordinates (n,) in the grid's CRS."""

    crs: str
    x: Floats
    y: Floats


def area_points(area: Area, grid: Grid) -> Points:
    """Return centres of the area's cells; a point of the area where it holds none of those looked at."""
    from shapely import contains_xy, prepare

    x, y = (axis[np.unique(np.linspace(0, len(axis) - 1, POINTS_A_SIDE).round().astype(int))]
            for axis in grid.centres())
    all_x, all_y = (axis.ravel() for axis in np.meshgrid(x, y))
    prepare(area.shape)
    inside = contains_xy(area.shape, all_x, all_y)
    if not inside.any():
        point = area.shape.representative_point()
        return Points(grid.crs, np.array([point.x]), np.array([point.y]))
    return Points(grid.crs, all_x[inside], all_y[inside])


def survey(rasters: Rasters, label: str, band: Band, crs: str, points: Points, required: bool) -> tuple[Values, float]:
    """Return the band's values at the points (see `look`) and the share of points with one (see `check_coverage`).

    Raises:
        EngineError: those of both; ``base_cube_no_land`` where a base cube has nothing to give.
    """
    try:
        values = look(rasters, label, band, crs, points)
        return values, check_coverage(label, band, values, required)
    except EngineError as error:
        if band.base and error.code in ("cube_area_outside", "cube_all_nodata"):
            raise EngineError("base_cube_no_land", cube=band.base, predictor=label) from error
        raise


def look(rasters: Rasters, label: str, band: Band, crs: str, points: Points) -> Values:
    """Return the band's values at the points, in the predictor's units; NaN where missing.

    Raises:
        EngineError: ``cube_area_outside``, no point lies in the raster; ``cube_read_failed``, ``net_read_failed``.
    """
    from rasterio.errors import RasterioError

    at = pixels(crs, band.transform, *project(points.crs, crs, points.x, points.y))
    size = np.array([[band.shape[1]], [band.shape[0]]])
    with np.errstate(invalid="ignore"):
        within = ((at >= 0) & (at < size)).all(axis=0)
    if not within.any():
        raise _outside(label, band, crs, points)
    window = Positions(at[:, within]).window(band.shape)
    shape = (min(window.height, PIXELS_A_SIDE), min(window.width, PIXELS_A_SIDE))
    try:
        values = rasters.read(band.path, [band.index], [band.nodata], window, shape)[0]
    except (RasterioError, EngineError) as error:
        raise read_failed(label, band.path, error) from error
    col = ((at[0, within] - window.col) * shape[1] / window.width).astype(int)
    row = ((at[1, within] - window.row) * shape[0] / window.height).astype(int)
    result = np.full(len(points.x), np.nan, np.float32)
    result[within] = values[row, col] * np.float32(band.scale) + np.float32(band.offset)
    return result


def _outside(label: str, band: Band, crs: str, points: Points) -> EngineError:
    """Both extents in the area's CRS; in degrees where the raster's cannot be told in that."""
    left, bottom, right, top = _bounds(band)
    here = (float(points.x.min()), float(points.y.min()), float(points.x.max()), float(points.y.max()))
    raster, area, told = project_bounds(crs, points.crs, (left, bottom, right, top)), here, points.crs
    if not np.isfinite(raster).all():
        told = "EPSG:4326"
        raster = project_bounds(crs, told, (left, bottom, right, top))
        area = project_bounds(points.crs, told, here)
    return EngineError("cube_area_outside", predictor=label, file=band.path, crs=told,
                       area=_extent(area), raster=_extent(raster))


def _bounds(band: Band) -> Bounds:
    """Return the bounds of a raster that may be mirrored or turned."""
    height, width = band.shape
    corners = [band.transform @ corner for corner in ((0, 0), (width, 0), (0, height), (width, height))]
    return (min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners),
            max(y for _, y in corners))


def _extent(bounds: Bounds) -> str:
    return " ".join(f"{value:.10g}" for value in np.round(bounds, 3))


def check_coverage(label: str, band: Band, values: Values, required: bool) -> float:
    """Return the share of points with a value in %; refuse none at all where values are `required`.

    Raises:
        EngineError: ``cube_all_nodata``.
    """
    share = 100 * float(np.isfinite(values).mean())
    if share == 0 and required:
        raise EngineError("cube_all_nodata", predictor=label, file=band.path, band=band.index)
    return share


def check_units(predictor: Predictor, label: str, band: Band, values: Values, warner: Warner) -> None:
    """Stop where the values cannot be in the predictor's unit, warn where they may well not be.

    *Stop*: the 5-95 % range of the area's values and the range of the training data have nothing in common:
    then either the unit, scale or offset is another one or the model knows nothing of such a place. *Warn*:
    they have no part of the training data's 5-95 % range in common, or the file states another unit.

    Raises:
        EngineError: ``cube_units_implausible``; for a categorical predictor ``cube_classes_unknown``, when no
            value is one of the card's categories.
    """
    there = values[np.isfinite(values)]
    if band.unit and _unit(band.unit) != _unit(predictor.unit):
        warner.warning("cube_unit_differs", predictor=label, file=band.path, unit=band.unit,
                       expected=predictor.unit)
    if not there.size:
        return
    if predictor.categorical:
        _check_classes(predictor, label, band, there)
        return
    low, high = (float(value) for value in np.quantile(there, (0.05, 0.95)))
    told = {"predictor": label, "file": band.path, "unit": predictor.unit, "low": low, "high": high}
    if predictor.range and _apart((low, high), predictor.range):
        raise EngineError("cube_units_implausible", **told, card_low=predictor.range[0],
                          card_high=predictor.range[1])
    if predictor.quantiles and _apart((low, high), predictor.quantiles):
        warner.warning("cube_units_suspect", **told, card_low=predictor.quantiles[0],
                       card_high=predictor.quantiles[1])


def _check_classes(predictor: Predictor, label: str, band: Band, values: Values) -> None:
    classes = np.unique(values)
    if predictor.categories and not np.isin(classes, predictor.categories).any():
        raise EngineError("cube_classes_unknown", predictor=label, file=band.path,
                          found=[float(value) for value in classes[:10]], expected=predictor.categories[:10])


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _unit(text: str) -> str:
    """Return a unit for comparison: a remark in brackets, case and spaces make no other unit."""
    bare = re.sub(r"\([^()]*\)", "", text)
    return bare.casefold().replace(" ", "").replace("²", "2").replace("³", "3")
