"""A file on the net as GDAL reads it, and where its pixels are in it."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.addresses import split_address
from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.cube.sampling import Window

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

CHUNK = 32_768
"""Bytes of a chunk: a header mostly fits one, and a tile's first and last are seldom wasted."""
HELD = 64
"""Chunks that an open file holds in memory."""


def file_name(url: str) -> str:
    """Return the last part of an address, without its query."""
    return split_address(url).path.rpartition("/")[2]


def block_spans(dataset: DatasetReader, bands: Sequence[int], window: Window) -> Iterator[tuple[int, int]]:
    """Yield where the tiles or strips of a window are in the file, as GDAL knows them; not those without data."""
    height, width = dataset.block_shapes[0]
    whole = dataset.profile.get("interleave") == "pixel"
    for band in bands[:1] if whole else bands:
        for row in range(window.row // height, -(-(window.row + window.height) // height)):
            for col in range(window.col // width, -(-(window.col + window.width) // width)):
                start = dataset.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=band)
                size = dataset.get_tag_item(f"BLOCK_SIZE_{col}_{row}", "TIFF", bidx=band)
                if start and size:
                    yield int(start), int(start) + int(size)


class RemoteFile(io.RawIOBase):
    """A file of `size` bytes on the net as GDAL reads it; `fetch` gives a chunk by its number.

    A fault is kept in `error`, since GDAL would only say that it cannot read.
    """

    def __init__(self, size: int, fetch: Callable[[int], bytes]) -> None:
        super().__init__()
        self._size = size
        self._fetch = fetch
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._at = 0
        self.error: EngineError | Cancelled | None = None

    def opener(self, name: str) -> Any:
        """Return the opener for rasterio: it knows this file under `name` and no other."""

        def opened(path: str, mode: str = "rb", **_: Any) -> RemoteFile:
            if path.rpartition("/")[2] != name or "w" in mode or "a" in mode:
                raise FileNotFoundError(path)
            self._at = 0
            return self

        return opened

    def close(self) -> None:
        """GDAL opens and closes the file as it likes."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        stop = self._size if size < 0 else min(self._at + size, self._size)
        pieces = []
        try:
            while self._at < stop:
                number, skip = divmod(self._at, CHUNK)
                piece = self._chunk(number)[skip:skip + stop - self._at]
                if not piece:
                    break
                pieces.append(piece)
                self._at += len(piece)
        except (EngineError, Cancelled) as error:
            self.error = self.error or error
            return b""
        return b"".join(pieces)

    def _chunk(self, number: int) -> bytes:
        if number not in self._held:
            if len(self._held) >= HELD:
                self._held.popitem(last=False)
            self._held[number] = self._fetch(number)
        return self._held[number]
