"""Parts: finished scores on disk, so that a crash, a full disk or a cancel loses only the block in hand."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.scores.quality import Quality, as_arrays, from_arrays, join
from geoplantnet_plugin.engine.scores.ranked import RankedScores, Scale
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.where.grid import Block

_NAME = re.compile(r"(\d+)-(\d+)-(\d+)\.npz")
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

    def load(self, block: Block) -> ScoredBlock:
        """Return all scores of a finished block, cells counted from the block's first row."""
        strips = [self._load(block, first, last) for first, last in sorted(self._rows[block.index])]
        return ScoredBlock(
            np.concatenate([strip.cells for strip in strips]),
            RankedScores(np.concatenate([strip.scores.ids for strip in strips]),
                         np.concatenate([strip.scores.values for strip in strips]), self.scale),
            np.concatenate([strip.outside for strip in strips]))

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

    def _load(self, block: Block, first: int, last: int) -> ScoredBlock:
        with np.load(self._path(block, first, last), allow_pickle=False) as part:
            return ScoredBlock((part["cells"] + first * block.width).astype(np.int32),
                               RankedScores(part["ids"].astype(np.int32), part["values"], self.scale),
                               part["outside"])


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
