"""Convolutions on flat maps: those with fewer rows than their kernel, as late maps of a short series have.

Such a kernel always lies on padding with some of its rows. With the rows of the map as channels nothing is multiplied
with padding: for two rows and a kernel of three, two thirds of the work. Only rounding differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.sharing.axes import Window
from geoplantnet_plugin.engine.models.sharing.maps import attributes_of, constants_of, windows_of

if TYPE_CHECKING:
    import onnx


def with_flat_maps(model: onnx.ModelProto, source: str, shape: tuple[int, ...]) -> onnx.ModelProto:
    """Return an encoder of the input `source` of `shape` (bands, …) whose flat maps have their rows as channels."""
    from onnx import ModelProto, shape_inference

    made = ModelProto()
    made.CopyFrom(model)
    value = next(value for value in made.graph.input if value.name == source)
    value.type.tensor_type.shape.Clear()
    for side in ("cells", *shape):
        axis = value.type.tensor_type.shape.dim.add()
        setattr(axis, "dim_param" if isinstance(side, str) else "dim_value", side)
    inferred = shape_inference.infer_shapes(made).graph
    shapes = {value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim]
              for value in (*inferred.input, *inferred.value_info)}
    constants = constants_of(model)
    nodes = [part for node in model.graph.node for part in _flat(node, shapes.get(node.input[0], []), constants, made)]
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    return made


def _flat(node: onnx.NodeProto, shape: list[int], constants: dict[str, Any], made: onnx.ModelProto
          ) -> list[onnx.NodeProto]:
    """Return a node as it is, or what does the same on a flat map; constants are added to `made`."""
    from onnx import helper, numpy_helper

    kernel = constants.get(node.input[1]) if node.op_type == "Conv" and all(
        name in constants for name in node.input[1:]) else None
    if kernel is None or kernel.ndim != 4 or len(shape) != 4 or not all(shape[1:]) or attributes_of(node).get(
            "group", 1) != 1:
        return [node]
    windows = windows_of(node, constants)
    if windows is None or not shape[2] < windows[0].kernel or windows[0].dilation != 1:
        return [node]
    (_, bands, rows, cols), (down, along) = shape, windows
    weights = rows_as_channels(kernel, rows, down)
    name, places = f"flat_{node.output[0]}", weights.shape[0] // len(kernel)
    parts = {"weights": weights, "into": np.array([-1, bands * rows, 1, cols]),
             "back": np.array([0, len(kernel), places, -1])}
    if len(node.input) > 2:
        parts["bias"] = np.repeat(constants[node.input[2]], places)
    made.graph.initializer.extend(numpy_helper.from_array(part, f"{name}_{key}") for key, part in parts.items())
    inputs = [f"{name}_map", *(f"{name}_{key}" for key in ("weights", "bias") if key in parts)]
    return [helper.make_node("Reshape", [node.input[0], f"{name}_into"], [f"{name}_map"]),
            helper.make_node("Conv", inputs, [f"{name}_found"], kernel_shape=[1, along.kernel],
                             strides=[1, along.stride], dilations=[1, along.dilation],
                             pads=[0, along.before, 0, along.after]),
            helper.make_node("Reshape", [f"{name}_found", f"{name}_back"], [node.output[0]])]


def rows_as_channels(kernel: NDArray[np.float32], rows: int, down: Window) -> NDArray[np.float32]:
    """Return a kernel (out, in, high, wide) for maps of so many rows as one (out × places, in × rows, 1, wide)."""
    out, bands, high, wide = kernel.shape
    places = (rows + down.before + down.after - high) // down.stride + 1
    found = np.zeros((out, places, bands, rows, 1, wide), kernel.dtype)
    for place in range(places):
        for row in range(rows):
            at = row - place * down.stride + down.before
            if 0 <= at < high:
                found[:, place, :, row, 0] = kernel[:, :, at]
    return found.reshape(out * places, bands * rows, 1, wide)
