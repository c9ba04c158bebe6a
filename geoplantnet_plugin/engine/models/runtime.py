"""Running a model: predictors in, ranked scores out, one batch dense at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.block import CellValues
from geoplantnet_plugin.engine.models.batches import Batches, Listen
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.models.graph import (
    BEST,
    IDS,
    KEEP,
    SHAPE,
    TOTAL,
    append_topk,
    graph_problems,
    input_shape,
    load_graph,
)
from geoplantnet_plugin.engine.models.normalise import normalise
from geoplantnet_plugin.engine.models.package import ModelPackage
from geoplantnet_plugin.engine.models.running import CPU, Running, provider_of
from geoplantnet_plugin.engine.models.sharing.encoders import Encoders
from geoplantnet_plugin.engine.scores.ranked import RankedScores

if TYPE_CHECKING:
    import onnx

Take = Callable[[slice, NDArray[np.float32]], None]

MAX_BATCH = 512
"""Batches run beside each other, one a processor, so several of them should make a strip."""
DEVICE_BATCH = 4096
"""Batches of a graphics card run one after the other: each is to keep all of it busy."""
SCORES_BYTES = 8 * 1024**2
"""Dense scores of one batch: beyond what a processor's cache holds, larger batches get slower."""
MOST_IN_GRAPH = 64
"""Up to so many taxa a cell the graph ranks its own scores; ONNX Runtime's TopK gets slow beyond (for 550 of 11,255
it takes longer than the network)."""
SLACK, LEAST_ALLOWANCE = 4, 512 * 1024**2
ROWS_AT_ONCE = 64
"""Cells that one thread ranks at once: their scores fit in a core's own cache."""
PIXEL_BYTES = 1024
"""Feature maps alive at once in a convolutional network: 256 float32 channels a pixel of a patch."""


def go_on() -> None:
    """Nobody wants to stop."""


class Session:
    """An open model.

    `device` names the ONNX Runtime provider to run it (``cpu``, ``cuda``, ``dml``, ``coreml`` …), `provider` is the one
    in use, `threads` the number of batches that run at once: scores do not depend on it.
    Raises `EngineError` when the graph is beyond the limits (`graph.load_graph`), contradicts the card or the
    taxa, cannot be run, or when a device is asked for that this machine does not have or cannot start.
    """

    def __init__(self, package: ModelPackage, threads: int | None = None,
                 device: str = CPU) -> None:
        self.package = package
        self.provider = provider_of(device)
        self.on_cpu = device.lower() == CPU
        self.threads = (threads or _usable_processors()) if self.on_cpu else 1
        self._batches = Batches(self.threads)
        start = partial(Running, provider=self.provider, name=package.card.name)
        self.encoders = Encoders(_checked_graph(package), package.card.inputs, start, self._batches)
        append_topk(self.encoders.head, package.card.output)
        # One thread inside the graph: how an operator is cut among threads changes its last bits
        self._running = start(self.encoders.head, 1)

    def batch(self, memory: int) -> int:
        """Return how many cells fit in a batch when one runs on each thread within `memory` bytes; see `batch_for`.

        What a batch takes is an estimate: the graph is stopped at several times as much.
        """
        self._running.allowance = max(LEAST_ALLOWANCE, SLACK * memory)
        return batch_for(memory // self.threads, len(self.package.taxa), self._whole_inputs(), self.on_cpu)

    def rank(self, inputs: Mapping[str, CellValues], keep: int, batch: int, listen: Listen = go_on,
             only: NDArray[np.int64] | None = None) -> RankedScores:
        """Score n cells and keep the `keep` best taxa of each, `batch` cells at a time.

        `inputs` holds, for each input of the card, float32 values in the predictors' units, (n, predictors),
        (n, bands, height, width) or (n, bands, time…). `listen` is called now and then and may raise `Cancelled`.
        `only` are the numbers of the cells to score: the others are encoded, with what they share, and left out.
        Raises `EngineError` for inputs that are missing or of another shape and for scores that are not a number.
        """
        cells = _check_inputs(self.package.card.inputs, inputs)
        features, whole = self.encoders.features(inputs, listen) if cells else {}, self._whole_inputs()
        if only is not None:
            cells, features = len(only), {name: found[only] for name, found in features.items()}
            inputs = {entry.name: inputs[entry.name][only] for entry in whole}
        keep = min(keep, len(self.package.taxa))
        ids = np.empty((cells, keep), np.int32)
        values = np.empty((cells, keep), np.float32)

        def run(part: slice) -> None:
            values[part], ids[part] = self._run(self._feed(inputs, features, part), keep)

        self._batches.run(run, cells, batch, listen)
        return RankedScores(ids, values, self.package.card.scale)

    def of_taxon(self, inputs: Mapping[str, CellValues], taxon: int, batch: int, listen: Listen = go_on
                 ) -> NDArray[np.float32]:
        """Return the scores (n,) of one taxon, by its position in the taxa table; inputs and errors as `rank`."""
        values = np.empty(len(next(iter(inputs.values()), ())), np.float32)

        def take(part: slice, scores: NDArray[np.float32]) -> None:
            values[part] = scores[:, taxon]

        self.each(inputs, take, batch, listen)
        return values

    def each(self, inputs: Mapping[str, CellValues], take: Take, batch: int, listen: Listen = go_on) -> None:
        """Give `take` the scores of all taxa, (cells, taxa), of each batch, from several threads; otherwise as `rank`.
        """
        cells = _check_inputs(self.package.card.inputs, inputs)
        features = self.encoders.features(inputs, listen) if cells else {}

        def run(part: slice) -> None:
            take(part, self._outputs(self._feed(inputs, features, part), [self.package.card.output], 1)[0])

        self._batches.run(run, cells, batch, listen)

    def _feed(self, inputs: Mapping[str, CellValues], features: Mapping[str, NDArray[np.float32]], part: slice
              ) -> dict[str, NDArray[np.float32]]:
        """Return what the head takes of some cells."""
        feed = {entry.name: normalise(entry, inputs[entry.name][part]) for entry in self._whole_inputs()}
        return feed | {name: found[part] for name, found in features.items()}

    def _whole_inputs(self) -> list[ModelInput]:
        """The inputs that the head takes as they are."""
        return [entry for entry in self.package.card.inputs if entry.name not in self.encoders.names]

    def _run(self, feed: dict[str, NDArray[np.float32]], keep: int
             ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        if keep <= MOST_IN_GRAPH:
            values, ids = self._outputs(feed, [BEST, IDS], keep)
            return values, ids
        return self._best(self._outputs(feed, [self.package.card.output], 1)[0], keep)

    def _outputs(self, feed: dict[str, NDArray[np.float32]], wanted: list[str], keep: int) -> list[Any]:
        """Return outputs of the graph, the best `keep` among them; scores that are not a number are refused."""
        name, rows, taxa = self.package.card.name, len(next(iter(feed.values()))), len(self.package.taxa)
        keeping = {KEEP: np.array([keep], np.int64)}
        *scores, total, shape = self._running.run([*wanted, TOTAL, SHAPE], {**feed, **keeping})
        if tuple(shape) != (rows, taxa):
            raise EngineError("model_scores_shape", rows=shape[0], outputs=shape[1], cells=rows, taxa=taxa)
        wrong = np.isnan(total) | (total == np.inf)
        if wrong.any():
            raise EngineError("model_scores_nan", model=name, cells=int(wrong.sum()))
        return scores

    def _best(self, dense: NDArray[np.float32], keep: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Rank dense scores, so many cells at a time as fit in a core's own cache."""
        scale = self.package.card.scale
        parts = [RankedScores.from_dense(part, keep, scale)
                 for part in np.array_split(dense, -(-len(dense) // ROWS_AT_ONCE))]
        return np.concatenate([part.values for part in parts]), np.concatenate([part.ids for part in parts])


def batch_for(memory: int, taxa: int, inputs: Sequence[ModelInput] = (), on_cpu: bool = True) -> int:
    """Return how many cells fit in one batch within `memory` bytes.

    Counted are the dense scores (twice: once more in their ranking) and, for patches and series, the feature
    maps of a convolutional network; no more than is quick on the device.
    """
    pixels = sum(int(np.prod(input_shape(entry)[1:])) for entry in inputs if entry.kind != "point")
    fitting = memory // (8 * taxa + PIXEL_BYTES * (1 + pixels))
    quick = min(SCORES_BYTES // (4 * taxa), MAX_BATCH) if on_cpu else DEVICE_BATCH
    return int(np.clip(fitting, 1, max(1, quick)))


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _checked_graph(package: ModelPackage) -> onnx.ModelProto:
    model = load_graph(package.graph)
    for problem in graph_problems(model, package.card, len(package.taxa)):
        raise problem
    return model


def _check_inputs(entries: Sequence[ModelInput], inputs: Mapping[str, CellValues]) -> int:
    cells = {len(values) for values in inputs.values()}
    for entry in entries:
        values = inputs.get(entry.name)
        wanted = input_shape(entry)
        if values is None or values.dtype != np.float32 or values.shape[1:] != wanted or len(cells) > 1:
            found = "nothing" if values is None else f"{values.dtype} {values.shape}"
            raise EngineError("model_input_values", input=entry.name, found=found,
                              wanted=f"float32 {('n', *wanted)}".replace("'", ""))
    return cells.pop()
