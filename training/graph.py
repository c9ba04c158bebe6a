"""From a fitted model to ONNX. Everything a score needs is inside the graph: it takes raw predictor values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.datasets.plots import Plots
from training.features import CLIP, Features
from training.parts import FLOOR, Forest, Linear

OPSET, TREES_OPSET = 17, 3


class Graph:
    """An ONNX graph under construction: nodes and constants in order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: Any, kind: type = np.float32) -> str:
        """Add a constant and return its name."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, kind, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        from onnx import helper

        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def columns(self, values: str, columns: Sequence[int]) -> str:
        """Add a choice of columns."""
        return self.add("Gather", values, self.constant(columns, np.int64), axis=1)

    def clip(self, values: str, low: float, high: float) -> str:
        """Hold values within limits."""
        return self.add("Clip", values, self.constant(np.float32(low)), self.constant(np.float32(high)))

    def scaled(self, values: str, factor: Any, shift: Any) -> str:
        """Return values × factor + shift."""
        return self.add("Add", self.add("Mul", values, self.constant(factor)), self.constant(shift))

    def file(self, name: str, inputs: dict[str, tuple[int, ...]], taxa: int) -> bytes:
        """Return the ONNX file: `inputs` by name with a cell's shape → ``scores`` (cells, taxa), float32."""
        import onnx
        from onnx import TensorProto, helper

        given, (scores,) = ([helper.make_tensor_value_info(key, TensorProto.FLOAT, ["cells", *shape])
                             for key, shape in part.items()] for part in (inputs, {"scores": (taxa,)}))
        opsets = [helper.make_opsetid("", OPSET)]
        if any(node.op_type == "TreeEnsembleRegressor" for node in self.nodes):
            domain = "ai.onnx.ml"
            opsets.append(helper.make_opsetid(domain, TREES_OPSET))
        model = helper.make_model(helper.make_graph(self.nodes, name, given, [scores], self.constants),
                                  opset_imports=opsets, producer_name="geoplantnet-train")
        model.ir_version = 8  # the version of opset 17, which older runtimes read too
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def to_onnx(fitted: Any, plots: Plots) -> bytes:
    """Return a `recipe.Fitted` as an ONNX file: ``point`` (cells, predictors) → ``scores`` (cells, taxa)."""
    graph = Graph()
    logits = graph.add("Mean", *(members(graph, group) for group in fitted.ensemble.groups))
    total = graph.add("Mul", logits, graph.constant(np.float32(fitted.mix.network)))
    for weight, part, add in ((fitted.mix.forest, fitted.forest, _forest), (fitted.mix.linear, fitted.linear, _linear)):
        if part is not None:
            total = graph.add("Add", total, graph.add("Mul", add(graph, part), graph.constant(np.float32(weight))))
    graph.add("Sigmoid", graph.scaled(total, fitted.slope, fitted.shift), output="scores")
    return graph.file(plots.name, {"point": (len(plots.predictors),)}, len(plots.taxa))


def members(graph: Graph, group: Any) -> str:
    """Add a group of perceptrons and return its mean logit; the average of the last layer is one matrix product."""
    x = graph.add("Unsqueeze", features(graph, group.features), graph.constant([0], np.int64))
    for weight, bias in list(zip(group.weights, group.biases))[:-1]:
        product = graph.add("MatMul", x, graph.constant(weight.detach().numpy()))
        x = graph.add("Relu", graph.add("Add", product, graph.constant(bias.detach().numpy())))
    weight, bias = (parameter[-1].detach().numpy() for parameter in (group.weights, group.biases))
    count, hidden, taxa = weight.shape
    beside = graph.add("Transpose", x, perm=[1, 0, 2])
    flat = graph.add("Reshape", beside, graph.constant([-1, count * hidden], np.int64))
    return graph.add("Gemm", flat, graph.constant(weight.reshape(-1, taxa) / count),
                     graph.constant(bias.mean(0)[0]))


def features(graph: Graph, wanted: Features) -> str:
    """Add the features of the input ``point``."""
    numbers = graph.columns("point", wanted.numbers)
    numbers = graph.add("Div", graph.add("Sub", numbers, graph.constant(wanted.mean.numpy())),
                        graph.constant(wanted.spread.numpy()))
    parts = [graph.clip(numbers, -CLIP, CLIP)]
    if wanted.pairs:
        first, second = (graph.columns(numbers, side) for side in zip(*wanted.pairs))
        centred = graph.add("Sub", graph.add("Mul", first, second), graph.constant(wanted.product_mean.numpy()))
        squared = graph.add("Div", centred, graph.constant(wanted.product_spread.numpy()))
        parts.append(graph.clip(squared, -CLIP, CLIP))
    parts += [_codes(graph, column, codes) for column, codes in wanted.codes.items()]
    return graph.add("Concat", *parts, axis=1)


def _codes(graph: Graph, column: int, codes: Sequence[int]) -> str:
    return graph.add("Cast", graph.add("Equal", graph.columns("point", [column]), graph.constant(codes)), to=1)


def _forest(graph: Graph, forest: Forest) -> str:
    parts = [_codes(graph, column, codes) if codes else graph.columns("point", [column])
             for column, codes in enumerate(forest.plots.categorical)]
    share = graph.add("TreeEnsembleRegressor", graph.add("Concat", *parts, axis=1), domain="ai.onnx.ml",
                      **forest.attributes())
    share = graph.clip(share, FLOOR, 1 - FLOOR)
    odds = graph.add("Div", share, graph.add("Sub", graph.constant(np.float32(1)), share))
    return graph.add("Log", odds)


def _linear(graph: Graph, linear: Linear) -> str:
    return graph.add("Gemm", features(graph, linear.features), graph.constant(linear.weight),
                     graph.constant(linear.bias))
