"""Building an ONNX graph from a state dict, layer by layer, with the layers' names as PyTorch gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError

if TYPE_CHECKING:
    import onnx

OPSET = 17
IR_VERSION = 8
EPSILON = 1e-5
"""Of batch and layer normalization: PyTorch's default."""


class Layers:
    """A graph that grows: each method adds a layer and returns the name of its result.

    `weights` is the state dict; a weight that is missing or of another shape raises `EngineError`.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self.weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a weight."""
        if name not in self.weights:
            raise EngineError("model_checkpoint_other", weight=name)
        return self.weights[name].shape

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator with one output."""
        from onnx import helper

        result = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [result], **attributes))
        return result

    def constant(self, value: NDArray[Any] | Sequence[int], name: str | None = None) -> str:
        """Add a constant; a sequence of integers becomes int64 (shapes, axes, slices)."""
        from onnx import numpy_helper

        name = name or f"constant_{len(self._constants)}"
        array = value if isinstance(value, np.ndarray) else np.array(value, np.int64)
        self._constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name: str, shape: tuple[int | None, ...]) -> str:
        """Add a weight of the state dict, whose shape must be `shape` (None: any)."""
        found = self.shape(name)
        if len(found) != len(shape) or any(want not in (None, have) for want, have in zip(shape, found, strict=True)):
            wanted = " × ".join("?" if size is None else str(size) for size in shape)
            raise EngineError("model_checkpoint_shape", weight=name, found=" × ".join(map(str, found)), wanted=wanted)
        return self.constant(self.weights[name], name)

    def conv(self, x: str, name: str, channels: tuple[int, int], kernel: int, stride: int = 1, padding: int = 0,
             bias: bool = True) -> str:
        """Add a square convolution from `channels[0]` to `channels[1]` channels."""
        parts = [self.weight(f"{name}.weight", (channels[1], channels[0], kernel, kernel))]
        if bias:
            parts.append(self.weight(f"{name}.bias", (channels[1],)))
        return self.op("Conv", x, *parts, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)

    def batch_norm(self, x: str, name: str, channels: int) -> str:
        """Add a batch normalization with the statistics learnt."""
        parts = ("weight", "bias", "running_mean", "running_var")
        learnt = [self.weight(f"{name}.{part}", (channels,)) for part in parts]
        return self.op("BatchNormalization", x, *learnt, epsilon=EPSILON)

    def layer_norm(self, x: str, name: str, shape: tuple[int, ...], epsilon: float = EPSILON) -> str:
        """Add a layer normalization over the last axes, of `shape`."""
        parts = [self.weight(f"{name}.{part}", shape) for part in ("weight", "bias")]
        return self.op("LayerNormalization", x, *parts, axis=-len(shape), epsilon=epsilon)

    def gelu(self, x: str) -> str:
        """Add the exact GELU, x ÷ 2 × (1 + erf(x ÷ √2))."""
        error = self.op("Erf", self.op("Div", x, self.constant(np.array(2 ** 0.5, np.float32))))
        gate = self.op("Add", error, self.constant(np.array(1, np.float32)))
        return self.op("Mul", self.op("Mul", x, gate), self.constant(np.array(0.5, np.float32)))

    def linear(self, x: str, name: str, inputs: int, outputs: int | None = None) -> str:
        """Add a fully connected layer on (n, inputs)."""
        weight = self.weight(f"{name}.weight", (outputs, inputs))
        return self.op("Gemm", x, weight, self.weight(f"{name}.bias", (outputs,)), transB=1)

    def dense(self, x: str, name: str, inputs: int, outputs: int, bias: bool = True) -> str:
        """Add a fully connected layer on the last axis of (…, inputs)."""
        self.weight(f"{name}.weight", (outputs, inputs))
        x = self.op("MatMul", x, self.constant(self.weights[f"{name}.weight"].T, f"{name}.weight"))
        return self.op("Add", x, self.weight(f"{name}.bias", (outputs,))) if bias else x

    def reshape(self, x: str, *shape: int) -> str:
        """Give x another shape; one -1 stands for what is left."""
        return self.op("Reshape", x, self.constant(shape))

    def slice(self, x: str, starts: Sequence[int], ends: Sequence[int], axes: Sequence[int],
              steps: Sequence[int]) -> str:
        """Cut x along some axes."""
        return self.op("Slice", x, *(self.constant(part) for part in (starts, ends, axes, steps)))

    def pooled(self, x: str) -> str:
        """Average (n, channels, height, width) to (n, channels)."""
        return self.op("Flatten", self.op("GlobalAveragePool", x), axis=1)

    def model(self, inputs: Mapping[str, tuple[int, ...]], logits: str, classes: int) -> onnx.ModelProto:
        """Return the model: named inputs (shape of a cell), outputs ``logits`` and ``scores``, their sigmoid."""
        from onnx import TensorProto, helper

        def tensor(name: str, shape: tuple[int, ...]) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["cells", *shape])

        return self.file([tensor(name, shape) for name, shape in inputs.items()], logits, "Sigmoid",
                         [tensor(name, (classes,)) for name in ("scores", "logits")])

    def file(self, inputs: Sequence[onnx.ValueInfoProto], logits: str, scores: str,
             outputs: Sequence[onnx.ValueInfoProto]) -> onnx.ModelProto:
        """Return the model that ends with ``logits`` and ``scores``, the operator `scores` of them."""
        from onnx import helper

        self._nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        self._nodes.append(helper.make_node(scores, [logits], ["scores"]))
        graph = helper.make_graph(self._nodes, "model", inputs, outputs, list(self._constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
