"""A zone: a network's layers rebuilt for one part of a patch, or for land that many patches share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.axes import Axis, Change, Common
from geoplantnet_plugin.engine.models.sharing.builder import Builder
from geoplantnet_plugin.engine.models.sharing.large_maps import filtered
from geoplantnet_plugin.engine.models.sharing.maps import COLS, ROWS, Layer, Maps, constants_of

if TYPE_CHECKING:
    import onnx

DILATED_POOLING = 19
"""The operator set in which average pooling can be dilated; what layers use has not changed since `LOWEST_OPSET`."""
STANDARD = ("", "ai.onnx")
Axes = tuple[Axis, Axis]


class Zones:
    """The zones of a patch's layers, each built and opened when it is first run.

    `model` is the whole graph, from which constants are taken; `start` opens a graph in ONNX Runtime.
    """

    def __init__(self, model: onnx.ModelProto, maps: Maps, start: Callable[[onnx.ModelProto], Any]) -> None:
        self.maps = maps
        self._model, self._start = model, start
        self._sessions: dict[Axes, Any] = {}

    def run(self, axes: Axes, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the map (n, channels, places, places) of pixels (n, bands, rows, columns)."""
        if axes not in self._sessions:
            self._sessions[axes] = self._start(zone_model(self._model, self.maps, axes))
        found: NDArray[np.float32] = self._sessions[axes].run(None, {self.maps.source: np.ascontiguousarray(values)})[0]
        return found

    def work(self, axes: Axes, pixels: tuple[int, ...]) -> int:
        """Return the multiplications that a zone takes on an input of so many `pixels` (rows, columns)."""
        found, total = follow(self.maps, axes), 0
        for layer in self.maps.layers:
            rows, cols = found[layer.node.output[0]]
            total += layer.work * rows.places(pixels[0]) * cols.places(pixels[1])
        return total


def follow(maps: Maps, axes: Axes) -> dict[str, Axes]:
    """Return rows and columns of every map of a zone whose input has `axes`."""
    found = {maps.source: axes}
    for layer in maps.layers:
        found[layer.node.output[0]] = _behind(maps, layer, found)[0]
    return found


def _behind(maps: Maps, layer: Layer, found: Mapping[str, Axes]) -> tuple[Axes, list[tuple[Change, Change]]]:
    """Return the axes behind a layer and, where it looks at the surroundings, what becomes of it."""
    rows, cols = found[layer.maps[0]]
    if layer.windows:
        spans = maps.spans[layer.maps[0]]
        (rows, down), (cols, along) = (axis.through(span, window) for axis, span, window
                                       in zip((rows, cols), spans, layer.windows, strict=True))
        return (rows, cols), [(down, along)]
    for name in layer.maps[1:]:
        rows, cols = rows.cuts(found[name][0])[0], cols.cuts(found[name][1])[0]
    return (rows, cols), []


def zone_model(model: onnx.ModelProto, maps: Maps, axes: Axes) -> onnx.ModelProto:
    """Return the graph of a zone: pixels (n, bands, rows, columns) → its last map."""
    from onnx import TensorProto, helper

    # Borders and corners are too small for filters to pay.
    large = all(isinstance(axis, Common) for axis in axes)
    builder = _layers(maps, axes, constants_of(model) if large else {})
    used = {name for node in builder.nodes for name in node.input}
    constants = [tensor for tensor in model.graph.initializer if tensor.name in used]
    makers = [node for node in model.graph.node if node.op_type == "Constant" and node.output[0] in used]
    tensor = helper.make_tensor_value_info
    graph = helper.make_graph([*makers, *builder.nodes], "zone",
                              [tensor(maps.source, TensorProto.FLOAT, ["cells", None, None, None])],
                              [tensor(maps.last, TensorProto.FLOAT, [None] * 4)], [*constants, *builder.constants])
    version = max([DILATED_POOLING, *(entry.version for entry in model.opset_import if entry.domain in STANDARD)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)],
                             ir_version=max(model.ir_version, 9))


def _layers(maps: Maps, axes: Axes, constants: Mapping[str, Any]) -> _Builder:
    found, builder = follow(maps, axes), _Builder("zone")
    for layer in maps.layers:
        (rows, cols), changes = _behind(maps, layer, found)
        inputs = list(layer.node.input)
        if changes:
            down, along = changes[0]
            inputs[0] = builder.cut(inputs[0], (down.cut, along.cut))
            builder.windowed(layer.node, inputs, changes[0], constants)
        else:
            starts = {name: (rows.cuts(found[name][0])[2], cols.cuts(found[name][1])[2]) for name in layer.maps}
            if len(layer.maps) > 1:
                alike = builder.alike(starts)
                inputs = [alike.get(name, name) for name in inputs]
            builder.copied(layer.node, inputs)
    return builder


class _Builder(Builder):
    """Nodes and constants of a zone, in order."""

    def cut(self, name: str, starts: tuple[int, int]) -> str:
        """Leave out places at the start of rows and columns."""
        if not any(starts):
            return name
        far = 2**31 - 1
        return self.add("Slice", name, self.numbers(*starts), self.numbers(far, far), self.numbers(ROWS, COLS))

    def alike(self, starts: Mapping[str, tuple[int, int]]) -> dict[str, str]:
        """Cut maps at their starts, then all to the size of the smallest; return their new names."""
        begun = {name: self.cut(name, start) for name, start in starts.items()}
        sizes = [self.add("Slice", self.add("Shape", name), self.numbers(ROWS), self.numbers(COLS + 1))
                 for name in begun.values()]
        least = self.add("Min", *sizes)
        return {name: self.add("Slice", cut, self.numbers(0, 0), least, self.numbers(ROWS, COLS))
                for name, cut in begun.items()}

    def windowed(self, node: Any, inputs: list[str], change: tuple[Change, Change], constants: Mapping[str, Any]
                 ) -> None:
        """Add an operator that looks at the surroundings, changed as its zone wants it."""
        from onnx import helper

        kept = [entry for entry in node.attribute if entry.name not in ("strides", "dilations", "pads", "auto_pad")]
        self.copied(node, inputs)
        made = self.nodes[-1]
        del made.attribute[:]
        made.attribute.extend([
            *kept, helper.make_attribute("strides", [axis.stride for axis in change]),
            helper.make_attribute("dilations", [axis.dilation for axis in change]),
            helper.make_attribute("pads", [axis.before for axis in change] + [axis.after for axis in change])])
        if quicker := filtered(made, constants):
            self.nodes[-1:] = quicker.nodes
            self.constants += quicker.constants

    def copied(self, node: Any, inputs: list[str]) -> None:
        """Add an operator as it is, on other inputs."""
        from onnx import NodeProto

        made = NodeProto()
        made.CopyFrom(node)
        made.input[:] = inputs
        self.nodes.append(made)
