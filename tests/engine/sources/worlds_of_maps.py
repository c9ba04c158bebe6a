"""What the tests of published maps share: an area, an open source, and the truth on the grid's side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.settings import HttpSettings, MapSettings, read_services
from geoplantnet_plugin.engine.sources.published.selection import SpeciesFilter
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from geoplantnet_plugin.engine.sources.published.terms import accept_terms
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.grid import Block, Grid
from tests.server.http_server import Server
from tests.server.miniature import ALL, BORDER, COUNTRIES, MAP_CRS, Species, truth

INLAND = (775_000.0, 5_825_000.0, 781_000.0, 5_830_000.0)
"""A box in northland, in EPSG:3857."""

ACROSS = (775_000.0, 5_810_000.0, 781_000.0, 5_817_500.0)
"""A box over the border of northland and southland."""

ISLAND = (905_000.0, 5_816_000.0, 908_000.0, 5_819_000.0)


class Events(Reporter):
    """Keeps warnings; asks to stop after so many units of progress."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.warnings: list[tuple[str, dict[str, Any]]] = []
        self.done = 0
        self.stop_after = stop_after

    def warning(self, code: str, **params: Any) -> None:
        self.warnings.append((code, params))

    def progress(self, stage: str, done: int, total: int) -> None:
        self.done = done

    def cancelled(self) -> bool:
        return self.stop_after is not None and self.done >= self.stop_after

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.warnings]


@dataclass
class MapsWorld:
    """A server, a cache in `folder`, and how sources are opened."""

    server: Server
    http: HttpSettings
    folder: Path
    events: Events = field(default_factory=Events)

    def __post_init__(self) -> None:
        self.settings: MapSettings = replace(read_services().maps, catalogue=self.server.catalogue)
        self.cache = Cache(self.folder / "cache", 1000)
        accept_terms(self.settings, self.cache)

    def area(self, box: tuple[float, float, float, float]) -> Area:
        path = self.folder / "area.geojson"
        geopandas.GeoDataFrame(geometry=[shapely.box(*box)], crs=MAP_CRS).to_file(path)
        return read_area(str(path), None, Reporter())

    def open(self, box: tuple[float, float, float, float], species: Iterable[Species] = (), keep: int = 550,
             **options: Any) -> PublishedMaps:
        area = self.area(box)
        wanted = SpeciesFilter(frozenset(entry.id for entry in species))
        return PublishedMaps.open(self.settings, self.http, area, area.grid(None), wanted, self.cache, self.events,
                                  keep, **options)


def score_all(source: PublishedMaps) -> list[tuple[Block, ScoredBlock]]:
    """Score every block of the area."""
    return [(block, source.score(block, source.area.inside(source.grid.block_grid(block))))
            for block in source.grid.blocks()]


def counts_of(source: PublishedMaps) -> np.ndarray:
    """Return how many cells of the area each taxon has in each state (taxa, 4)."""
    return sum(scored.states for _, scored in score_all(source))


def dense(scored: ScoredBlock, taxa: int) -> np.ndarray:
    """The scores (n, taxa) of a block; NaN for taxa that were not kept."""
    found = np.full((len(scored.cells), taxa), np.nan, np.float32)
    np.put_along_axis(found, scored.scores.ids.astype(np.int64), scored.scores.values, axis=1)
    return found


def centres(grid: Grid, block: Block, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The coordinates of cells in the grid's CRS."""
    x, y = np.meshgrid(*grid.block_grid(block).centres())
    return x.ravel()[cells], y.ravel()[cells]


def expected(grid: Grid, block: Block, cells: np.ndarray, species: Species) -> np.ndarray:
    """The true scores (n,) of a species: NaN where no country with a map of it has a value.

    Cells within 40 m of a country's edge, where pixel and cell may differ, are not to be compared; see `near_edge`.
    """
    from pyproj import Transformer

    x, y = centres(grid, block, cells)
    mx, my = Transformer.from_crs(grid.crs, MAP_CRS, always_xy=True).transform(x, y)
    on_map = np.zeros(len(x), bool)
    for country in COUNTRIES:
        if species in country.species:
            on_map |= country.holds(mx, my)
    return np.where(on_map, truth(species, x, y), np.nan)


def near_edge(grid: Grid, block: Block, cells: np.ndarray) -> np.ndarray:
    """Whether cells (n,) lie within a pixel's diagonal of the border."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(grid.crs, MAP_CRS, always_xy=True).transform(*centres(grid, block, cells))
    north = COUNTRIES[0]
    border = BORDER[0] + (x - north.left) / (north.right - north.left) * (BORDER[1] - BORDER[0])
    return np.abs(y - border) < 36.0


__all__ = ["ACROSS", "ALL", "INLAND", "ISLAND", "Events", "MapsWorld", "centres", "dense", "expected", "near_edge",
           "score_all"]
