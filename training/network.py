"""The network: many small multi-label perceptrons side by side, averaged; PyTorch to train, ONNX to ship.

All taxa share the hidden layers, so that rare ones learn from the gradients of common ones. Everything a score
needs is inside the graph: standardisation, one-hot codes, squares and products, the members, their mean, the
calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.datasets import Plots

OPSET = 17
CLIP = 6.0
"""Standardised features are held within ± this many standard deviations, so that nothing explodes far outside the
plots."""


@dataclass(frozen=True)
class Group:
    """`members` perceptrons of `layers` hidden layers, `hidden` wide; `products` adds squares and products."""

    members: int
    hidden: int
    layers: int
    products: bool


class Features(nn.Module):
    """Raw predictors (n, p) → standardised numbers and one-hot codes, optionally with all pairwise products.

    A code that was not there in training gives zeros.
    """

    def __init__(self, plots: Plots, products: bool) -> None:
        super().__init__()
        self.numbers = [i for i, codes in enumerate(plots.categorical) if not codes]
        self.codes = {i: codes for i, codes in enumerate(plots.categorical) if codes}
        self.products = products
        self.pairs = list(zip(*np.triu_indices(len(self.numbers)))) if products else []
        numbers = torch.from_numpy(plots.values[:, self.numbers])
        self.register_buffer("mean", numbers.mean(0))
        self.register_buffer("spread", numbers.std(0).clamp_min(1e-6))
        squared = self._pairwise((numbers - self.mean) / self.spread)
        self.register_buffer("product_mean", squared.mean(0))
        self.register_buffer("product_spread", squared.std(0).clamp_min(1e-6))

    @property
    def width(self) -> int:
        """The number of features."""
        return len(self.numbers) + len(self.pairs) + sum(len(codes) for codes in self.codes.values())

    def _pairwise(self, numbers: Tensor) -> Tensor:
        if not self.pairs:
            return numbers[:, :0]
        first, second = (list(side) for side in zip(*self.pairs))
        return numbers[:, first] * numbers[:, second]

    def forward(self, values: Tensor) -> Tensor:
        """Return the features (n, width)."""
        numbers = (values[:, self.numbers] - self.mean) / self.spread
        parts = [numbers.clamp(-CLIP, CLIP)]
        if self.pairs:
            squared = (self._pairwise(numbers) - self.product_mean) / self.product_spread
            parts.append(squared.clamp(-CLIP, CLIP))
        for column, codes in self.codes.items():
            parts.append((values[:, column, None] == torch.tensor(codes, dtype=torch.float32)).float())
        return torch.cat(parts, 1)


class Members(nn.Module):
    """The perceptrons of a group, trained at once: weights (copies × members, in, out)."""

    def __init__(self, plots: Plots, group: Group, dropout: float, copies: int) -> None:
        super().__init__()
        self.features = Features(plots, group.products)
        self.dropout, self.copies = dropout, copies
        count = copies * group.members
        widths = [self.features.width, *[group.hidden] * group.layers, len(plots.taxa)]
        gains = [1.0] * group.layers + [0.5]
        self.weights = nn.ParameterList(
            torch.randn(count, a, b) * gain * (2 / a) ** 0.5 for a, b, gain in zip(widths, widths[1:], gains))
        self.biases = nn.ParameterList(torch.zeros(count, 1, b) for b in widths[1:])
        with torch.no_grad():
            self.biases[-1] += torch.logit(_smooth_prevalence(plots.present))

    def forward(self, values: Tensor) -> Tensor:
        """Return the logits of every member (copies, members, n, taxa)."""
        x = self.features(values).expand(len(self.weights[0]), -1, -1)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, x, weight)
            if layer < len(self.weights) - 1:
                x = nn.functional.dropout(torch.relu(x), self.dropout, self.training)
        return x.unflatten(0, (self.copies, -1))

    @torch.no_grad()
    def keep_first(self) -> None:
        """Drop all copies but the first."""
        for parameters in (self.weights, self.biases):
            for i, parameter in enumerate(parameters):
                parameters[i] = nn.Parameter(parameter[:len(parameter) // self.copies].clone())
        self.copies = 1


def _smooth_prevalence(present: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy((present.sum(0) + 0.5) / (len(present) + 1))


class Ensemble(nn.Module):
    """The mean logit of several groups (each the mean of its members), calibrated, as probabilities.

    While it is trained it may hold `copies` of itself, which see different plots (`recipe.fit`).
    """

    def __init__(self, plots: Plots, groups: Sequence[Group], dropout: float, copies: int = 1) -> None:
        super().__init__()
        self.groups = nn.ModuleList(Members(plots, group, dropout, copies) for group in groups)
        self.register_buffer("slope", torch.ones(()))
        self.register_buffer("shift", torch.zeros(()))

    def keep_first(self) -> None:
        """Drop all copies but the first."""
        for group in self.groups:
            group.keep_first()

    def calibrate(self, slope: float, shift: float) -> None:
        """Set the line that maps the mean logit to the calibrated one."""
        self.slope.fill_(slope)
        self.shift.fill_(shift)

    def logits(self, values: Tensor) -> Tensor:
        """Return the uncalibrated mean logit of every copy (copies, n, taxa)."""
        return torch.stack([group(values).mean(1) for group in self.groups]).mean(0)

    @torch.no_grad()
    def scores(self, values: NDArray[np.float32], chunk: int = 4096) -> NDArray[np.float32]:
        """Return the first copy's calibrated probabilities (n, taxa) of raw predictors (n, p)."""
        self.eval()
        parts = [torch.sigmoid(self.logits(torch.from_numpy(values[i:i + chunk]))[0] * self.slope + self.shift)
                 for i in range(0, len(values), chunk)]
        return torch.cat(parts).numpy()


class _Graph:
    """An ONNX graph under construction: nodes and constants in order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: Any, kind: type = np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, kind, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def columns(self, values: str, columns: Sequence[int]) -> str:
        return self.add("Gather", values, self.constant(columns, np.int64), axis=1)


def to_onnx(ensemble: Ensemble, plots: Plots) -> bytes:
    """Return the ensemble as an ONNX file: ``point`` (cells, predictors) → ``scores`` (cells, taxa), float32."""
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    logits = [_members(graph, members) for members in ensemble.groups]
    mean = graph.add("Mean", *logits)
    scaled = graph.add("Mul", mean, graph.constant(ensemble.slope.numpy()))
    graph.add("Sigmoid", graph.add("Add", scaled, graph.constant(ensemble.shift.numpy())), output="scores")
    shapes = [("point", len(plots.predictors)), ("scores", len(plots.taxa))]
    point, scores = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["cells", width])
                     for name, width in shapes)
    model = helper.make_model(helper.make_graph(graph.nodes, plots.name, [point], [scores], graph.constants),
                              opset_imports=[helper.make_opsetid("", OPSET)], producer_name="geoplantnet-train")
    model.ir_version = 8  # the version of opset 17, which older runtimes read too
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _members(graph: _Graph, members: Any) -> str:
    """Add a group and return its mean logit; the average of the last layer is one matrix product."""
    x = graph.add("Unsqueeze", _features(graph, members.features), graph.constant([0], np.int64))
    for weight, bias in list(zip(members.weights, members.biases))[:-1]:
        product = graph.add("MatMul", x, graph.constant(weight.detach().numpy()))
        x = graph.add("Relu", graph.add("Add", product, graph.constant(bias.detach().numpy())))
    weight, bias = (parameter[-1].detach().numpy() for parameter in (members.weights, members.biases))
    count, hidden, taxa = weight.shape
    beside = graph.add("Transpose", x, perm=[1, 0, 2])
    flat = graph.add("Reshape", beside, graph.constant([-1, count * hidden], np.int64))
    return graph.add("Gemm", flat, graph.constant(weight.reshape(-1, taxa) / count),
                     graph.constant(bias.mean(0)[0]))


def _features(graph: _Graph, features: Features) -> str:
    numbers = graph.columns("point", features.numbers)
    numbers = graph.add("Div", graph.add("Sub", numbers, graph.constant(features.mean.numpy())),
                        graph.constant(features.spread.numpy()))
    parts = [_clip(graph, numbers)]
    if features.pairs:
        first, second = (graph.columns(numbers, side) for side in zip(*features.pairs))
        centred = graph.add("Sub", graph.add("Mul", first, second), graph.constant(features.product_mean.numpy()))
        squared = graph.add("Div", centred, graph.constant(features.product_spread.numpy()))
        parts.append(_clip(graph, squared))
    for column, codes in features.codes.items():
        same = graph.add("Equal", graph.columns("point", [column]), graph.constant(codes))
        parts.append(graph.add("Cast", same, to=1))
    return graph.add("Concat", *parts, axis=1)


def _clip(graph: _Graph, values: str) -> str:
    return graph.add("Clip", values, graph.constant(np.float32(-CLIP)), graph.constant(np.float32(CLIP)))
