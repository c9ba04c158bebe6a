"""Opening rasters: files on disk and addresses on the net alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.addresses import local_file
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.remote import Remote, is_remote
from geoplantnet_plugin.engine.cube.sampling import Values, Window
from geoplantnet_plugin.engine.cube.stored import alpha_bands, read_stored
from geoplantnet_plugin.engine.services.cache import open_cache

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


@contextmanager
def remote(listen: Callable[[], None] | None = None) -> Iterator[Remote]:
    """Give access to the net, with the user's cache; every file is asked once whether it is still the same.

    `listen` is called while an answer is waited for, and may raise `Cancelled`.
    """
    with open_cache() as cache:
        access = Remote(cache, listen=listen)
        try:
            yield access
        finally:
            access.close()


@contextmanager
def open_raster(path: str, listen: Callable[[], None] | None = None) -> Iterator[DatasetReader]:
    """Open a raster for its header; `listen` as in `remote`.

    Raises:
        rasterio.errors.RasterioError: a file on disk cannot be read.
        EngineError: one on the net cannot.
    """
    with open_dated(path, listen) as (dataset, _):
        yield dataset


@contextmanager
def open_dated(path: str, listen: Callable[[], None] | None = None) -> Iterator[tuple[DatasetReader, str]]:
    """Open a raster as `open_raster` does, with the day it was last changed (ISO; blank where a host says none)."""
    import rasterio

    if is_remote(path):
        with remote(listen) as access, access.open(path) as dataset:
            yield dataset, access.known(path).modified
    else:
        with rasterio.open(path) as dataset:
            yield dataset, date.fromtimestamp(_newest(path)[1] / 1e9).isoformat()


def read_remote(access: Remote, path: str, bands: Sequence[int], nodata: Sequence[float | None], window: Window,
                out_shape: tuple[int, int] | None) -> Values:
    """Return the stored values of a window as `read_stored` does; only the parts it needs are asked for.

    Raises:
        EngineError: the file cannot be read.
    """
    with access.open(path) as dataset:
        if out_shape is None:
            access.fetch_all(path, access.ranges(path, dataset, [*bands, *alpha_bands(dataset)], window))
        return read_stored(dataset, bands, nodata, window, out_shape)


def identity(path: str, listen: Callable[[], None] | None = None) -> tuple[object, ...]:
    """Return what tells one version of a raster from another: size and date, on the net size and ETag or date."""
    if is_remote(path):
        with remote(listen) as access:
            known = access.known(path)
            return path, known.total, known.validator
    return path, *_newest(path)


def _newest(path: str) -> tuple[int, int]:
    """Return size and date (ns) of the file behind a path or address; of a folder that is one raster, of all in it."""
    place = local_file(path) or Path(path)
    states = [file.stat() for file in (place.rglob("*") if place.is_dir() else (place,))]
    return sum(state.st_size for state in states), max((state.st_mtime_ns for state in states), default=0)


def read_failed(predictor: str, path: str, error: Exception) -> EngineError:
    """Return the sentence for a raster of a predictor that can no longer be read, with the reason that a host gave."""
    if isinstance(error, EngineError):
        return EngineError("net_read_failed", predictor=predictor, file=path, reason=str(error))
    return EngineError("cube_read_failed", predictor=predictor, file=path)
