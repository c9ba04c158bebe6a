"""The encoders of a model that run apart from its head, each as seldom as it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.block import Patches
from geoplantnet_plugin.engine.models.batches import Batches, Listen
from geoplantnet_plugin.engine.models.card import ModelInput
from geoplantnet_plugin.engine.models.graph import input_shape
from geoplantnet_plugin.engine.models.normalise import normalise
from geoplantnet_plugin.engine.models.sharing.maps import constants_of, find_maps
from geoplantnet_plugin.engine.models.sharing.patches import SharedPatches
from geoplantnet_plugin.engine.models.sharing.repeats import Features, SeriesEncoder
from geoplantnet_plugin.engine.models.sharing.rough import RoughPatches
from geoplantnet_plugin.engine.models.sharing.small_maps import with_small_maps
from geoplantnet_plugin.engine.models.sharing.split import encoder_of, head_of, inner_graph
from geoplantnet_plugin.engine.models.sharing.zones import Zones

if TYPE_CHECKING:
    import onnx

Speed = Literal["exact", "balanced", "fast"]
SPEEDS: tuple[Speed, ...] = get_args(Speed)
Values = NDArray[np.float32]
Start = Callable[..., Any]


class Encoders:
    """The encoders of a graph, and its `head`, which takes their features instead of their inputs.

    `notes` say why a patch is encoded cell by cell, in the head; `start` opens a graph in ONNX Runtime for so many
    threads. `speed` may be changed at any time: see `rough`.
    """

    def __init__(self, model: onnx.ModelProto, inputs: Sequence[ModelInput], start: Start, batches: Batches) -> None:
        self.speed: Speed = "exact"
        self._inputs = {entry.name: entry for entry in inputs}
        self.notes: list[EngineError] = []
        self._patches: dict[str, SharedPatches] = {}
        self._series: dict[str, SeriesEncoder] = {}
        self.head = self._split(model, start, batches)

    @property
    def names(self) -> set[str]:
        """The inputs that are encoded here."""
        return {*self._patches, *self._series}

    @property
    def shares_patches(self) -> bool:
        """Whether patches are encoded together, so that there is a choice of `speed`."""
        return bool(self._patches)

    def features(self, inputs: Mapping[str, Values | Patches], listen: Listen) -> Features:
        """Return all features of n cells, whose `inputs` are those of `Session.rank`."""
        found: Features = {}
        for name, series in self._series.items():
            found |= series.encode(normalise(self._inputs[name], np.asarray(inputs[name])), listen)
        for name, patches in self._patches.items():
            found[patches.mean] = self._encode(patches, self._inputs[name], inputs[name], listen)
        return found

    def _split(self, model: onnx.ModelProto, start: Start, batches: Batches) -> onnx.ModelProto:
        inner, features = inner_graph(model), {}
        for entry in self._inputs.values():
            if entry.kind == "patch":
                try:
                    patches = _patches(model, entry, inner, partial(start, threads=batches.threads))
                except EngineError as note:
                    self.notes.append(note)
                    continue
                self._patches[entry.name], features[entry.name] = patches, [patches.mean]
            elif len(self._inputs) > 1 and not inner and (series := _series(model, entry, start, batches)):
                self._series[entry.name], features[entry.name] = series, series.outputs
        return head_of(model, features) if features else model

    def _encode(self, patches: SharedPatches, entry: ModelInput, values: Values | Patches, listen: Listen) -> Values:
        if not isinstance(values, Patches):
            return patches.each(normalise(entry, values), listen)
        encoder = patches if self.speed == "exact" else RoughPatches(patches, self.speed)
        parts = [(cells, encoder.encode(normalise(entry, lattice.mosaic[None])[0], lattice.tops, lattice.lefts, listen))
                 for cells, lattice in values.lattices()]
        found = np.empty((len(values), *parts[0][1].shape[1:]), np.float32)
        for cells, part in parts:
            found[cells] = part
        return found


def _patches(model: onnx.ModelProto, entry: ModelInput, inner: str, start: Callable[[onnx.ModelProto], Any]
             ) -> SharedPatches:
    if inner or entry.size is None:
        raise EngineError("sharing_operator", input=entry.name, operator=inner)
    return SharedPatches(Zones(model, find_maps(model, entry.name, entry.size, constants_of(model)), start))


def _series(model: onnx.ModelProto, entry: ModelInput, start: Start, batches: Batches) -> SeriesEncoder | None:
    encoder = encoder_of(model, entry.name) if entry.kind == "series" else None
    if encoder is None:
        return None
    try:
        quick = with_small_maps(encoder, entry.name, input_shape(entry))
        series = SeriesEncoder(entry.name, start(quick, threads=1), batches)
    except EngineError:  # what meets the other inputs is no floating-point number
        return None
    return series if series.gives_features(input_shape(entry)) else None
