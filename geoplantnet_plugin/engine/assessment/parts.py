"""Parts: finished scores on disk, so that a crash, a full disk or a cancel loses only the block in hand."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_magic
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.scores.quality import Quality, as_arrays, from_arrays, join
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.where.grid import Block

_NAME = re.compile(r"(\d+)-(\d+)-(\d+)\.npz")
PIECE_SCORES = 1 << 18
"""Kept scores that are in memory together: 2 MB, which stay in a processor's cache."""
REQUIRED = {f"{name}.npy" for name in ("cells", "ids", "values", "outside")}


@dataclass
class Parts:
    """The parts of one assessment: each file holds the rows ``first…last`` of a block.

    Only blocks with cells in the area have parts; a block is finished when its parts cover all its rows.
    """

    folder: Path
    scale: Scale
    taxa: int

    def __post_init__(self) -> None:
        self._rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for _, index, first, last in sorted(own_parts(self.folder), key=lambda part: part[1:]):
            self._rows[index].append((first, last))

    @property
    def begun(self) -> bool:
        """Whether anything is scored yet."""
        return bool(self._rows)

    def next_row(self, block: Block) -> int:
        """Return the first row of `block` that is not yet scored (its height when it is finished)."""
        row = 0
        for first, last in sorted(self._rows[block.index]):
            if first == row:
                row = last
        return row

    def save(self, block: Block, strip: Block, scored: ScoredBlock) -> None:
        """Write the scores of `strip`, a band of rows of `block`."""
        first = strip.row - block.row
        last = first + strip.height
        ids = scored.scores.ids.astype(np.uint16 if self.taxa <= 1 << 16 else np.int32)
        self.folder.mkdir(parents=True, exist_ok=True)
        with writing(self._path(block, first, last)) as path, path.open("wb") as file:
            arrays = {"cells": scored.cells, "ids": ids, "values": scored.scores.values, "outside": scored.outside}
            if scored.quality:
                arrays |= as_arrays(scored.quality)
            if scored.states is not None:
                arrays["states"] = scored.states
            np.savez(file, **arrays)  # type: ignore[arg-type]
        self._rows[block.index].append((first, last))

    def load(self, block: Block, scores: int = PIECE_SCORES) -> Iterator[ScoredBlock]:
        """Yield the scores of a finished block, about so many at a time, cells counted from the block's first row.

        Where pieces begin does not depend on where strips ended. A block without a scored cell has one empty piece.
        """
        held: ScoredBlock | None = None
        for first, last in sorted(self._rows[block.index]):
            for some in self._read(self._path(block, first, last), first * block.width, scores):
                held = some if held is None else _joined(held, some)
                at_once = max(1, scores // held.scores.ids.shape[1])
                while len(held.cells) > at_once:
                    yield _part(held, slice(None, at_once))
                    held = _part(held, slice(at_once, None))
        if held is not None:
            yield held

    def load_quality(self, block: Block) -> tuple[NDArray[np.int32], Quality | None]:
        """Return the scored cells of a finished block and what is known of their predictors, without the scores."""
        cells, found = [], []
        for first, last in sorted(self._rows[block.index]):
            with np.load(self._path(block, first, last), allow_pickle=False) as part:
                cells.append((part["cells"] + first * block.width).astype(np.int32))
                if "quality_domain" in part:
                    found.append(from_arrays(part, first * block.width))
        return np.concatenate(cells), join(found) if found else None

    def states(self, blocks: Iterable[Block]) -> NDArray[np.int64] | None:
        """Return how many cells of finished blocks each taxon has in each `State` (taxa, 4); None if not told."""
        total: NDArray[np.int64] | None = None
        for path in (self._path(block, *rows) for block in blocks for rows in self._rows[block.index]):
            with np.load(path, allow_pickle=False) as part:
                if "states" in part:
                    total = part["states"] if total is None else total + part["states"]
        return total

    def finished(self, blocks: Iterable[Block]) -> list[Block]:
        """Return those of `blocks` that are scored to the last row."""
        return [block for block in blocks if self.next_row(block) == block.height]

    def _path(self, block: Block, first: int, last: int) -> Path:
        return self.folder / f"{block.index}-{first}-{last}.npz"

    def _read(self, path: Path, before: int, scores: int) -> Iterator[ScoredBlock]:
        """Yield what a part holds, some cells at a time; `before` positions of the block come before its own."""
        with zipfile.ZipFile(path) as archive, ExitStack() as stack:
            cells, ids, values, outside = (_Column(stack.enter_context(archive.open(f"{name}.npy")))
                                           for name in ("cells", "ids", "values", "outside"))
            at_once = max(1, scores // ids.shape[1])
            for first in range(0, max(1, len(cells)), at_once):
                rows = min(at_once, len(cells) - first)
                yield ScoredBlock(cells.next(rows).astype(np.int32) + np.int32(before),
                                  RankedScores(ids.next(rows).astype(np.int32), values.next(rows), self.scale),
                                  outside.next(rows))


class _Column:
    """An array of a part that is read from its first row to its last, some rows at a time."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        read_magic(stream)
        self.shape, _, self._dtype = read_array_header_1_0(stream)

    def __len__(self) -> int:
        return int(self.shape[0])

    def next(self, rows: int) -> NDArray[Any]:
        """Return the next rows."""
        row = self.shape[1:]
        size = rows * math.prod(row) * self._dtype.itemsize
        return np.frombuffer(self._stream.read(size), self._dtype).reshape(rows, *row)


def _part(scored: ScoredBlock, cells: slice) -> ScoredBlock:
    scores = scored.scores
    return ScoredBlock(scored.cells[cells], RankedScores(scores.ids[cells], scores.values[cells], scores.scale),
                       scored.outside[cells])


def _joined(one: ScoredBlock, other: ScoredBlock) -> ScoredBlock:
    return ScoredBlock(
        np.concatenate([one.cells, other.cells]),
        RankedScores(np.concatenate([one.scores.ids, other.scores.ids]),
                     np.concatenate([one.scores.values, other.scores.values]), one.scores.scale),
        np.concatenate([one.outside, other.outside]))


def own_parts(folder: Path) -> Iterator[tuple[Path, int, int, int]]:
    """Yield the parts in a folder with block, first row and end row; anything else there is no part."""
    for path in folder.glob("*.npz"):
        if match := _NAME.fullmatch(path.name):
            index, first, last = map(int, match.groups())
            yield path, index, first, last


def drop_damaged(folder: Path) -> int:
    """Delete parts that are cut short or damaged, and those after a gap; return how many: they are scored again."""
    dropped, ends = 0, defaultdict[int, int](int)
    for path, index, first, last in sorted(own_parts(folder), key=lambda part: part[1:]):
        if first == ends[index] and _is_whole(path):
            ends[index] = last
        else:
            path.unlink()
            dropped += 1
    return dropped


def _is_whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None and set(archive.namelist()) >= REQUIRED
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, zlib.error):
        return False


def remove_parts(folder: Path) -> None:
    """Delete the parts once the outputs made of them are in place; what else is in their folder stays."""
    for path, *_ in own_parts(folder):
        path.unlink()
    with suppress(OSError):
        folder.rmdir()


def strip_of(block: Block, first: int, rows: int) -> Block:
    """Return at most `rows` rows of `block` from its row `first` on."""
    return replace(block, row=block.row + first, height=min(rows, block.height - first))
