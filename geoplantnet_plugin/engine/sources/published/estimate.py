"""What published maps would cost, before anybody agrees to it: requests, megabytes, minutes.

What is cached is counted exactly. For the rest the headers of a few maps of each country are read, and one of them
to the end, and the others are taken to be like them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.services.http import MEGABYTE
from geoplantnet_plugin.engine.sources.published.catalogue import PublishedMap
from geoplantnet_plugin.engine.sources.published.maps import Wanted, is_map_fault
from geoplantnet_plugin.engine.sources.published.pixels import Cells, Pixels
from geoplantnet_plugin.engine.sources.published.source import PublishedMaps
from geoplantnet_plugin.engine.where.grid import Grid

SAMPLE = 5
"""Maps of a country whose headers are read."""

MOST_POINTS = 50_000
"""The area is looked at through at most about so many cells; tiles are far larger than their distance."""


@dataclass(frozen=True)
class Estimate:
    """What is still to be downloaded. `maps` of `all_maps` are not in the cache (their header at least)."""

    countries: tuple[str, ...]
    taxa: int
    all_maps: int
    maps: int
    requests: int
    megabytes: float
    minutes: float

    def refuse_above(self, megabytes: float) -> None:
        """Raise EngineError when more than `megabytes` would be downloaded."""
        if self.megabytes > megabytes:
            raise EngineError("published_too_large", requests=self.requests, megabytes=round(self.megabytes),
                              minutes=round(self.minutes), limit=round(megabytes))


def estimate(source: PublishedMaps) -> Estimate:
    """Return what scoring the whole area with `source` would download."""
    cells, located = _points(source), dict[bytes, Pixels]()
    requests = size = missing = 0.0
    pace = _Pace(source)
    for country in source.countries:
        maps = [entry for maps in source.selection.maps for entry in maps if entry.country == country.name]
        cached = [entry for entry in maps if source.reader.has_header(entry)]
        new = [entry for entry in maps if not source.reader.has_header(entry)]
        costs = _wanted(source, cached, cells, located)
        requests += sum(cost.requests for cost in costs)
        size += sum(cost.bytes for cost in costs)
        sample = _wanted(source, _sample(new), cells, located)
        missing += len(new)
        if sample:
            pace.measure(new[0], cells, located)
            requests += len(new) * float(np.mean([1 + cost.requests for cost in sample]))
            size += len(new) * float(np.mean([cost.header + cost.bytes for cost in sample]))
    names = tuple(country.name for country in source.countries)
    return Estimate(names, len(source.taxa), source.maps, round(missing), round(requests), size / MEGABYTE,
                    requests * pace.seconds / source.fetcher.settings.connections / 60)


class _Pace:
    """Seconds a request takes with its answer, measured."""

    def __init__(self, source: PublishedMaps) -> None:
        self._source = source
        self._seconds = self._requests = 0.0

    def measure(self, entry: PublishedMap, cells: Cells, located: dict[bytes, Pixels]) -> None:
        fetcher, begun = self._source.fetcher, time.perf_counter()
        before = fetcher.requests
        try:
            self._source.reader.scores(entry, cells, located)
        except EngineError as error:
            if not is_map_fault(error):
                raise
        self._seconds += time.perf_counter() - begun
        self._requests += fetcher.requests - before

    @property
    def seconds(self) -> float:
        return self._seconds / self._requests if self._requests else 0.0


def _sample(maps: Sequence[PublishedMap]) -> list[PublishedMap]:
    """A few of the maps, evenly spread."""
    places = np.linspace(0, len(maps) - 1, min(SAMPLE, len(maps))).astype(int)
    return [maps[place] for place in places]


def _wanted(source: PublishedMaps, maps: Sequence[PublishedMap], cells: Cells, located: dict[bytes, Pixels]
            ) -> list[Wanted]:
    """What maps still cost; those that cannot be used cost nothing."""
    found = []
    for entry in maps:
        try:
            found.append(source.reader.wanted(entry, cells, located))
        except EngineError as error:
            if not is_map_fault(error):
                raise
    return found


def _points(source: PublishedMaps) -> Cells:
    """The area's cells, thinned."""
    grid = source.grid
    step = max(1, int(np.ceil(np.sqrt(grid.height * grid.width / MOST_POINTS))))
    thin = Grid(grid.crs, grid.resolution * step, grid.left, grid.top, -(-grid.height // step),
                -(-grid.width // step))
    return Cells.of(thin, source.area.inside(thin), source.settings.crs)
