"""Convolutions with fewer products give what they gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.engine.models.sharing.axes import Window
from geoplantnet_plugin.engine.models.sharing.large_maps import filtered
from geoplantnet_plugin.engine.models.sharing.maps import constants_of
from geoplantnet_plugin.engine.models.sharing.small_maps import filter_of, with_small_maps


def convolution(bands: int = 48, out: int = 64, kernel: tuple[int, int] = (3, 3), bias: bool = True, group: int = 1,
                **attributes: Any) -> onnx.ModelProto:
    rng = np.random.default_rng(out)
    spread = (bands * kernel[0] * kernel[1]) ** -0.5
    weights = [numpy_helper.from_array(rng.normal(0, spread, (out, bands // group, *kernel)).astype(np.float32), "w"),
               numpy_helper.from_array(rng.normal(size=out).astype(np.float32), "b")][:1 + bias]
    node = helper.make_node("Conv", ["x", *(tensor.name for tensor in weights)], ["y"], group=group, **attributes)
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None] * 4)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)


def same(one: onnx.ModelProto, other: onnx.ModelProto, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    before, after = (onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": values})[0]
                     for model in (one, other))
    assert np.sqrt(((after - before) ** 2).mean()) < 5e-6 and np.abs(after - before).max() < 1e-4


def convolutions(model: onnx.ModelProto) -> int:
    return [node.op_type for node in model.graph.node].count("Conv")


@pytest.mark.parametrize("length", range(1, 13))
@pytest.mark.parametrize(("kernel", "before", "after"), [(3, 1, 1), (3, 0, 2), (2, 1, 0), (5, 2, 2), (7, 3, 3)])
def test_a_filter_is_a_convolution_along_an_axis(length: int, kernel: int, before: int, after: int) -> None:
    found = filter_of(length, Window(kernel, 1, 1, before, after))
    assert found and found.products <= kernel * (length + before + after - kernel + 1)
    rng = np.random.default_rng(length)
    places, weights = rng.normal(size=length), rng.normal(size=kernel)
    products = (found.kernel @ weights) * np.einsum("tpl,l->tp", found.into, places)
    np.testing.assert_allclose(np.einsum("rtp,tp->r", found.back, products),
                               np.convolve(np.pad(places, (before, after)), weights[::-1], "valid"), atol=1e-12)


def test_two_rows_under_a_kernel_of_three_take_three_products() -> None:
    found = filter_of(2, Window(3, 1, 1, 1, 1))
    assert found and (found.products, found.plain) == (3, 4)


@pytest.mark.parametrize(("shape", "kernel", "pads"), [
    ((2, 10), (3, 3), (1, 1, 1, 1)), ((1, 10), (3, 3), (1, 1, 1, 1)), ((3, 10), (3, 3), (1, 1, 1, 1)),
    ((5, 12), (3, 3), (0, 0, 0, 0))])
@pytest.mark.parametrize("bias", [True, False])
def test_a_series_is_filtered(shape: tuple[int, int], kernel: tuple[int, int], pads: tuple[int, ...], bias: bool
                              ) -> None:
    model = convolution(128, 256, kernel, bias, pads=pads)
    made = with_small_maps(model, "x", (128, *shape))
    assert convolutions(made) == 0
    same(model, made, (7, 128, *shape))


@pytest.mark.parametrize("attributes", [
    {"strides": (2, 1)}, {"dilations": (1, 2)}, {"group": 2}, {"auto_pad": "SAME_UPPER"}, {"bands": 2, "out": 4}])
def test_what_strides_or_is_narrow_stays(attributes: dict[str, Any]) -> None:
    model = convolution(**{"bands": 96, "out": 128, **attributes})
    assert convolutions(with_small_maps(model, "x", (attributes.get("bands", 96), 6, 12))) == 1
    assert filtered(model.graph.node[0], constants_of(model)) is None


@pytest.mark.parametrize(("shape", "pads"), [
    ((1, 17, 30), (0, 0, 0, 0)), ((3, 8, 5), (1, 1, 1, 1)), ((2, 3, 6), (0, 2, 1, 0))])
def test_a_map_of_any_size_is_filtered(shape: tuple[int, int, int], pads: tuple[int, ...]) -> None:
    model = convolution(96, 128, pads=pads)
    quicker = filtered(model.graph.node[0], constants_of(model))
    assert quicker
    made = onnx.ModelProto()
    made.CopyFrom(model)
    del made.graph.node[:]
    made.graph.node.extend(quicker.nodes)
    made.graph.initializer.extend(quicker.constants)
    same(model, made, (shape[0], 96, *shape[1:]))
