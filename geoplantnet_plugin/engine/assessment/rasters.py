"""The rasters of an assessment: indicators as COGs, species as one band-interleaved GeoTIFF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.assessment import BELOW_FLOOR_TAG, NODATA_CLASS, SCALE_TAG
from geoplantnet_plugin.engine.assessment.by_taxon import ByTaxon
from geoplantnet_plugin.engine.base.files import told_when_full, writing
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.where.grid import BLOCK_CELLS, Block, Grid, raster_window

if TYPE_CHECKING:
    from rasterio.io import DatasetWriter

Later = Callable[[Callable[[], None], Path], None]
"""Takes work that is done some time, and the file that it works on and deletes; see `beside`."""
BANDS_AT_ONCE = 64
"""Bands of ``species.tif`` written in one call: one by one, the calls take longer than the writing."""


@dataclass(frozen=True)
class Encoding:
    """How scores are stored as integers: ``score = stored × scale``.

    `below` is stored where a cell has data but the taxon lies below the cell's floor: low, yet not missing.
    """

    dtype: str
    scale: float
    nodata: int
    below: int
    highest: int

    def encode(self, values: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the stored integers of scores of any shape; −inf is below the floor, NaN is nodata."""
        missing = np.isnan(values)
        stored = np.clip(np.rint(np.where(missing, 0, values) / self.scale), self.below, self.highest)
        return np.where(missing, self.nodata, stored).astype(np.int64)


def encoding_of(scale: Scale) -> Encoding:
    """Return the encoding of a score scale: steps of 0.00002 for 0–1 scores, of 0.001 for logits."""
    if scale is Scale.LOGIT:
        return Encoding("int16", 1e-3, -32768, -32767, 32767)
    return Encoding("uint16", 2e-5, 65535, 0, 50000)


@dataclass
class IndicatorRaster:
    """An indicator being written block by block."""

    dataset: DatasetWriter
    grid: Grid
    nodata: float

    def write(self, block: Block, cells: NDArray[np.int32], values: NDArray[Any]) -> None:
        """Write `values` (n,) at the flat positions `cells` (n,) of `block`; all else is nodata."""
        tile = np.full(block.height * block.width, self.nodata, self.dataset.dtypes[0])
        tile[cells] = values
        self.dataset.write(tile.reshape(block.height, block.width), 1, window=raster_window(block))


@contextmanager
def indicator_raster(path: Path, grid: Grid, is_class: bool, title: str, tags: Mapping[str, str],
                     later: Later | None = None) -> Iterator[IndicatorRaster]:
    """Open an indicator for writing; it becomes a COG at `path` when the block ends well, by `later` where it is given.
    """
    nodata = NODATA_CLASS if is_class else float("nan")
    written = path.with_name(f".{path.stem}.blocks.tif")
    try:
        with told_when_full(path.parent), \
                create_raster(written, grid, 1, "uint8" if is_class else "float32", nodata) as dataset:
            dataset.set_band_description(1, title)
            dataset.update_tags(**tags)
            yield IndicatorRaster(dataset, grid, nodata)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    finish = partial(_to_cog, written, path, is_class)
    if later is None:
        finish()
    else:
        later(finish, written)


def _to_cog(written: Path, path: Path, is_class: bool) -> None:
    from rasterio.shutil import copy

    try:
        with writing(path) as cog:
            copy(written, cog, driver="COG", compress="DEFLATE", overview_resampling="mode" if is_class else "average")
    finally:
        written.unlink(missing_ok=True)


@contextmanager
def beside() -> Iterator[Later]:
    """Give what does work in threads beside all that follows, mostly compressing; at the end of the block all is done.

    Where the block does not end well, what has not begun by then is left out and its file deleted.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        started: list[tuple[Future[None], Path]] = []
        try:
            yield lambda work, file: started.append((pool.submit(work), file))
            for one, _ in started:
                one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for one, file in started:
                if one.cancelled():
                    file.unlink(missing_ok=True)
            raise


@dataclass
class SpeciesRaster:
    """The scores of the listed taxa being written block by block; `ids` (bands,) are taxa positions."""

    dataset: DatasetWriter
    encoding: Encoding
    ids: NDArray[np.int64]

    def write(self, block: Block, pieces: Iterable[ScoredBlock]) -> None:
        """Write the scores of one block, which come some cells at a time, some bands after the other."""
        background = np.full(block.height * block.width, self.encoding.nodata, self.encoding.dtype)
        entries = ByTaxon()
        for piece in pieces:
            background[piece.cells] = self.encoding.below
            self._enter(entries, piece.cells, piece.scores)
        bounds = [*range(0, len(self.ids), BANDS_AT_ONCE), len(self.ids)]
        for (first, end), (bands, place, stored) in zip(pairwise(bounds), entries.ranges(bounds), strict=True):
            tiles = np.tile(background, (end - first, 1))
            tiles[bands - first, place] = stored
            self.dataset.write(tiles.reshape(-1, block.height, block.width), list(range(first + 1, end + 1)),
                               window=raster_window(block))

    def _enter(self, entries: ByTaxon, cells: NDArray[np.int32], scores: RankedScores) -> None:
        highest = max(scores.ids.max(initial=0), self.ids.max(initial=0))
        band_of = np.full(highest + 1, len(self.ids), np.int32)
        band_of[self.ids] = np.arange(len(self.ids))
        stored = self.encoding.encode(scores.values).astype(self.encoding.dtype)
        entries.add(band_of[scores.ids.ravel()], np.repeat(cells.astype(np.uint16), scores.ids.shape[1]),
                    stored.ravel())


@contextmanager
def species_raster(path: Path, grid: Grid, scale: Scale, ids: Sequence[int], names: Sequence[str],
                   tags: Mapping[str, str]) -> Iterator[SpeciesRaster]:
    """Open ``species.tif`` for writing: one band a listed taxon, scaled integers, overviews when it is large.

    Band-interleaved on purpose: GDAL's COG driver interleaves by pixel, which thousands of bands do not bear.
    """
    from rasterio.enums import Resampling

    encoding = encoding_of(scale)
    with writing(path) as temporary, \
            create_raster(temporary, grid, len(ids), encoding.dtype, encoding.nodata) as dataset:
        dataset.descriptions = names
        dataset.scales = [encoding.scale] * len(ids)
        dataset.update_tags(**{SCALE_TAG: scale.value, BELOW_FLOOR_TAG: str(encoding.below)}, **tags)
        yield SpeciesRaster(dataset, encoding, np.asarray(ids, np.int64))
        factors = [2**level for level in range(1, 8) if max(grid.height, grid.width) >> level >= BLOCK_CELLS]
        if factors:
            dataset.build_overviews(factors, Resampling.nearest)


def create_raster(path: Path, grid: Grid, count: int, dtype: str, nodata: float, **options: Any) -> DatasetWriter:
    """Open a band-interleaved GeoTIFF for writing; `options` are GDAL's beside those that all rasters have."""
    import rasterio
    from rasterio.crs import CRS
    from rasterio.io import DatasetWriter

    class Writer(DatasetWriter):  # type: ignore[misc]
        """Knows its bands: rasterio lists them all anew for each that it writes, seconds with thousands of bands."""

        @cached_property
        def indexes(self) -> Sequence[int]:
            return range(1, self.count + 1)

        @cached_property
        def dtypes(self) -> Sequence[str]:
            return (dtype,) * int(self.count)

    with rasterio.Env():
        return Writer(
            str(path), "w", driver="GTiff", crs=CRS.from_user_input(grid.crs), transform=grid.transform,
            height=grid.height, width=grid.width, count=count, dtype=dtype, nodata=nodata, tiled=True,
            blockxsize=BLOCK_CELLS, blockysize=BLOCK_CELLS, interleave="band", compress="ZSTD", bigtiff="IF_SAFER",
            **{"zstd_level": 1, **options})
