"""Rasters: pixels of bands as float32 with NaN for *missing*, from datasets that stay open."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from geoplantnet_plugin.engine.cube.net.remote import Remote, is_remote
from geoplantnet_plugin.engine.cube.opening import read_remote, remote
from geoplantnet_plugin.engine.cube.sampling import Values, Window
from geoplantnet_plugin.engine.cube.stored import read_stored

MAX_OPEN = 2000
"""Datasets kept open: a series has hundreds of files, and opening one takes milliseconds."""
OTHER_FILES = 200
"""Descriptors left for everything else in the process."""


def _most_open() -> int:
    """Return how many datasets may be open, raising the process's own limit of descriptors where it may."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MAX_OPEN
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_OPEN + OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MAX_OPEN
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(soft - OTHER_FILES, 1)


class Rasters:
    """A pool of open datasets. One thread at a time may read.

    `listen` is called while a host is waited for, and may raise `Cancelled`.
    """

    def __init__(self, listen: Callable[[], None] | None = None) -> None:
        self._listen = listen
        self._open: OrderedDict[str, Any] = OrderedDict()
        self._most = _most_open()
        self._net = ExitStack()
        self._remote: Remote | None = None

    def read(self, path: str, bands: Sequence[int], nodata: Sequence[float | None], window: Window,
             out_shape: tuple[int, int] | None = None) -> Values:
        """Return the stored values (bands, height, width) of a window, nearest when `out_shape` is smaller.

        Missing is what the file's mask or alpha says, what is `nodata` (one a band), and what is not finite or
        beyond `stored.HUGE`.

        Raises:
            rasterio.errors.RasterioError: the file is gone, cut short or damaged.
            EngineError: a file on the net cannot be read.
        """
        import rasterio

        with rasterio.Env():
            if is_remote(path):
                return read_remote(self._access(), path, bands, nodata, window, out_shape)
            return read_stored(self._dataset(path), bands, nodata, window, out_shape)

    def _dataset(self, path: str) -> Any:
        import rasterio

        if path not in self._open:
            if len(self._open) >= self._most:
                self._open.popitem(last=False)[1].close()
            self._open[path] = rasterio.open(path)
        self._open.move_to_end(path)
        return self._open[path]

    def _access(self) -> Remote:
        if self._remote is None:
            self._remote = self._net.enter_context(remote(self._listen))
        return self._remote

    def close(self) -> None:
        """Close all datasets and connections."""
        self._remote = None
        self._net.close()
        while self._open:
            self._open.popitem()[1].close()
