"""The networks of published checkpoints, as ONNX graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.models.importers.layers import Layers

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
