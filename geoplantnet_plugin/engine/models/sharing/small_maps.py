"""Winograd's filters for the small maps of a series, whose size is known.

A map goes into its products, and these go back, by one matrix for rows and columns together. An axis shorter than its
kernel changes places with it: two rows under a kernel of three take three products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geoplantnet_plugin.engine.models.sharing.axes import Window
from geoplantnet_plugin.engine.models.sharing.builder import Builder
from geoplantnet_plugin.engine.models.sharing.maps import constants_of
from geoplantnet_plugin.engine.models.sharing.winograd import POINTS, Kernel, Matrix, kernel_of, pays, toom_cook

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True)
class Filter:
    """One axis: the map goes `into` (tiles, points, places) products with the `kernel` (points, k), which go `back`
    (results, tiles, points); a convolution takes `plain` products, those with padding left out."""

    into: Matrix
    kernel: Matrix
    back: Matrix
    plain: int

    @property
    def products(self) -> int:
        """How many there are."""
        return int(self.into.shape[0] * self.into.shape[1])


def filter_of(length: int, window: Window) -> Filter | None:
    """Return the filter with the fewest products for an axis of so many places, None where there is none."""
    most = len(POINTS) + 1
    results = length + window.before + window.after - window.kernel + 1
    found = [_tiled(length, window, tile) for tile in range(1, most - window.kernel + 2) if results > 0]
    if 0 < results <= most - length + 1:
        found.append(_short(length, window))
    return min(found, key=lambda one: one.products, default=None)


def _results(length: int, window: Window) -> tuple[int, int]:
    """Return how many results an axis has, and how many products a convolution takes for them."""
    results = length + window.before + window.after - window.kernel + 1
    return results, sum(0 <= first - window.before + value < length
                        for first in range(results) for value in range(window.kernel))


def _tiled(length: int, window: Window, tile: int) -> Filter:
    """Return the filter that gives `tile` results at a time."""
    results, plain = _results(length, window)
    back, kernel, into = toom_cook(tile, window.kernel)
    tiles, points = -(-results // tile), len(into)
    padded = np.zeros((tiles, points, window.before + length + tiles * tile + window.kernel))
    whole = np.zeros((tiles * tile, tiles, points))
    for one in range(tiles):
        padded[one, :, one * tile:one * tile + points] = into
        whole[one * tile:(one + 1) * tile, one] = back
    return Filter(padded[:, :, window.before:window.before + length], kernel, whole[:results], plain)


def _short(length: int, window: Window) -> Filter:
    """Return the filter in which the map is what the kernel is filtered with."""
    results, plain = _results(length, window)
    back, places, into = toom_cook(results, length)
    kernel = np.zeros((len(into), window.kernel))
    for value in range(window.kernel):
        if 0 <= (at := value + results - 1 - window.before) < len(into):
            kernel[:, value] = into[:, at]
    return Filter(places[None], kernel, back[::-1, None], plain)


def with_small_maps(model: onnx.ModelProto, source: str, shape: tuple[int, ...]) -> onnx.ModelProto:
    """Return an encoder of the input `source` of `shape` (bands, …) with filters for convolutions where they pay."""
    from onnx import ModelProto

    made, constants, shapes = ModelProto(), constants_of(model), _shapes(model, source, shape)
    made.CopyFrom(model)
    nodes, tensors = [], list(model.graph.initializer)
    for node in model.graph.node:
        builder = _filtered(node, shapes.get(node.input[0], []), constants) if node.input else None
        nodes += builder.nodes if builder else [node]
        tensors += builder.constants if builder else []
    used = {name for node in nodes for name in node.input}
    del made.graph.node[:], made.graph.initializer[:]
    made.graph.node.extend(nodes)
    made.graph.initializer.extend(tensor for tensor in tensors if tensor.name in used)
    return made


def _shapes(model: onnx.ModelProto, source: str, shape: tuple[int, ...]) -> dict[str, list[int]]:
    """Return the shapes of all values where the input has `shape`; 0 for cells and what is not known."""
    from onnx import ModelProto, shape_inference

    known = ModelProto()
    known.CopyFrom(model)
    value = next(value for value in known.graph.input if value.name == source)
    value.type.tensor_type.shape.Clear()
    for side in (0, *shape):
        axis = value.type.tensor_type.shape.dim.add()
        if side:
            axis.dim_value = side
    inferred = shape_inference.infer_shapes(known).graph
    return {value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim]
            for value in (*inferred.input, *inferred.value_info)}


def _filtered(node: onnx.NodeProto, shape: list[int], constants: dict[str, Any]) -> Builder | None:
    """Return what does the same as a node with fewer products, None where that does not pay."""
    found = kernel_of(node, constants)
    if found is None or len(shape) != 4 or not all(shape[1:]):
        return None
    kernel, windows = found
    rows, cols = (filter_of(*axis) for axis in zip(shape[2:], windows, strict=True))
    if rows is None or cols is None:
        return None
    products, results = rows.products * cols.products, len(rows.back) * len(cols.back)
    if not pays(kernel, products, rows.plain * cols.plain, products * shape[2] * shape[3], products * results):
        return None
    bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(kernel))
    return _built(node, kernel, bias, rows, cols)


def _built(node: onnx.NodeProto, kernel: Kernel, bias: Any, rows: Filter, cols: Filter) -> Builder:
    """Return the products: maps with their channels last, all cells of a point in one product of matrices."""
    out, bands = kernel.shape[:2]
    into = np.einsum("spr,tqc->pqstrc", rows.into, cols.into)
    points, products = into.shape[0] * into.shape[1], rows.products * cols.products
    back = np.einsum("rsp,ctq->rcpqst", rows.back, cols.back).reshape(-1, products)
    weights = np.einsum("pi,qj,ocij->pqco", rows.kernel, cols.kernel, kernel).reshape(points, bands, out)
    made = Builder(f"filter_{node.output[0]}")
    last = made.add("Reshape", node.input[0], made.numbers(-1, bands, into.shape[4] * into.shape[5]))
    last = made.add("MatMul", made.values(into.reshape(products, -1)), made.add("Transpose", last, perm=(0, 2, 1)))
    last = made.add("Reshape", made.add("Transpose", last, perm=(1, 0, 2)), made.numbers(points, -1, bands))
    last = made.add("Reshape", made.add("MatMul", last, made.values(weights)), made.numbers(products, -1, out))
    last = made.add("MatMul", made.values(back), made.add("Transpose", last, perm=(1, 0, 2)))
    last = made.add("Transpose", made.add("Add", last, made.values(bias)), perm=(0, 2, 1))
    made.add("Reshape", last, made.numbers(-1, out, len(rows.back), len(cols.back)), output=node.output[0])
    return made
