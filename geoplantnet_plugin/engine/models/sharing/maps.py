"""The part of a graph that turns a patch into a map of features and takes its mean, if it is one that can be shared.

It can where every place of a map depends on its surroundings alone and in the same way: convolutions, pooling, what is
done to every value by itself, and sums or products of maps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.sharing.axes import Span, Window

if TYPE_CHECKING:
    import onnx

WINDOWED = frozenset({"Conv", "MaxPool", "AveragePool"})
POINTWISE = frozenset({"BatchNormalization", "Clip", "Dropout", "Elu", "Gelu", "HardSigmoid", "HardSwish", "Identity",
                       "LeakyRelu", "Mish", "PRelu", "Relu", "Selu", "Sigmoid", "Softplus", "Softsign", "Tanh"})
JOINING = frozenset({"Add", "Concat", "Div", "Max", "Min", "Mul", "Sub", "Sum"})
ROWS, COLS = 2, 3
"""The axes of a map, behind cells and channels."""


@dataclass(frozen=True)
class Layer:
    """One operator on maps; `windows` (rows, columns) for those that look at the surroundings."""

    node: onnx.NodeProto
    maps: tuple[str, ...]
    windows: tuple[Window, Window] | None
    work: int
    """Multiplications for one place of its result."""


@dataclass
class Maps:
    """The layers from the input `source` to the map `last`, of which the graph takes the mean as `mean`.

    `spans` gives rows and columns of every map; `keeps` says whether the mean stays (cells, channels, 1, 1).
    """

    source: str
    layers: list[Layer] = field(default_factory=list)
    spans: dict[str, tuple[Span, Span]] = field(default_factory=dict)
    last: str = ""
    mean: str = ""
    keeps: bool = True


def find_maps(model: onnx.ModelProto, source: str, size: tuple[int, int], constants: Mapping[str, Any]) -> Maps:
    """Return the layers between the patch input `source`, of `size` (rows, columns), and the mean over its last map.

    `constants` are the graph's by name.

    Raises:
        EngineError: ``sharing_operator``, ``sharing_mean`` or ``sharing_field``: why this patch cannot be shared.
    """
    maps = Maps(source, spans={source: (Span(size[0]), Span(size[1]))})
    means = []
    for node in model.graph.node:
        known = tuple(name for name in node.input if name in maps.spans)
        if not known:
            continue
        if _is_mean(node, constants):
            means.append(node)
            continue
        layer = _layer(node, known, constants)
        if layer is None:
            raise EngineError("sharing_operator", input=source, operator=node.op_type)
        maps.layers.append(layer)
        maps.spans[node.output[0]] = _spans(layer, maps.spans)
    if len(means) != 1 or any(output.name in maps.spans for output in model.graph.output):
        raise EngineError("sharing_mean", input=source)
    maps.last, maps.mean = means[0].input[0], means[0].output[0]
    maps.keeps = attributes_of(means[0]).get("keepdims", 1) == 1
    if min(span.shared for span in maps.spans[maps.last]) < 1:
        raise EngineError("sharing_field", input=source, size=list(size))
    return maps


def _layer(node: onnx.NodeProto, known: tuple[str, ...], constants: Mapping[str, Any]) -> Layer | None:
    """Return the operator as a layer, None where it is none."""
    others = [name for name in node.input if name and name not in known]
    if any(name not in constants for name in others):
        return None
    if node.op_type in WINDOWED:
        windows = windows_of(node, constants)
        work = int(np.prod(constants[node.input[1]].shape)) if node.op_type == "Conv" else 0
        return Layer(node, known, windows, work) if windows else None
    if node.op_type in JOINING and all(_alike_everywhere(constants[name]) for name in others):
        along_channels = node.op_type != "Concat" or attributes_of(node)["axis"] in (1, -3)
        return Layer(node, known, None, 0) if along_channels else None
    flat = node.op_type != "PRelu" or all(_alike_everywhere(constants[name]) for name in others)
    return Layer(node, known, None, 0) if node.op_type in POINTWISE and flat else None


def _alike_everywhere(constant: Any) -> bool:
    """Whether a constant that meets a map has one value for all its places."""
    return bool(constant.size == 1 or constant.shape[-2:] == (1, 1))


def windows_of(node: onnx.NodeProto, constants: Mapping[str, Any]) -> tuple[Window, Window] | None:
    """Return how an operator looks along rows and columns, None where that is not written in its attributes."""
    found = attributes_of(node)
    kernel = found.get("kernel_shape") or list(constants[node.input[1]].shape[2:])
    if len(kernel) != 2 or found.get("ceil_mode") or found.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID"):
        return None
    pads = found.get("pads") or [0] * 4
    strides, dilations = found.get("strides") or [1, 1], found.get("dilations") or [1, 1]
    rows, cols = (Window(kernel[axis], strides[axis], dilations[axis], pads[axis], pads[axis + 2]) for axis in (0, 1))
    return rows, cols


def _spans(layer: Layer, spans: Mapping[str, tuple[Span, Span]]) -> tuple[Span, Span]:
    rows, cols = spans[layer.maps[0]]
    if layer.windows:
        return rows.through(layer.windows[0]), cols.through(layer.windows[1])
    for name in layer.maps[1:]:
        rows, cols = rows.joined(spans[name][0]), cols.joined(spans[name][1])
    return rows, cols


def _is_mean(node: onnx.NodeProto, constants: Mapping[str, Any]) -> bool:
    if node.op_type == "GlobalAveragePool":
        return True
    if node.op_type != "ReduceMean":
        return False
    axes = attributes_of(node).get("axes")
    if axes is None and len(node.input) > 1 and node.input[1] in constants:
        axes = constants[node.input[1]].tolist()
    return axes is not None and sorted(axis % 4 for axis in axes) == [ROWS, COLS]


def attributes_of(node: onnx.NodeProto) -> dict[str, Any]:
    """Return the attributes of an operator by name."""
    from onnx import helper

    return {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}


def constants_of(model: onnx.ModelProto) -> dict[str, Any]:
    """Return the constants of a graph by name, as arrays."""
    from onnx import numpy_helper

    return dict(_constants(model, numpy_helper.to_array))


def _constants(model: onnx.ModelProto, to_array: Any) -> Iterator[tuple[str, Any]]:
    for tensor in model.graph.initializer:
        yield tensor.name, to_array(tensor)
    for node in model.graph.node:
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    yield node.output[0], to_array(attribute.t)
