"""A graph taken apart at its encoders: what depends on one input alone, and the head that joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from geoplantnet_plugin.engine.models.graph import graph_inputs

if TYPE_CHECKING:
    import onnx


def encoder_of(model: onnx.ModelProto, source: str) -> onnx.ModelProto | None:
    """Return the part of a graph that depends on the input `source` alone: its outputs are the features.

    None where there is none: the input itself meets others.
    """
    features = _features(model, source)
    return between(model, [source], features) if features else None


def head_of(model: onnx.ModelProto, features: Mapping[str, Iterable[str]]) -> onnx.ModelProto:
    """Return the rest of a graph, which takes the `features` (by input) instead of these inputs."""
    given = [value.name for value in graph_inputs(model) if value.name not in features]
    return between(model, [*given, *chain.from_iterable(features.values())],
                   [output.name for output in model.graph.output])


def inner_graph(model: onnx.ModelProto) -> str:
    """Return an operator of the graph that holds graphs itself (If, Loop), so that it cannot be split; else nothing."""
    return next((node.op_type for node in model.graph.node if _has_graphs(node)), "")


def _has_graphs(node: onnx.NodeProto) -> bool:
    return any(attribute.graphs or attribute.HasField("g") for attribute in node.attribute)


def _features(model: onnx.ModelProto, source: str) -> list[str]:
    """Return where what depends on `source` alone meets other things; nothing where the input itself does."""
    needs: dict[str, frozenset[str]] = {value.name: frozenset([value.name]) for value in graph_inputs(model)}
    own, met = {source}, dict.fromkeys(output.name for output in model.graph.output)
    for node in model.graph.node:
        needed = frozenset[str]().union(*(needs.get(name, frozenset()) for name in node.input))
        needs.update(dict.fromkeys(node.output, needed))
        if needed == {source}:
            own.update(node.output)
        else:
            met.update(dict.fromkeys(node.input))
    return [] if source in met else [name for name in met if name in own]


def between(model: onnx.ModelProto, inputs: list[str], outputs: list[str]) -> onnx.ModelProto:
    """Return the part of a graph that leads from `inputs` to `outputs`; values between nodes are float32."""
    from onnx import TensorProto, ValueInfoProto, helper

    known: dict[str, ValueInfoProto] = {value.name: value for value in (*model.graph.input, *model.graph.output)}

    def value(name: str) -> ValueInfoProto:
        return known.get(name) or helper.make_tensor_value_info(name, TensorProto.FLOAT, None)

    wanted, nodes = set(outputs) - set(inputs), []
    for node in reversed(model.graph.node):
        if wanted & set(node.output):
            nodes.append(node)
            wanted |= set(node.input) - set(inputs)
    graph = helper.make_graph(nodes[::-1], "part", [value(name) for name in inputs], [value(name) for name in outputs],
                              [tensor for tensor in model.graph.initializer if tensor.name in wanted])
    graph.sparse_initializer.extend(tensor for tensor in model.graph.sparse_initializer if tensor.values.name in wanted)
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
