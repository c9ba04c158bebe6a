"""What the graph of a stranger's model may hold: operators of the ONNX standard that always give the same, no functions
of its own, tensors outside the file only when they lie in the package's folder, and none of the names that we add.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.errors import EngineError

if TYPE_CHECKING:
    import onnx

LOWEST_OPSET = 11
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
RANDOM = frozenset(("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial",
                    "Bernoulli"))
RESERVED = "geoplantnet_"
"""How the inputs and outputs begin that are added to a graph."""


def foreign_parts(model: onnx.ModelProto, path: Path) -> Iterator[EngineError]:
    """Yield an error for each thing that the graph read from `path` may not hold."""
    import onnx

    for opset in model.opset_import:
        highest = onnx.defs.onnx_opset_version()
        if opset.domain in ("", "ai.onnx") and not LOWEST_OPSET <= opset.version <= highest:
            yield EngineError("model_graph_opset", opset=opset.version, lowest=LOWEST_OPSET, highest=highest)
    for function in model.functions:
        yield EngineError("model_graph_operator", operator=function.name, domain=function.domain)
    for graph in _graphs(model.graph):
        yield from _foreign_nodes(graph)
        for tensor in _external(graph):
            if _file_of(tensor, path) is None:
                yield EngineError("model_graph_external", location=_location(tensor))


def external_bytes(model: onnx.ModelProto, path: Path) -> int:
    """Return the size of what the graph read from `path` names beside it."""
    files = (_file_of(tensor, path) for graph in _graphs(model.graph) for tensor in _external(graph))
    return sum(file.stat().st_size for file in files if file)


def _foreign_nodes(graph: onnx.GraphProto) -> Iterator[EngineError]:
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.domain not in DOMAINS:
            yield EngineError("model_graph_operator", operator=node.op_type, domain=node.domain)
        if node.op_type in RANDOM or _drops(node, constants):
            yield EngineError("model_graph_random", operator=node.op_type)
    for name in _names(graph):
        if name.startswith(RESERVED):
            yield EngineError("model_graph_reserved", name=name, reserved=RESERVED)


def _drops(node: onnx.NodeProto, constants: dict[str, onnx.TensorProto]) -> bool:
    """Whether a Dropout is in training mode, as far as a constant says so."""
    from onnx import numpy_helper

    mode = constants.get(node.input[2]) if node.op_type == "Dropout" and len(node.input) > 2 else None
    return mode is not None and not _external_data(mode) and bool(numpy_helper.to_array(mode).any())


def _names(graph: onnx.GraphProto) -> Iterator[str]:
    yield from (value.name for value in (*graph.input, *graph.output))
    yield from (tensor.name for tensor in graph.initializer)
    yield from (name for node in graph.node for name in node.output)


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (*attribute.graphs, *((attribute.g,) if attribute.HasField("g") else ())):
                yield from _graphs(inner)


def _external(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    sparse = (part for tensor in graph.sparse_initializer for part in (tensor.values, tensor.indices))
    held = (tensor for node in graph.node for attribute in node.attribute
            for tensor in (*attribute.tensors, *((attribute.t,) if attribute.HasField("t") else ())))
    for tensor in (*graph.initializer, *sparse, *held):
        if _external_data(tensor):
            yield tensor


def _external_data(tensor: onnx.TensorProto) -> bool:
    import onnx

    return bool(tensor.data_location == onnx.TensorProto.EXTERNAL)


def _location(tensor: onnx.TensorProto) -> str:
    return str({entry.key: entry.value for entry in tensor.external_data}.get("location", ""))


def _file_of(tensor: onnx.TensorProto, path: Path) -> Path | None:
    """Return the file of a tensor, None where it is not in the folder of the graph."""
    location = _location(tensor)
    home, file = path.parent.resolve(), (path.parent / location).resolve()
    return file if location and file.is_relative_to(home) and file.is_file() else None
