"""Rasters over HTTP: GDAL reads them through byte ranges that are fetched in parallel and kept in the cache.

A file is divided into chunks of `CHUNK` bytes; only chunks that a window touches are asked for, never the whole
file. The bytes are a stranger's: only GDAL's GeoTIFF driver sees them, and it can open nothing but this one file.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.addresses import split_address
from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.cube.net.file import CHUNK, RemoteFile, block_spans, file_name
from geoplantnet_plugin.engine.cube.sampling import Window
from geoplantnet_plugin.engine.services.cache import Cache, CachedFile
from geoplantnet_plugin.engine.services.http import Answer, Fetcher
from geoplantnet_plugin.engine.services.settings import HttpSettings, allowed_hosts, read_services

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

GAP = 2
"""Chunks that are fetched although nobody needs them, because two requests would take longer."""
MOST_RUN = 256
"""Chunks in one request (8 MiB)."""
DAY = 86_400.0
LOOK = 0.2
"""Seconds between two looks at whether to stop."""
GDAL_OPTIONS = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
"""A file on the net has no side files."""
RANGE_NOT_SATISFIABLE = 416


def is_remote(path: str) -> bool:
    """Return whether a source is a web address."""
    return path.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class Known:
    """A file as its host states it: bytes, version (ETag or date), the date it was last changed (ISO, or blank)."""

    total: int
    validator: str
    modified: str


class Remote:
    """Opens GeoTIFFs by address; safe to use from many threads.

    Each host is asked for itself: nothing it says can lead to another. `keep_days` is the age up to which the
    cache is believed without asking. `listen` is called now and then while an answer is waited for; when it raises,
    everything under way is given up.
    """

    def __init__(self, cache: Cache, http: HttpSettings | None = None, keep_days: float = 0.0,
                 listen: Callable[[], None] | None = None) -> None:
        self._http = http or read_services().http
        self._cache = cache
        self._keep_days = keep_days
        self._listen = listen
        self._lock = threading.Lock()
        self._fetchers: dict[str, Fetcher] = {}
        self._known: dict[str, Known] = {}
        self._stopped = False

    @property
    def connections(self) -> int:
        """How many requests to a host may be under way."""
        return self._http.connections

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return sum(fetcher.requests for fetcher in self._fetchers.values())

    def stop(self) -> None:
        """Let every thread that waits for an answer end with `Cancelled`."""
        with self._lock:
            self._stopped = True
            for fetcher in self._fetchers.values():
                fetcher.stop()

    def close(self) -> None:
        """Close all connections."""
        self.stop()
        for fetcher in self._fetchers.values():
            fetcher.close()

    def fetcher(self, url: str) -> Fetcher:
        """Return what asks the host of `url`, and that host only.

        Raises:
            EngineError: ``service_bad_address``, or ``net_query_refused``: a query may hold a key, and addresses are
                written into results.
        """
        if split_address(url).query:
            raise EngineError("net_query_refused", address=url.partition("?")[0])
        hosts = allowed_hosts(url, ())
        host = next(iter(hosts))
        with self._lock:
            if self._stopped:
                raise Cancelled
            if host not in self._fetchers:
                self._fetchers[host] = Fetcher(self._http, hosts)
            return self._fetchers[host]

    def known(self, url: str) -> Known:
        """Return size and version of a file; its first chunk is then in the cache.

        Raises:
            ServiceError: the host cannot be used, or has no such file.
            EngineError: ``net_not_raster``, ``net_no_size``.
        """
        known = self._known.get(url)
        if known is None:
            cached = self._cache.file(url)
            fresh = cached is not None and time.time() - cached.fetched < self._keep_days * DAY
            if cached is None or not fresh or self._cache.piece(url, 0, min(CHUNK, cached.total)) is None:
                known = self._first_look(url)
            else:
                known = Known(cached.total, cached.validator, _day_of(cached.validator))
            self._known[url] = known
        return known

    def seen(self, url: str) -> bool:
        """Return whether the first chunk of a file is in the cache."""
        return self._cache.piece(url, 0, 1) is not None

    def _first_look(self, url: str) -> Known:
        answer = self._ask(url, 0, CHUNK)
        if not answer.total:
            raise EngineError("net_no_size", host=split_address(url).netloc, file=file_name(url))
        known = Known(answer.total, answer.validator, _day_of(answer.modified))
        self._cache.keep_file(url, CachedFile(known.validator, known.total, time.time()))
        self._cache.keep_piece(url, 0, answer.body)
        return known

    def small(self, url: str, most: int) -> bytes:
        """Return a whole file of at most `most` bytes, past the cache.

        Raises:
            ServiceError: the host cannot be used, or has no such file.
        """
        return self._heard(partial(self.fetcher(url).get, url, most)).body

    def _ask(self, url: str, start: int, stop: int) -> Answer:
        answer = self._heard(partial(self.fetcher(url).get, url, stop - start, span=(start, stop),
                                     accept=(RANGE_NOT_SATISFIABLE,)))
        if answer.status == RANGE_NOT_SATISFIABLE:
            raise EngineError("net_size_lied", host=split_address(url).netloc, file=file_name(url))
        if answer.content_type == "text/html":
            raise EngineError("net_not_raster", host=split_address(url).netloc, file=file_name(url))
        return answer

    def _heard(self, get: Callable[[], Answer]) -> Answer:
        """Do `get` in a thread of its own where somebody is to be listened to meanwhile."""
        if self._listen is None:
            return get()
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(get)
            try:
                while not wait([future], LOOK).done:
                    self._listen()
            except BaseException:
                self.stop()
                raise
            return future.result()

    def missing(self, url: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the byte ranges that are still to be asked for to have `spans` of a file (start, stop).

        Raises:
            EngineError: ``net_broken_raster``, a span lies outside the file.
        """
        total = self.known(url).total
        wanted: set[int] = set()
        for start, stop in spans:
            if not 0 <= start <= stop <= total:
                raise EngineError("net_broken_raster", file=file_name(url))
            wanted.update(range(start // CHUNK, -(-stop // CHUNK)))
        cached = self._cache.spans(url)
        runs: list[list[int]] = []
        for chunk in sorted(wanted):
            if (chunk * CHUNK, min((chunk + 1) * CHUNK, total)) in cached:
                continue
            if runs and chunk - runs[-1][1] <= GAP and chunk - runs[-1][0] < MOST_RUN:
                runs[-1][1] = chunk
            else:
                runs.append([chunk, chunk])
        return [(first * CHUNK, min((last + 1) * CHUNK, total)) for first, last in runs]

    def fetch(self, url: str, start: int, stop: int) -> bytes:
        """Ask for a range of whole chunks, keep and return it.

        Raises:
            EngineError: ``net_changed``, the file is no longer the one whose first chunk was read.
        """
        known = self.known(url)
        answer = self._ask(url, start, stop)
        if (answer.total, answer.validator) != (known.total, known.validator):
            self._cache.forget(url)
            raise EngineError("net_changed", host=split_address(url).netloc, file=file_name(url))
        if self._cache.file(url) is None:  # the cache had to make room
            self._cache.keep_file(url, CachedFile(known.validator, known.total, time.time()))
        self._cache.keep_pieces(url, [(start + at, answer.body[at:at + CHUNK])
                                      for at in range(0, len(answer.body), CHUNK)])
        return answer.body

    def fetch_all(self, url: str, spans: Sequence[tuple[int, int]]) -> None:
        """Ask for several ranges of whole chunks at the same time and keep them."""
        if len(spans) < 2:
            for span in spans:
                self.fetch(url, *span)
            return
        with ThreadPoolExecutor(min(len(spans), self.connections)) as pool:
            for answer in [pool.submit(self.fetch, url, *span) for span in spans]:
                answer.result()

    def chunk(self, url: str, number: int) -> bytes:
        """Return one chunk, from the cache or the net."""
        start, stop = number * CHUNK, min((number + 1) * CHUNK, self.known(url).total)
        cached = self._cache.piece(url, start, stop)
        return self.fetch(url, start, stop) if cached is None else cached

    @contextmanager
    def open(self, url: str) -> Iterator[DatasetReader]:
        """Open the GeoTIFF at `url`.

        What went wrong on the net comes out as its own sentence, whatever GDAL makes of it.

        Raises:
            EngineError: as `known` and `fetch`; ``net_not_raster``, it is no GeoTIFF; ``net_broken_raster``.
        """
        import rasterio
        from rasterio.errors import RasterioError

        file = RemoteFile(self.known(url).total, partial(self.chunk, url))
        name = f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.tif"
        opened = False
        try:
            with rasterio.Env(**GDAL_OPTIONS), rasterio.open(name, driver="GTiff", opener=file.opener(name)) as dataset:
                opened = True
                yield dataset
        except RasterioError as error:
            if file.error is not None:
                raise file.error from None
            code = "net_broken_raster" if opened else "net_not_raster"
            raise EngineError(code, host=split_address(url).netloc, file=file_name(url)) from error

    def ranges(self, url: str, dataset: DatasetReader, bands: Sequence[int], window: Window) -> list[tuple[int, int]]:
        """Return the byte ranges that are still to be asked for to read a window of `bands`."""
        return self.missing(url, block_spans(dataset, bands, window))


def _day_of(text: str) -> str:
    """The day of a Last-Modified header; blank where it is none."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError):
        return ""
