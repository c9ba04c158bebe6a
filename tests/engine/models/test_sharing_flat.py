"""Convolutions on flat maps give what they gave."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.engine.models.sharing.flat import with_flat_maps


@pytest.mark.parametrize(("rows", "pads", "strides", "dilations", "flat"), [
    (2, (1, 1, 1, 1), (1, 1), (1, 1), True), (1, (1, 0, 1, 0), (1, 2), (1, 1), True),
    (2, (0, 1, 1, 2), (1, 1), (1, 2), True), (2, (2, 1, 1, 1), (2, 1), (1, 1), True),
    (3, (1, 1, 1, 1), (1, 1), (1, 1), False), (2, (2, 1, 2, 1), (1, 1), (2, 1), False)])
@pytest.mark.parametrize("bias", [True, False])
def test_rows_become_channels_where_the_map_is_flat(rows: int, pads: tuple[int, ...], strides: tuple[int, int],
                                                    dilations: tuple[int, int], flat: bool, bias: bool) -> None:
    rng = np.random.default_rng(rows)
    weights = [numpy_helper.from_array(rng.normal(size=(5, 4, 3, 3)).astype(np.float32), "w"),
               numpy_helper.from_array(rng.normal(size=5).astype(np.float32), "b")][:1 + bias]
    node = helper.make_node("Conv", ["x", *(tensor.name for tensor in weights)], ["y"], pads=pads, strides=strides,
                            dilations=dilations)
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None] * 4)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    made = with_flat_maps(model, "x", (4, rows, 9))
    assert any(node.op_type == "Reshape" for node in made.graph.node) == flat
    values = rng.normal(size=(7, 4, rows, 9)).astype(np.float32)
    before, after = (onnxruntime.InferenceSession(part.SerializeToString()).run(None, {"x": values})[0]
                     for part in (model, made))
    np.testing.assert_allclose(after, before, atol=1e-5)
