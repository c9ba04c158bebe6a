"""Where scores are made for a site: on the cells of a grid, in one square where the site is smaller than that, or on
the finer cells of the squares that it touches, which are ranked within each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Warner
from geoplantnet_plugin.engine.scores.support import Support
from geoplantnet_plugin.engine.survey.squares import Squares, squares_of, within
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import Grid

MOST_RANKED = 20_000
"""So many cells hold a province at 1 km; the scores of all taxa in them are ranked in memory."""
TELLING = 0.005
"""A smaller share of a site is not told: outlines of coasts and borders differ by that much."""


@dataclass(frozen=True)
class Ground:
    """The `area` that is scored (its polygons are the site's own) on `grid`.

    `pool` says that it is the one square of the support's side around a site that is smaller; `squares` are those of
    the records, None without any. `ranked` says that the cells are finer than the support: whole squares of it.
    """

    area: Area
    grid: Grid
    pool: bool = False
    squares: Squares | None = None
    ranked: bool = False


def ground_of(site: Area, resolution: float | None, support: Support, warner: Warner) -> Ground:
    """Return where a site is scored, for scores that speak of `support`.

    Warns: ``territory_partly``, ``pool_too_long``.

    Raises:
        EngineError: ``support_resolution`` (cells are asked for that do not divide the support), ``ranks_too_many``,
            ``territory_outside``.
    """
    if support.side is None:
        return Ground(site, site.grid(resolution))
    if resolution is not None and (resolution > support.side or support.side % resolution):
        raise EngineError("support_resolution", model=support.name, side=support.side, resolution=resolution)
    squares = squares_of(support.flora, site, support.name) if support.flora else None
    if squares and squares.outside > TELLING:
        warner.warning("territory_partly", share=round(100 * squares.outside, 1), model=support.name)
    if resolution not in (None, support.side):
        return _ranked(site, support.side, resolution, squares)
    if site.hectares * 1e4 < support.side**2:
        return _pool(site, support.side, squares, warner)
    land = within(site, squares.land) if squares else site
    return Ground(land, land.grid(support.side), squares=squares)


def _ranked(site: Area, side: float, resolution: float, squares: Squares | None) -> Ground:
    """The whole squares of the support that the site touches, on the lines of its grid, in finer cells."""
    from shapely import box, union_all

    coarse = Grid.covering(site.crs, side, site.shape.bounds)
    left, _, _, top = coarse.bounds
    touched = [square for row in range(coarse.height) for col in range(coarse.width)
               if (square := box(left + col * side, top - (row + 1) * side, left + (col + 1) * side, top - row * side)
                   ).intersection(site.shape).area > 0]
    if (cells := len(touched) * round(side / resolution) ** 2) > MOST_RANKED:
        raise EngineError("ranks_too_many", cells=cells, most=MOST_RANKED, resolution=resolution, side=side)
    whole = replace(site, shape=union_all(touched))
    land = within(whole, squares.land) if squares else whole
    return Ground(land, Grid.covering(site.crs, resolution, whole.shape.bounds), squares=squares, ranked=True)


def _pool(site: Area, side: float, squares: Squares | None, warner: Warner) -> Ground:
    """One square centred on the site: neither does it change with where a grid's lines happen to run."""
    from shapely import box

    left, bottom, right, top = site.shape.bounds
    x, y = (left + right) / 2, (bottom + top) / 2
    square = box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    beyond = site.shape.difference(square).area / site.shape.area
    if beyond > TELLING:
        warner.warning("pool_too_long", share=round(100 * beyond, 1), side=side)
    return Ground(replace(site, shape=square), Grid(site.crs, side, x - side / 2, y + side / 2, 1, 1), True, squares)
