"""From a model with several inputs (`staged.Joined`) to ONNX: layers are translated one by one."""

from __future__ import annotations

from typing import Any

from torch import nn

from training.datasets.plots import POINT, Plots
from training.encoders import Point
from training.features import CLIP
from training.graph import Graph, features


def joined_to_onnx(joined: Any, plots: Plots) -> bytes:
    """Return the ONNX file: an input a modality, by its name → ``scores`` (cells, taxa)."""
    graph = Graph()
    logits = graph.add("Mean", *(_member(graph, member) for member in joined.members))
    graph.add("Sigmoid", graph.scaled(logits, joined.slope, joined.shift), output="scores")
    point = {POINT: (len(plots.predictors),)} if plots.predictors else {}
    return graph.file(plots.name, {**point, **{one.entry.name: one.values.shape[1:] for one in plots.more}},
                      len(plots.taxa))


def _member(graph: Graph, member: Any) -> str:
    encoded = [_layers(graph, _standardised(graph, part), part.body) for part in member.parts]
    return _layers(graph, graph.add("Concat", *encoded, axis=1), [member.head])


def _standardised(graph: Graph, part: Any) -> str:
    if isinstance(part, Point):
        return features(graph, part.features)
    centred = graph.add("Sub", part.name, graph.constant(part.mean.numpy()))
    return graph.clip(graph.add("Div", centred, graph.constant(part.spread.numpy())), -CLIP, CLIP)


def _layers(graph: Graph, x: str, layers: Any) -> str:
    for layer in layers:
        if isinstance(layer, nn.Linear):
            weight, bias = (graph.constant(p.detach().numpy()) for p in (layer.weight, layer.bias))
            x = graph.add("Gemm", x, weight, bias, transB=1)
        elif isinstance(layer, (nn.Conv1d, nn.Conv2d)):
            weight, bias = (graph.constant(p.detach().numpy()) for p in (layer.weight, layer.bias))
            x = graph.add("Conv", x, weight, bias, pads=[*layer.padding] * 2)
        elif isinstance(layer, nn.MaxPool2d):
            x = graph.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        elif isinstance(layer, nn.AdaptiveAvgPool2d):
            x = graph.add("GlobalAveragePool", x)
        elif isinstance(layer, nn.ReLU):
            x = graph.add("Relu", x)
        elif isinstance(layer, nn.Flatten):
            x = graph.add("Flatten", x, axis=1)
        elif not isinstance(layer, nn.Dropout):  # dropout does nothing when it is not trained
            raise TypeError(f"no translation for {layer}")
    return x
