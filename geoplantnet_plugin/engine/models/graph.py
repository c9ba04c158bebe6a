"""The ONNX graph of a package: opened within limits, compared with the card, given a TopK.

Models come from strangers: `foreign` says what a graph may hold. `onnx` is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.card import Card, ModelInput
from geoplantnet_plugin.engine.models.foreign import LOWEST_OPSET, RESERVED, external_bytes, foreign_parts

if TYPE_CHECKING:
    import onnx

MAX_GRAPH_BYTES = 2 * 1024**3 - 16 * 1024**2
"""What one protobuf message can hold, tensors included, with a little room for the TopK."""

KEEP, BEST, IDS, TOTAL, SHAPE = (f"{RESERVED}{name}" for name in ("keep", "best", "ids", "total", "shape"))


def load_graph(path: Path) -> onnx.ModelProto:
    """Read an ONNX file with its external tensors; raises `EngineError` beyond the limits."""
    import onnx
    from google.protobuf.message import DecodeError
    from onnx.external_data_helper import load_external_data_for_model

    if path.stat().st_size > MAX_GRAPH_BYTES:
        raise EngineError("model_graph_large", graph=path, limit=MAX_GRAPH_BYTES // 1024**2)
    try:
        model = onnx.load_model(str(path), format="protobuf", load_external_data=False)
    except (DecodeError, ValueError, OSError) as error:
        raise EngineError("model_graph_unreadable", graph=path) from error
    if not model.graph.node or not model.graph.output:
        raise EngineError("model_graph_unreadable", graph=path)
    for problem in foreign_parts(model, path):
        raise problem
    if path.stat().st_size + external_bytes(model, path) > MAX_GRAPH_BYTES:
        raise EngineError("model_graph_large", graph=path, limit=MAX_GRAPH_BYTES // 1024**2)
    try:
        load_external_data_for_model(model, str(path.parent))
    except (onnx.checker.ValidationError, ValueError, OSError) as error:
        raise EngineError("model_graph_unreadable", graph=path) from error
    return model


def graph_inputs(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    """Return the inputs that must be fed: old files list their weights among the inputs as well."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def graph_problems(model: onnx.ModelProto, card: Card, taxa: int) -> Iterator[EngineError]:
    """Yield one error for each way in which the graph contradicts the card or the number of taxa."""
    inputs = graph_inputs(model)
    given, wanted = [value.name for value in inputs], [entry.name for entry in card.inputs]
    if len(given) != len(wanted):
        yield EngineError("model_inputs_number", graph=len(given), card=len(wanted), names=given)
    elif set(given) != set(wanted):
        yield EngineError("model_inputs_names", graph=given, card=wanted)
    elif given != wanted:
        yield EngineError("model_inputs_order", graph=given, card=wanted)
    by_name = {value.name: value for value in inputs}
    for entry in card.inputs:
        if entry.name in by_name:
            yield from _input_problems(by_name[entry.name], entry)
    yield from _output_problems(model, card, taxa)


def input_shape(entry: ModelInput) -> tuple[int, ...]:
    """Return the shape of one cell's values of an input: channels, then rows and columns or time."""
    beyond = {"point": (), "patch": entry.size or (), "series": entry.time_shape}[entry.kind]
    return (len(entry.predictors), *beyond)


def shape_of(value: onnx.ValueInfoProto) -> list[int | str | None]:
    """Return the axes of a graph's input or output: a number, a name, or None where it is open."""
    return [axis.dim_value if axis.HasField("dim_value") else axis.dim_param or None
            for axis in value.type.tensor_type.shape.dim]


def _input_problems(value: onnx.ValueInfoProto, entry: ModelInput) -> Iterator[EngineError]:
    if type_of(value) != "float32":
        yield EngineError("model_input_dtype", input=entry.name, dtype=type_of(value))
    shape, wanted = shape_of(value), input_shape(entry)
    if shape and isinstance(shape[0], int):
        yield EngineError("model_input_batch", input=entry.name, batch=shape[0])
    if not _fits(shape[1:], wanted) or not shape:
        yield EngineError("model_input_shape", input=entry.name, kind=entry.kind,
                          graph=_shown(shape[1:]), card=_shown(wanted))


def _output_problems(model: onnx.ModelProto, card: Card, taxa: int) -> Iterator[EngineError]:
    outputs = {value.name: value for value in model.graph.output}
    value = outputs.get(card.output)
    if value is None:
        yield EngineError("model_output_missing", output=card.output, outputs=list(outputs))
        return
    if value.type.WhichOneof("value") == "sequence_type":
        yield EngineError("model_output_zipmap", output=card.output)
    elif type_of(value) != "float32":
        yield EngineError("model_output_dtype", output=card.output, dtype=type_of(value))
    shape = shape_of(value)
    if value.type.tensor_type.HasField("shape") and len(shape) != 2:
        yield EngineError("model_output_shape", output=card.output, shape=_shown(shape))
    elif shape and isinstance(shape[1], int) and shape[1] != taxa:
        yield EngineError("model_taxa_count", outputs=shape[1], taxa=taxa)


def type_of(value: onnx.ValueInfoProto) -> str:
    """Return the element type of an input or output as numpy names it, or what it is when no tensor."""
    import onnx

    kind = value.type.WhichOneof("value")
    if kind != "tensor_type":
        return str(kind).removesuffix("_type")
    name: str = onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type)
    return {"FLOAT": "float32", "DOUBLE": "float64"}.get(name, name.lower())


def _fits(shape: list[int | str | None], wanted: tuple[int, ...]) -> bool:
    return len(shape) == len(wanted) and all(not isinstance(axis, int) or axis == size
                                             for axis, size in zip(shape, wanted, strict=True))


def _shown(shape: Any) -> str:
    return " × ".join("?" if axis is None else str(axis) for axis in shape) or "—"


def append_topk(model: onnx.ModelProto, output: str) -> None:
    """Let the graph rank its own scores: outputs `BEST`, `IDS` of the `KEEP` best taxa, `TOTAL`, `SHAPE`.

    `KEEP` is an input, int64 (1,), so that one session serves every set rule. `TOTAL` (cells,) is the sum of
    all scores of a cell: it is NaN or infinite when any of them is, kept or not. `SHAPE` (2,) is that of the dense
    scores; they stay the only other output, for sets too large for TopK. Of equal scores the earlier taxon comes
    first (definition of TopK).
    """
    from onnx import TensorProto, helper

    versions = [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if not versions:
        model.opset_import.append(helper.make_opsetid("", LOWEST_OPSET))
    ids, axes = f"{IDS}_int64", f"{TOTAL}_axes"
    make, graph = helper.make_node, model.graph
    graph.node.extend([make("TopK", [output, KEEP], [BEST, ids], axis=1, largest=1, sorted=1),
                       make("Cast", [ids], [IDS], to=TensorProto.INT32),
                       make("Shape", [output], [SHAPE])])
    if versions and versions[0] >= 13:
        graph.initializer.append(helper.make_tensor(axes, TensorProto.INT64, [1], [1]))
        graph.node.append(make("ReduceSum", [output, axes], [TOTAL], keepdims=0))
    else:
        graph.node.append(make("ReduceSum", [output], [TOTAL], axes=[1], keepdims=0))
    graph.input.append(helper.make_tensor_value_info(KEEP, TensorProto.INT64, [1]))
    dense = next(value for value in graph.output if value.name == output)
    del graph.output[:]
    graph.output.append(dense)
    for name, kind, rank in ((BEST, TensorProto.FLOAT, 2), (IDS, TensorProto.INT32, 2),
                             (TOTAL, TensorProto.FLOAT, 1), (SHAPE, TensorProto.INT64, 1)):
        graph.output.append(helper.make_tensor_value_info(name, kind, [None] * rank))
