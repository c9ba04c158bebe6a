"""The networks of published checkpoints, as ONNX graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.workshop.importers.layers import Layers
from training.workshop.importers.swin import swin_t

if TYPE_CHECKING:
    import onnx

LANDSAT, BIOCLIM, SENTINEL = (6, 4, 21), (4, 19, 12), (4, 128, 128)
INPUTS = {"landsat": LANDSAT, "bioclim": BIOCLIM, "sentinel": SENTINEL}


def geoplant_mme(weights: Mapping[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """Return the multimodal ensemble of GeoPlant (plantnet/GeoPlant, baselines/MME, three modalities).

    A ResNet6 for each of `INPUTS`, their 3 × 512 features joined, one linear layer. Its average pooling over the
    whole map is a global average pooling.
    """
    net = Layers(weights)
    features = [_resnet6(net, name, f"{name}_model", shape[0]) for name, shape in INPUTS.items()]
    logits = net.linear(net.op("Concat", *features, axis=1), "fc1", 3 * 512)
    return net.model(INPUTS, logits, net.shape("fc1.weight")[0])


def _resnet6(net: Layers, x: str, name: str, channels: int) -> str:
    for number, width in enumerate((64, 128, 256, 512), start=1):
        x = net.conv(x, f"{name}.conv{number}", (channels, width), 3, padding=1)
        x = net.op("Relu", net.batch_norm(x, f"{name}.bn{number}", width))
        channels = width
        if number % 2 == 0:
            x = net.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    return net.pooled(x)


def malpolon_mme(weights: Mapping[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """Return malpolon's multimodal ensemble (plantnet/malpolon, glc2024_multimodal_ensemble_model.py).

    A layer normalization and a ResNet-18 for each series, a Swin-T for the patch, two linear layers with nothing
    between them (dropout rests).
    """
    net = Layers(weights)
    series = [net.layer_norm(_resnet18(net, net.layer_norm(name, f"{name}_norm", shape), f"{name}_model", shape[0]),
                             f"ln{number}", (1000,))
              for number, (name, shape) in enumerate((("landsat", LANDSAT), ("bioclim", BIOCLIM)), start=1)]
    joined = net.op("Concat", *series, swin_t(net, "sentinel", "sentinel_model", SENTINEL), axis=1)
    logits = net.linear(net.linear(joined, "fc1", 2768, 4096), "fc2", 4096)
    return net.model(INPUTS, logits, net.shape("fc2.weight")[0])


def _resnet18(net: Layers, x: str, name: str, channels: int) -> str:
    """Add torchvision's ResNet-18 with a 3 × 3 first convolution of stride 1 and without its max pooling."""
    x = _conv_norm(net, x, f"{name}.conv1", f"{name}.bn1", (channels, 64), 3)
    x, before = net.op("Relu", x), 64
    for stage, width in enumerate((64, 128, 256, 512), start=1):
        for block in range(2):
            x = _basic_block(net, x, f"{name}.layer{stage}.{block}", (before, width))
            before = width
    return net.linear(net.pooled(x), f"{name}.fc", 512, 1000)


def _basic_block(net: Layers, x: str, name: str, channels: tuple[int, int]) -> str:
    width, narrower = channels[1], channels[0] != channels[1]
    inner = _conv_norm(net, x, f"{name}.conv1", f"{name}.bn1", channels, 3, 2 if narrower else 1)
    inner = _conv_norm(net, net.op("Relu", inner), f"{name}.conv2", f"{name}.bn2", (width, width), 3)
    if narrower:
        x = _conv_norm(net, x, f"{name}.downsample.0", f"{name}.downsample.1", channels, 1, 2)
    return net.op("Relu", net.op("Add", inner, x))


def _conv_norm(net: Layers, x: str, conv: str, norm: str, channels: tuple[int, int], kernel: int,
               stride: int = 1) -> str:
    x = net.conv(x, conv, channels, kernel, stride, kernel // 2, bias=False)
    return net.batch_norm(x, norm, channels[1])
