"""From a model of an atlas (`atlas.FittedAtlas`) to ONNX: raw predictors in, chances at the stated effort out."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from training.atlas_field import Field
from training.datasets.plots import POINT, Plots
from training.graph import Graph
from training.surroundings import CLIP


def atlas_to_onnx(fitted: Any, plots: Plots) -> bytes:
    """Return the ONNX file: ``point`` and the patch → ``scores`` (cells, taxa). Weights are stored in half precision.

    The effort is a constant of the graph, folded into the first layer's bias.
    """
    graph = Graph()
    patch, place = plots.more
    x = _features(graph, fitted.surroundings, patch.entry.name)
    effort = float(fitted.effort_at(np.array([fitted.level])))
    total = graph.add("Mean", *(_member(graph, member, x, effort) for member in fitted.members))
    if fitted.field is not None:
        total = graph.add("Add", total, _field(graph, fitted.field, place.entry.name))
    graph.add("Sigmoid", total, output="scores")
    shapes = {one.entry.name: one.values.shape[1:] for one in plots.more}
    return graph.file(plots.name, {POINT: plots.values.shape[1:], **shapes}, len(plots.taxa))


def _features(graph: Graph, wanted: Any, patch: str) -> str:
    mean, spread = wanted.mean.numpy(), wanted.spread.numpy()
    parts = [graph.add("Div", graph.add("Sub", POINT, graph.constant(mean)), graph.constant(spread))]
    known = graph.add("Cast", graph.add("Greater", patch, graph.constant(wanted.missing + 1)), to=1)
    centred = graph.add("Sub", patch, graph.constant(mean[:, None, None]))
    scaled = graph.add("Mul", graph.add("Div", centred, graph.constant(spread[:, None, None])), known)
    for window in wanted.windows:
        start = (wanted.side - window) // 2
        there, inside = (_window(graph, values, start, window) for values in (known, scaled))
        count = graph.add("Max", _sum(graph, there), graph.constant(np.float32(1)))
        average = graph.add("Div", _sum(graph, inside), count)
        squares = graph.add("Div", _sum(graph, graph.add("Mul", inside, inside)), count)
        variance = graph.add("Sub", squares, graph.add("Mul", average, average))
        deviation = graph.add("Sqrt", graph.add("Max", variance, graph.constant(np.float32(0))))
        land = graph.add("Div", graph.columns(_sum(graph, there), [0]), graph.constant(np.float32(window * window)))
        parts += [average, deviation, land]
    raw = graph.add("Concat", *parts, axis=1)
    standard = graph.add("Div", graph.add("Sub", raw, graph.constant(wanted.centre.numpy())),
                         graph.constant(wanted.width.numpy()))
    return graph.clip(standard, -CLIP, CLIP)


def _window(graph: Graph, values: str, start: int, side: int) -> str:
    bounds = ([start, start], [start + side, start + side], [2, 3])
    return graph.add("Slice", values, *(graph.constant(one, np.int64) for one in bounds))


def _sum(graph: Graph, values: str) -> str:
    return graph.add("ReduceSum", values, graph.constant([2, 3], np.int64), keepdims=0)


def _member(graph: Graph, network: Any, x: str, effort: float) -> str:
    linear = [layer for layer in network if isinstance(layer, nn.Linear)]
    for number, layer in enumerate(linear):
        weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
        if number == 0:
            bias, weight = bias + weight[:, -1] * effort, weight[:, :-1]
        x = graph.add("Gemm", x, _half(graph, weight), graph.constant(bias), transB=1)
        if number < len(linear) - 1:
            x = graph.add("Relu", x)
    return x


def _field(graph: Graph, field: Field, place: str) -> str:
    """Add the correction at a place: tents along both axes, their products, two factors of the field."""
    east, north = (_tents(graph, graph.columns(place, [i]), axis, field.spacing)
                   for i, axis in enumerate((field.columns, field.rows)))
    shares = graph.add("Mul", graph.add("Unsqueeze", north, graph.constant([2], np.int64)),
                       graph.add("Unsqueeze", east, graph.constant([1], np.int64)))
    flat = graph.add("Flatten", shares, axis=1)
    return graph.add("MatMul", graph.add("MatMul", flat, _half(graph, field.nodes)), _half(graph, field.taxa))


def _tents(graph: Graph, values: str, axis: Any, spacing: float) -> str:
    away = graph.add("Abs", graph.add("Sub", values, graph.constant(axis)))
    share = graph.add("Sub", graph.constant(np.float32(1)), graph.add("Div", away, graph.constant(np.float32(spacing))))
    return graph.add("Max", share, graph.constant(np.float32(0)))


def _half(graph: Graph, weight: Any) -> str:
    """Return weights kept in half precision: a file of half the size. ONNX Runtime widens them once, at the start."""
    return graph.add("Cast", graph.constant(weight, np.float16), to=1)
