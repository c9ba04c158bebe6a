"""Where the tiles of a cloud-optimised GeoTIFF are: just enough of TIFF 6.0 and BigTIFF to ask for them.

GDAL decodes the tiles (`window`); it needs the file's header and these tiles, nothing else of the file. The bytes
are a stranger's: every position is checked before it is used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

MOST_HEADER = 32_000_000
MOST_TILES = 4_000_000
MOST_TILE_SIDE = 4096

_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS = 256, 257, 322, 323, 324, 325
_FRAME = (258, 277, 339, 33550, 33922, 34264, 34735, 34736, 34737)
"""Sample type and the tags of GeoTIFF: files that agree in them hold the same kind of pixels in the same place."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {3: "u2", 4: "u4", 16: "u8"}

_OPTIONS = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
"""A map has no side files."""

_REGION = ('<SubfileRegion><Filename relative="0">{file}</Filename><DestinationOffset>{start}</DestinationOffset>'
           "<SourceOffset>{source}</SourceOffset><RegionLength>{length}</RegionLength></SubfileRegion>")


class MoreHeader(Exception):
    """The header goes on: its first `size` bytes are needed."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


@dataclass(frozen=True)
class Piece:
    """Bytes of a file from `start` on."""

    start: int
    body: bytes


@dataclass(frozen=True)
class Directory:
    """The first image of a TIFF: its size, its tiles and where they are in the file.

    `offsets` and `lengths` have one entry a tile, row by row; a length of 0 is a tile without data. `header` is
    the number of bytes from the file's start that hold all this; `key` is the same for files of one frame.
    """

    width: int
    height: int
    tile_width: int
    tile_height: int
    offsets: NDArray[np.uint64]
    lengths: NDArray[np.uint64]
    header: int
    key: bytes

    @property
    def tiles_across(self) -> int:
        """Number of tiles in a row of tiles."""
        return -(-self.width // self.tile_width)

    def spans(self, tiles: Sequence[int], gap: int) -> list[tuple[int, int]]:
        """Return the parts of the file (start, stop) that hold `tiles`; parts closer than `gap` bytes are joined."""
        parts = sorted((int(self.offsets[tile]), int(self.offsets[tile]) + int(self.lengths[tile]))
                       for tile in tiles if self.lengths[tile])
        joined: list[tuple[int, int]] = []
        for start, stop in parts:
            if joined and start - joined[-1][1] <= gap:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
            else:
                joined.append((start, stop))
        return joined


def read_directory(head: bytes, name: str) -> Directory:
    """Read the first image directory from the first bytes of a file.

    Raises:
        MoreHeader: `head` is too short.
        EngineError: it is no tiled TIFF of one image with sensible sizes.
    """
    return _Reader(head, name).directory()


class _Reader:
    def __init__(self, head: bytes, name: str) -> None:
        self._head, self._name, self._end = head, name, 0
        if head[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            raise EngineError("published_not_tiff", file=name)
        self._order = "<" if head[:2] == b"II" else ">"
        self._big = b"+" in head[:4]

    def directory(self) -> Directory:
        tags = self._tags()
        width, height, tile_width, tile_height = (
            int(self._numbers(tags, tag, 1)[0]) for tag in (_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT))
        if not (0 < tile_width <= MOST_TILE_SIDE and 0 < tile_height <= MOST_TILE_SIDE and width and height):
            raise EngineError("published_not_tiled", file=self._name)
        count = -(-width // tile_width) * -(-height // tile_height)
        if count > MOST_TILES:
            raise EngineError("published_not_tiled", file=self._name)
        offsets, lengths = self._numbers(tags, _OFFSETS, count), self._numbers(tags, _COUNTS, count)
        key = struct.pack("4q", width, height, tile_width, tile_height) + b"".join(
            struct.pack("q", tag) + self._bytes(tags[tag]) for tag in _FRAME if tag in tags)
        return Directory(width, height, tile_width, tile_height, offsets, lengths, self._end, key)

    def _tags(self) -> dict[int, tuple[int, int, int]]:
        """Tag → type, count, position of the values."""
        (first,) = self._unpack("Q", 8) if self._big else self._unpack("I", 4)
        (count,) = self._unpack("Q", first) if self._big else self._unpack("H", first)
        start, step, layout = (first + 8, 20, "HHQ") if self._big else (first + 2, 12, "HHI")
        if count > 4096:
            raise EngineError("published_not_tiff", file=self._name)
        tags = {}
        for position in range(start, start + count * step, step):
            tag, kind, values = self._unpack(layout, position)
            field = position + struct.calcsize("<" + layout)
            inline = _SIZES.get(kind, 1) * values <= (8 if self._big else 4)
            (where,) = (field,) if inline else self._unpack("Q" if self._big else "I", field)
            tags[tag] = (kind, values, where)
        self._need(start + count * step + (8 if self._big else 4))
        return tags

    def _numbers(self, tags: dict[int, tuple[int, int, int]], tag: int, count: int) -> NDArray[np.uint64]:
        if tag not in tags or tags[tag][0] not in _NUMBERS or tags[tag][1] != count:
            raise EngineError("published_not_tiled", file=self._name)
        return np.frombuffer(self._bytes(tags[tag]), self._order + _NUMBERS[tags[tag][0]]).astype(np.uint64)

    def _bytes(self, entry: tuple[int, int, int]) -> bytes:
        kind, count, where = entry
        size = _SIZES.get(kind, 1) * count
        self._need(where + size)
        return self._head[where:where + size]

    def _unpack(self, layout: str, where: int) -> tuple[int, ...]:
        layout = self._order + layout
        self._need(where + struct.calcsize(layout))
        return struct.unpack_from(layout, self._head, where)

    def _need(self, stop: int) -> None:
        if stop > MOST_HEADER:
            raise EngineError("published_not_tiff", file=self._name)
        if stop > len(self._head):
            raise MoreHeader(stop)
        self._end = max(self._end, stop)


@dataclass(frozen=True)
class Georeference:
    """Where a map lies: CRS (as EPSG code where it has one), affine coefficients a…f, declared nodata."""

    crs: str
    transform: tuple[float, float, float, float, float, float]
    nodata: float | None
    dtype: str
    bands: int


def read_georeference(pieces: Sequence[Piece], total: int, name: str) -> Georeference:
    """Return the georeference of a file of `total` bytes of which `pieces` are there."""
    with _opened(pieces, total, name) as dataset:
        code = dataset.crs.to_epsg() if dataset.crs else None
        crs = f"EPSG:{code}" if code else (dataset.crs.to_string() if dataset.crs else "")
        return Georeference(crs, tuple(dataset.transform)[:6], dataset.nodata, dataset.dtypes[0], dataset.count)


def read_window(pieces: Sequence[Piece], total: int, name: str, rows: tuple[int, int], cols: tuple[int, int]
                ) -> tuple[NDArray[np.float32], float | None]:
    """Return the pixels of a window (rows, cols) as float32 and the declared nodata value.

    Raises:
        EngineError: the tiles cannot be decoded.
    """
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    with _opened(pieces, total, name) as dataset:
        try:
            window = Window.from_slices(rows, cols)
            return dataset.read(1, window=window, out_dtype="float32"), dataset.nodata
        except RasterioError as error:
            raise EngineError("published_broken_map", file=name) from error


def prepare_thread() -> None:
    """Set GDAL up once for a thread that reads many windows: doing so for each takes a third of the time."""
    import rasterio

    rasterio.Env(**_OPTIONS).__enter__()  # for the life of the thread


@contextmanager
def _opened(pieces: Sequence[Piece], total: int, name: str) -> Iterator[DatasetReader]:
    """GDAL's view of a file of which only `pieces` are there (its ``/vsisparse/``): the rest reads as zeros."""
    import rasterio
    from rasterio.env import hasenv
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile

    with MemoryFile(b"".join(piece.body for piece in pieces), ext="bin") as packed:
        regions, position = [], 0
        for piece in pieces:
            regions.append(_REGION.format(file=escape(packed.name), start=piece.start, source=position,
                                          length=len(piece.body)))
            position += len(piece.body)
        sparse = f"<VSISparseFile><Length>{total}</Length>{''.join(regions)}</VSISparseFile>"
        with (MemoryFile(sparse.encode(), ext="xml") as described,
              nullcontext() if hasenv() else rasterio.Env(**_OPTIONS)):
            try:
                dataset = rasterio.open(f"/vsisparse/{described.name}", driver="GTiff")
            except RasterioError as error:
                raise EngineError("published_broken_map", file=name) from error
            with dataset:
                yield dataset
