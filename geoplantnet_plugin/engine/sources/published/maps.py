"""Reading published maps: header once, then the tiles needed, through the cache."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.scores.states import State
from geoplantnet_plugin.engine.services.cache import Cache, CachedFile
from geoplantnet_plugin.engine.services.documents import Documents
from geoplantnet_plugin.engine.services.http import Fetcher, ServiceError
from geoplantnet_plugin.engine.services.settings import MapSettings, Meaning
from geoplantnet_plugin.engine.sources.published.catalogue import PublishedMap, asset_url
from geoplantnet_plugin.engine.sources.published.pixels import Cells, Pixels
from geoplantnet_plugin.engine.sources.published.tiff import (
    Directory,
    Georeference,
    MoreHeader,
    Piece,
    read_directory,
    read_georeference,
    read_window,
)

FIRST_HEADER = 16_384
"""Bytes asked of the first map of a country; the next ones are asked for as much as its header took."""

GAP = 16_384
"""Tiles closer together in the file than this are asked for in one request: cheaper than a second one."""

MOST_SPAN = 64_000_000
"""Bytes of tiles in one request: 64 raw tiles of 512 × 512 pixels."""

DAY = 86_400.0


_EMPTY = np.array([np.nan, -np.inf, np.nan, np.nan], np.float32)
"""What stands for a score in each `State`."""


class NoMap(EngineError):
    """The taxon has no map in this country."""


_MAP_FAULTS = ("service_no_ranges", "service_truncated", "service_too_large", "service_offline",
               "service_broken_answer", "service_not_json")


def is_map_fault(error: EngineError) -> bool:
    """Return whether an error concerns one map only: its taxon is then missing there and the others go on.

    Any other fault of a host ends the run, which can be resumed, and so does a cache that cannot be written.
    """
    if isinstance(error, ServiceError):
        return error.code in _MAP_FAULTS
    return error.code.startswith("published_")


@dataclass(frozen=True)
class Header:
    """What is needed to ask for parts of one map; `pieces` holds its first bytes."""

    url: str
    directory: Directory
    head: Piece
    total: int


@dataclass(frozen=True)
class Wanted:
    """What one map still costs: requests and bytes for tiles, and the bytes its header has."""

    requests: int
    bytes: int
    header: int


class MapReader:
    """Reads the scores of cells from published maps; safe to use from many threads."""

    def __init__(self, settings: MapSettings, fetcher: Fetcher, cache: Cache, documents: Documents,
                 offline: bool = False) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._cache = cache
        self._documents = documents
        self._offline = offline
        self._lock = threading.Lock()
        self._header_sizes: dict[str, int] = {}
        self._urls: dict[PublishedMap, str] = {}
        self._georeferences: dict[bytes, Georeference] = {}
        self._checked: set[str] = set()

    def scores(self, entry: PublishedMap, cells: Cells, located: dict[bytes, Pixels]
               ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return the scores (n,) of `cells` and their `State` (n,): NaN where there is none, −inf below the floor.

        `located` keeps the positions of these cells from map to map.

        Raises:
            NoMap: the publisher has no such map.
            ServiceError: the host cannot be used.
            EngineError: the map is not what it should be.
        """
        header, pixels = self.locate(entry, cells, located)
        values = np.full(len(cells.x), np.nan, np.float32)
        states = np.full(len(cells.x), State.OUTSIDE, np.uint8)
        if pixels.tiles:
            window, nodata = self._window(entry, header, pixels)
            found = window[pixels.row, pixels.col]
            states[pixels.covered] = known = self._states(found, nodata)
            values[pixels.covered] = np.where(known == State.VALID, found, _EMPTY[known])
        return values, states

    def locate(self, entry: PublishedMap, cells: Cells, located: dict[bytes, Pixels]) -> tuple[Header, Pixels]:
        """Return the header of a map and where `cells` fall in it."""
        header = self._header(entry)
        key = header.directory.key
        if key not in located:
            pixels = Pixels.of(cells, header.directory, self._georeference(header))
            with self._lock:
                located[key] = pixels
        return header, located[key]

    def has_header(self, entry: PublishedMap) -> bool:
        """Return whether the header of a map is in the cache."""
        url = self._urls.get(entry) or self._settings.map_url(entry.country, entry.id, entry.slug)
        return bool(url) and self._cache.piece(url, 0, 1) is not None

    def wanted(self, entry: PublishedMap, cells: Cells, located: dict[bytes, Pixels]) -> Wanted:
        """Return what is still to be fetched for `cells`; the header is fetched where it is not cached."""
        header, pixels = self.locate(entry, cells, located)
        spans = [(start, stop) for start, stop in self._spans(header, pixels.tiles)
                 if self._cache.piece(header.url, start, stop) is None]
        return Wanted(len(spans), sum(stop - start for start, stop in spans), len(header.head.body))

    def _states(self, found: NDArray[np.float32], nodata: float | None) -> NDArray[np.uint8]:
        """Only a file that does not declare NaN as its nodata value can mean "empty" by −1."""
        states = np.full(found.shape, State.VALID, np.uint8)
        declared = -1.0 if nodata is None else nodata
        if not np.isnan(declared):
            states[found == np.float32(declared)] = _state(self._settings.nodata_means)
        states[np.isnan(found)] = _state(self._settings.nan_means)
        states[np.isinf(found)] = State.MISSING
        return states

    def _window(self, entry: PublishedMap, header: Header, pixels: Pixels
                ) -> tuple[NDArray[np.float32], float | None]:
        for attempt in (1, 2):
            try:
                pieces = [Piece(start, self._piece(header, start, stop)) for start, stop
                          in self._spans(header, pixels.tiles)]
                return read_window([header.head, *pieces], header.total, _name(header.url), pixels.rows,
                                   pixels.cols)
            except _Changed:
                header = self._header(entry)
                if attempt == 2:
                    break
        raise EngineError("published_changing", file=_name(header.url))

    def _spans(self, header: Header, tiles: tuple[int, ...]) -> list[tuple[int, int]]:
        spans = header.directory.spans(tiles, GAP)
        if any(stop > header.total or stop - start > MOST_SPAN for start, stop in spans):
            raise EngineError("published_broken_map", file=_name(header.url))
        return spans

    def _header(self, entry: PublishedMap) -> Header:
        """The header at the address that the rule gives, or else at the one that the item states."""
        url = self._urls.get(entry) or self._settings.map_url(entry.country, entry.id, entry.slug)
        if url:
            try:
                return self._header_at(entry, url)
            except EngineError as error:
                if not isinstance(error, NoMap) and error.code != "service_offline":
                    raise
                stated = self._item_asset(entry)
                if stated == url:
                    raise
        else:
            stated = self._item_asset(entry)
        self._urls[entry] = stated
        return self._header_at(entry, stated)

    def _item_asset(self, entry: PublishedMap) -> str:
        try:
            return asset_url(self._documents.read(entry.item), entry.item)
        except ServiceError as error:
            if error.code == "service_not_found":
                raise NoMap("published_no_map", file=_name(entry.item)) from None
            raise

    def _header_at(self, entry: PublishedMap, url: str) -> Header:
        self._check_age(url)
        head, total = self._cached_head(url) or self._fetch(url, 0, self._header_sizes.get(entry.country, FIRST_HEADER))
        while True:
            try:
                directory = read_directory(head, _name(url))
                break
            except MoreHeader as more:
                if more.size > total:
                    raise EngineError("published_broken_map", file=_name(url)) from None
                head, total = self._fetch(url, 0, max(more.size, 2 * len(head)))
        self._header_sizes[entry.country] = max(directory.header, self._header_sizes.get(entry.country, 0))
        return Header(url, directory, Piece(0, head[:directory.header]), total)

    def _cached_head(self, url: str) -> tuple[bytes, int] | None:
        """The first bytes of a map and its whole size, as far as they are cached."""
        known, head = self._cache.file(url), self._cache.head(url)
        return (head, known.total) if known and head else None

    def _check_age(self, url: str) -> None:
        """Ask an old file, once a run, whether it is still the same: one byte tells its version."""
        known = self._cache.file(url)
        if (known is None or self._offline or url in self._checked
                or time.time() - known.fetched < self._settings.keep_days * DAY):
            return
        self._checked.add(url)
        answer = self._fetcher.get(url, limit=FIRST_HEADER, span=(0, 1))
        self._cache.keep_file(url, CachedFile(answer.validator, answer.total or 0, time.time()))

    def _georeference(self, header: Header) -> Georeference:
        found = self._georeferences.get(header.directory.key)
        if found is None:
            found = read_georeference([header.head], header.total, _name(header.url))
            if found.crs != self._settings.crs:
                raise EngineError("published_wrong_crs", file=_name(header.url), crs=found.crs or "?",
                                  expected=self._settings.crs)
            if not found.dtype.startswith("float") or found.bands != 1:
                raise EngineError("published_not_scores", file=_name(header.url), dtype=found.dtype,
                                  bands=found.bands)
            self._georeferences[header.directory.key] = found
        return found

    def _piece(self, header: Header, start: int, stop: int) -> bytes:
        cached = self._cache.piece(header.url, start, stop)
        return cached if cached is not None else self._fetch(header.url, start, stop - start)[0]

    def _fetch(self, url: str, start: int, size: int) -> tuple[bytes, int]:
        """Ask for a part of a map and keep it; the file must be the one of which other parts are kept."""
        if self._offline:
            raise ServiceError("service_offline", file=_name(url))
        answer = self._fetcher.get(url, limit=size, span=(start, start + size), accept=(404,))
        if answer.status == 404:
            raise NoMap("published_no_map", file=_name(url))
        if answer.content_type.startswith("text/"):
            raise EngineError("published_not_tiff", file=_name(url))
        now = CachedFile(answer.validator, answer.total or len(answer.body), time.time())
        known = self._cache.file(url)
        self._cache.keep_file(url, now)
        self._cache.keep_piece(url, start, answer.body)
        if start and known and (known.validator, known.total) != (now.validator, now.total):
            raise _Changed
        return answer.body, now.total


class _Changed(Exception):
    """The file is not the one whose header was read."""


def _state(meaning: Meaning) -> State:
    return State.BELOW_FLOOR if meaning == "below_floor" else State.MISSING


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
