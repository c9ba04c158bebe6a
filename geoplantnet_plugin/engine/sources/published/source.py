"""GeoPl@ntNet's published maps as a score source."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import DEFAULT_MEMORY
from geoplantnet_plugin.engine.assemblage import MOST_RANKED
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.scores.states import State
from geoplantnet_plugin.engine.services.cache import Cache
from geoplantnet_plugin.engine.services.documents import Documents, day
from geoplantnet_plugin.engine.services.http import Fetcher
from geoplantnet_plugin.engine.services.settings import HttpSettings, MapSettings
from geoplantnet_plugin.engine.sources.published.catalogue import (
    Catalogue,
    Country,
    PublishedMap,
    read_catalogue,
    touching,
)
from geoplantnet_plugin.engine.sources.published.maps import MapReader, is_map_fault
from geoplantnet_plugin.engine.sources.published.pixels import RESAMPLING, Cells, Pixels, ground_metres
from geoplantnet_plugin.engine.sources.published.selection import Selection, SpeciesFilter, select
from geoplantnet_plugin.engine.sources.published.terms import check_terms
from geoplantnet_plugin.engine.sources.published.tiff import prepare_thread
from geoplantnet_plugin.engine.sources.published.top import RunningTop
from geoplantnet_plugin.engine.taxa.table import TaxaTable
from geoplantnet_plugin.engine.where.area import Area
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid

if TYPE_CHECKING:
    from shapely import Geometry

MAP_PIXEL = 50.0
"""Metres of the maps' CRS (Web Mercator), not of the ground."""

_MOST_FAULTS, _FEW = 0.1, 20
"""Above this share of broken maps, and this number, something else is wrong than a map."""


@dataclass(frozen=True)
class Provenance:
    """Where published scores come from, for the manifest; `pixel_metres` is on the ground, in the area's middle."""

    title: str
    url: str
    home: str
    version: str
    retrieved: str
    licences: tuple[str, ...]
    attribution: str
    countries: tuple[str, ...]
    taxa: int
    maps: int
    scale: str
    crs: str
    pixel: float
    pixel_metres: float
    resampling: str
    effective_resolution: float
    nan_means: str
    nodata_means: str


@dataclass
class PublishedMaps:
    """Scores from published maps, cell by cell of the area.

    A cell is scored when at least one map says something of it (a value, or *below the floor*). In a scored cell a
    taxon below the floor ranks behind all values with −inf, one that is missing or outside last with NaN: neither
    belongs to a set, but the first is known to be low and the other is not known.
    """

    settings: MapSettings
    area: Area
    grid: Grid
    selection: Selection
    catalogue: Catalogue
    countries: list[Country]
    reader: MapReader
    fetcher: Fetcher
    reporter: Reporter
    keep: int
    memory: int = DEFAULT_MEMORY
    scale: Scale = Scale.LOGIT
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(2 * self.fetcher.settings.connections, "maps", prepare_thread)
        self._lock = threading.Lock()
        self._broken: dict[PublishedMap, str] = {}

    @classmethod
    def open(cls, settings: MapSettings, http: HttpSettings, area: Area, grid: Grid, species: SpeciesFilter,
             cache: Cache, reporter: Reporter, keep: int = MOST_RANKED, known: TaxaTable | None = None,
             memory: int = DEFAULT_MEMORY, offline: bool = False) -> PublishedMaps:
        """Read the catalogue and prepare the maps of the countries that the area touches.

        Nothing but the catalogue is downloaded. `keep` is how many taxa are kept a cell (it may still be set before
        the first score), `known` a table with names and families of taxa, `memory` in bytes; `offline` uses the
        cache alone.

        Raises:
            ServiceError: the catalogue cannot be read.
            EngineError: the area lies outside all countries, or no taxon passes the filter; the terms of use
                have not been accepted.
        """
        check_terms(settings, cache)
        with ExitStack() as undo:
            fetcher = Fetcher(http, settings.hosts)
            undo.callback(fetcher.close)
            source = cls._read(settings, fetcher, area, grid, species, cache, reporter, keep, known, memory, offline)
            undo.pop_all()
        return source

    @classmethod
    def _read(cls, settings: MapSettings, fetcher: Fetcher, area: Area, grid: Grid, species: SpeciesFilter,
              cache: Cache, reporter: Reporter, keep: int, known: TaxaTable | None, memory: int, offline: bool
              ) -> PublishedMaps:
        documents = Documents(fetcher, cache, reporter, offline)
        catalogue = read_catalogue(settings.catalogue, documents, fetcher.settings.connections, reporter)
        countries = touching(catalogue, in_degrees(area), documents)
        if not countries:
            raise EngineError("published_outside", countries=[country.name for country in catalogue.countries])
        selection = select(countries, species, known)
        if selection.unmatched:
            reporter.warning("published_names_unmatched", count=len(selection.unmatched),
                             names=selection.unmatched[:5])
        reader = MapReader(settings, fetcher, cache, documents, offline)
        return cls(settings, area, grid, selection, catalogue, countries, reader, fetcher, reporter, keep, memory,
                   Scale(settings.scale))

    @property
    def taxa(self) -> TaxaTable:
        """The taxa asked for, in the order of their ids."""
        return self.selection.taxa

    @property
    def maps(self) -> int:
        """The number of maps that may be read: taxa times the countries that have them."""
        return sum(len(maps) for maps in self.selection.maps)

    @property
    def digest(self) -> str:
        """What the scores depend on: the catalogue's version, the maps, how many taxa are kept."""
        parts = [self.settings.catalogue, self.catalogue.version, self.keep, self.settings.nan_means,
                 self.settings.nodata_means, *(entry.item for maps in self.selection.maps for entry in maps)]
        return "sha256:" + hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()

    def close(self) -> None:
        """Stop all requests and close the connections."""
        self.fetcher.stop()
        self._pool.shutdown(cancel_futures=True)
        self.fetcher.close()

    def provenance(self) -> Provenance:
        """Return what the manifest says of these scores."""
        centre = in_degrees(self.area).centroid
        metres = ground_metres(self.settings.crs, MAP_PIXEL, centre.x, centre.y)
        names = sorted({entry.country for maps in self.selection.maps for entry in maps})
        licences = {country.licence for country in self.catalogue.countries if country.name in names}
        settings = self.settings
        return Provenance(settings.title, settings.catalogue, settings.home, self.catalogue.version,
                          day(self.catalogue.fetched), tuple(sorted(licences - {""})), settings.attribution,
                          tuple(names), len(self.taxa), self.maps, self.scale.value, settings.crs, MAP_PIXEL,
                          round(metres, 2), RESAMPLING, round(max(self.grid.resolution, metres), 2),
                          settings.nan_means, settings.nodata_means)

    @property
    def strip_rows(self) -> int:
        """Rows whose scores fit: a strip in hand and the one that waits to be written share the memory."""
        row = RunningTop.memory(BLOCK_CELLS, len(self.taxa), self.keep)
        return int(np.clip(self.memory // 2 // row, 1, BLOCK_CELLS))

    def score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        """Score the cells of `block`, or of a strip of its rows, where `inside` (height, width) is true."""
        with self._lock:
            return self._score(block, inside)

    def _score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        positions = np.flatnonzero(inside).astype(np.int32)
        cells = Cells.of(self.grid.block_grid(block), inside, self.settings.crs)
        top = RunningTop(len(positions), len(self.taxa), self.keep)
        informed = np.zeros(len(positions), bool)
        counts = np.zeros((len(self.taxa), len(State)), np.int64)
        for taxon, (values, states) in enumerate(self._all_scores(cells)):
            top.add(taxon, values)
            informed |= states <= State.BELOW_FLOOR
            counts[taxon] = np.bincount(states, minlength=len(State))
            if (taxon + 1) * 100 // len(self.taxa) > taxon * 100 // len(self.taxa):
                self.reporter.progress("maps", taxon + 1, len(self.taxa))
        ids, values = top.result()
        scores = RankedScores(ids[informed], values[informed], self.scale)
        return ScoredBlock(positions[informed], scores, np.zeros(int(informed.sum()), bool), states=counts)

    def _all_scores(self, cells: Cells) -> Iterator[tuple[NDArray[np.float32], NDArray[np.uint8]]]:
        """The scores and states of `cells` for every taxon in turn, read ahead over all connections."""
        located: dict[bytes, Pixels] = {}
        abroad = {country.name: _abroad(country, cells, self.settings.crs) for country in self.countries}

        def read(maps: tuple[PublishedMap, ...]) -> _Mosaic:
            return self._mosaic(maps, cells, located, abroad)

        known_broken = set(self._broken)
        for mosaic in ahead(self._pool, read, self.selection.maps, 4 * self.fetcher.settings.connections,
                            self._checkpoint):
            self._broken.update(mosaic.faults)
            yield mosaic.values, mosaic.states
        self._report({entry: code for entry, code in self._broken.items() if entry not in known_broken})

    def _checkpoint(self) -> None:
        if self.reporter.cancelled():
            self.fetcher.stop()
        self.reporter.checkpoint()

    def _mosaic(self, maps: tuple[PublishedMap, ...], cells: Cells, located: dict[bytes, Pixels],
                abroad: Mapping[str, NDArray[np.bool_]]) -> _Mosaic:
        """One taxon over all its countries: of two maps the one that says more of a cell, else the first.

        An empty pixel outside the country is *outside*, not *missing*: the raster is only the country's box.
        """
        mosaic = _Mosaic(np.full(len(cells.x), np.nan, np.float32),
                         np.full(len(cells.x), State.OUTSIDE, np.uint8), {})
        for entry in maps:
            fault = self._broken.get(entry)
            if fault is None:
                try:
                    values, states = self.reader.scores(entry, cells, located)
                    beyond = abroad[entry.country] & (states != State.VALID)
                    states[beyond], values[beyond] = State.OUTSIDE, np.nan
                    better = states < mosaic.states
                    mosaic.values[better], mosaic.states[better] = values[better], states[better]
                    continue
                except EngineError as error:
                    if not is_map_fault(error):
                        raise
                    fault = mosaic.faults[entry] = error.code
            if fault != "published_no_map":
                unread = ~abroad[entry.country] & (mosaic.states == State.OUTSIDE)
                mosaic.states[unread] = State.MISSING
        return mosaic

    def _report(self, faults: dict[PublishedMap, str]) -> None:
        """Say once which maps could not be used, and stop when it is most of them."""
        by_code: dict[str, list[str]] = {}
        for entry, code in faults.items():
            by_code.setdefault(code, []).append(f"{entry.slug} ({entry.country})")
        for code, names in by_code.items():
            self.reporter.warning("published_maps_unusable", count=len(names), total=self.maps, fault=code,
                                  names=sorted(names)[:5])
        broken = [code for code in self._broken.values() if code not in ("published_no_map", "service_offline")]
        if len(broken) > max(_FEW, _MOST_FAULTS * self.maps):
            raise EngineError("published_many_faults", count=len(broken), total=self.maps,
                              fault=max(set(broken), key=broken.count))


@dataclass
class _Mosaic:
    values: NDArray[np.float32]
    states: NDArray[np.uint8]
    faults: dict[PublishedMap, str]


Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item], depth: int,
          checkpoint: Callable[[], None]) -> Iterator[Result]:
    """Yield the results of `work` in the order of `items`, at most `depth` of them being worked on.

    `checkpoint` is called before each and may raise; what has not begun is then left out.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            checkpoint()
            waiting.append(pool.submit(work, item))
            if len(waiting) == depth:
                yield waiting.popleft().result()
        while waiting:
            checkpoint()
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def in_degrees(area: Area) -> Geometry:
    """Return the shape of an area in degrees (EPSG:4326)."""
    import shapely
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(area.crs, "EPSG:4326", always_xy=True).transform
    return shapely.transform(area.shape, to_degrees, interleaved=False)


def _abroad(country: Country, cells: Cells, crs: str) -> NDArray[np.bool_]:
    """Which cells (n,) lie outside the country; none where its outline is not known."""
    import shapely
    from pyproj import Transformer

    if country.footprint is None:
        return np.zeros(len(cells.x), bool)
    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(cells.x, cells.y)
    shapely.prepare(country.footprint)
    outside: NDArray[np.bool_] = ~shapely.intersects_xy(country.footprint, lon, lat)
    return outside
