"""Random convolutional encoders, built with onnx.helper, on which sharing is compared with patch by patch."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Net:
    """A graph that grows."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def normal(self, *shape: int, spread: float = 1.0) -> str:
        return self.constant(self.rng.normal(0, spread, shape).astype(np.float32))

    def conv(self, x: str, channels: tuple[int, int], kernel: int = 3, stride: int = 1, pads: tuple[int, ...] = (),
             dilation: int = 1) -> str:
        before, after = channels
        weight = self.normal(after, before, kernel, kernel, spread=(2 / (before * kernel**2)) ** 0.5)
        return self.add("Conv", x, weight, self.normal(after, spread=0.1), kernel_shape=[kernel] * 2,
                        strides=[stride] * 2, dilations=[dilation] * 2,
                        pads=pads or [dilation * (kernel // 2)] * 4)

    def norm(self, x: str, channels: int) -> str:
        learnt = [self.normal(channels) for _ in range(3)]
        spread = self.constant(self.rng.uniform(0.5, 2, channels).astype(np.float32))
        return self.add("BatchNormalization", x, *learnt, spread)

    def pooled(self, x: str) -> str:
        return self.add("Flatten", self.add("GlobalAveragePool", x), axis=1)

    def model(self, inputs: dict[str, tuple[int, ...]], features: str, width: int, taxa: int = 9,
              opset: int = 17) -> onnx.ModelProto:
        """Return the model: features → a linear layer → ``scores``."""
        self.add("Gemm", features, self.normal(width, taxa, spread=width**-0.5), self.normal(taxa), output="scores")
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["cells", *shape])
                 for name, shape in inputs.items()]
        scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", taxa])
        graph = helper.make_graph(self.nodes, "net", given, [scores], self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def resnet6(net: Net, x: str, bands: int, widths: tuple[int, ...] = (6, 8, 10, 12)) -> str:
    """Add GeoPlant's ResNet6 in small: four convolutions, a pooling after every second."""
    for number, width in enumerate(widths):
        x = net.add("Relu", net.norm(net.conv(x, (bands, width)), width))
        bands = width
        if number % 2:
            x = net.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    return net.pooled(x)


def random_encoder(net: Net, x: str, bands: int) -> tuple[str, int]:
    """Add three to five random layers and the mean over their map; return it with its width."""
    strides = 1
    for _ in range(net.rng.integers(3, 6)):
        kind = net.rng.choice(["conv", "residual", "max", "average", "concat", "scale"])
        stride = int(net.rng.integers(1, 3)) if strides < 4 else 1
        if kind == "conv":
            kernel, width = int(net.rng.choice([1, 2, 3, 5])), int(net.rng.integers(2, 7))
            pads = [int(pad) for pad in net.rng.integers(0, 3, 4)]
            x = net.add("LeakyRelu", net.conv(x, (bands, width), kernel, stride, pads, int(net.rng.integers(1, 3))))
            bands, strides = width, strides * stride
        elif kind == "residual":
            inner = net.add("Relu", net.norm(net.conv(x, (bands, 4), stride=stride), 4))
            beside = net.conv(x, (bands, 4), 1, stride)
            x = net.add("Relu", net.add("Add", net.norm(net.conv(inner, (4, 4)), 4), beside))
            bands, strides = 4, strides * stride
        elif kind == "max":
            x = net.add("MaxPool", x, kernel_shape=[3, 3], strides=[stride] * 2, pads=[1, 1, 1, 1])
            strides *= stride
        elif kind == "average":
            x = net.add("AveragePool", x, kernel_shape=[2, 3], strides=[stride] * 2, pads=[0, 1, 1, 1],
                        count_include_pad=int(net.rng.integers(0, 2)))
            strides *= stride
        elif kind == "concat":
            x = net.add("Concat", x, net.conv(x, (bands, 3)), axis=1)
            bands += 3
        else:
            x = net.add("Mul", x, net.add("Sigmoid", net.add("Sub", x, net.normal(bands, 1, 1))))
    return net.pooled(x), bands
