"""The score source that runs a model package on a cube."""

from __future__ import annotations

import threading
import time

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.block import Cube
from geoplantnet_plugin.engine.grid import Block
from geoplantnet_plugin.engine.models.domain import outside
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.scores.source import ScoredBlock


class LocalModel:
    """Scores of a model package; safe to call from two threads, so that one reads while the other infers."""

    def __init__(self, package: ModelPackage, cube: Cube, session: Session, keep: int, batch: int) -> None:
        self.taxa = package.taxa
        self.scale = package.card.scale
        self.seconds = {"read": 0.0, "infer": 0.0}
        self._card = package.card
        self._cube = cube
        self._session = session
        self._keep = keep
        self._batch = batch
        self._reading = threading.Lock()
        self._inferring = threading.Lock()

    def score(self, block: Block, inside: NDArray[np.bool_]) -> ScoredBlock:
        """Read and score the cells of `block` where `inside` (height, width) is true."""
        with self._reading:
            start = time.perf_counter()
            cube = self._cube.read(block, inside)
            self.seconds["read"] += time.perf_counter() - start
        with self._inferring:
            start = time.perf_counter()
            scores = self._session.rank(cube.inputs, self._keep, self._batch)
            extrapolated = outside(self._card, cube.inputs)
            self.seconds["infer"] += time.perf_counter() - start
        return ScoredBlock(cube.cells, scores, extrapolated)
