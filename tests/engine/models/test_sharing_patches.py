"""Patches that share land give what patch by patch gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.sharing.axes import Axis, Common, Part
from geoplantnet_plugin.engine.models.sharing.maps import constants_of, find_maps
from geoplantnet_plugin.engine.models.sharing.patches import SharedPatches
from geoplantnet_plugin.engine.models.sharing.zones import Zones, zone_model

from .random_encoders import Net, random_encoder, resnet6

BANDS = 3


def opened(model: onnx.ModelProto) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def shared(model: onnx.ModelProto, size: tuple[int, int]) -> SharedPatches:
    return SharedPatches(Zones(model, find_maps(model, "image", size, constants_of(model)), opened))


def one_by_one(model: onnx.ModelProto, mean: str, mosaic: np.ndarray, size: tuple[int, int], tops: np.ndarray,
               lefts: np.ndarray) -> np.ndarray:
    """Return the mean that the untouched graph gives for every patch cut out by itself."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    whole.graph.output.append(onnx.helper.make_tensor_value_info(mean, onnx.TensorProto.FLOAT, None))
    return opened(whole).run([mean], {"image": cut(mosaic, size, tops, lefts)})[0]


def cut(mosaic: np.ndarray, size: tuple[int, int], tops: np.ndarray, lefts: np.ndarray) -> np.ndarray:
    return np.stack([mosaic[:, top:top + size[0], left:left + size[1]] for top, left in zip(tops, lefts)])


def compare(net: Net, width: int, features: str, size: tuple[int, int], stride: int, listen: Any = lambda: None
            ) -> None:
    model = net.model({"image": (BANDS, *size)}, features, width)
    found = shared(model, size)
    cells = [(row, col) for row in range(4) for col in range(5) if (row, col) not in ((0, 0), (2, 3))]
    tops, lefts = (np.array(cells).T * stride + [[3], [2]]).astype(np.int64)
    mosaic = net.rng.normal(size=(BANDS, 3 + 4 * stride + size[0], 2 + 5 * stride + size[1])).astype(np.float32)
    expected = one_by_one(model, found.zones.maps.mean, mosaic, size, tops, lefts)
    found._work = lambda *_: 0  # type: ignore[method-assign]  # in small, sharing may not pay
    tolerance = 1e-5 * max(1, np.abs(expected).max())
    assert np.abs(found.encode(mosaic, tops, lefts, listen) - expected).max() < tolerance
    assert np.abs(found.each(cut(mosaic, size, tops, lefts), listen) - expected).max() < tolerance


@pytest.mark.parametrize("stride", [4, 5, 6])
def test_a_resnet6_gives_what_it_gives_patch_by_patch(stride: int) -> None:
    """Cells 5 pixels apart meet all phases of a network that strides by 4, cells 8 apart one, cells 6 apart two."""
    net = Net(stride)
    compare(net, 12, resnet6(net, "image", BANDS), (40, 36), stride)


@pytest.mark.parametrize("stride", [4, 5])
def test_a_wide_network_is_filtered_and_gives_the_same(stride: int) -> None:
    net = Net(stride)
    widths = (16, 96, 96, 96)
    features = resnet6(net, "image", BANDS, widths)
    compare(net, widths[-1], features, (40, 36), stride)
    model = net.model({"image": (BANDS, 40, 36)}, features, widths[-1])
    maps = find_maps(model, "image", (40, 36), constants_of(model))
    def filters(*axes: Axis) -> int:
        return [node.op_type for node in zone_model(model, maps, axes).graph.node].count("ConvTranspose")

    assert filters(Common(4), Common(4)) == 2 and filters(Part(0, 40), Part(0, 36)) == 0


@pytest.mark.parametrize("seed", range(20))
def test_any_network_of_known_layers_gives_what_it_gives_patch_by_patch(seed: int) -> None:
    net = Net(seed)
    features, width = random_encoder(net, "image", BANDS)
    compare(net, width, features, (64 + seed % 5, 59 + seed % 7), 1 + seed % 7)


def test_a_row_of_cells_and_a_single_cell() -> None:
    net = Net(0)
    model = net.model({"image": (BANDS, 32, 32)}, resnet6(net, "image", BANDS), 12)
    mosaic = net.rng.normal(size=(BANDS, 32, 60)).astype(np.float32)
    for lefts in (np.arange(0, 28, 5), np.array([7])):
        tops = np.zeros(len(lefts), np.int64)
        found = shared(model, (32, 32))
        expected = one_by_one(model, found.zones.maps.mean, mosaic, (32, 32), tops, lefts)
        assert np.abs(found.encode(mosaic, tops, lefts, lambda: None) - expected).max() < 1e-5


def test_cells_far_apart_are_encoded_patch_by_patch() -> None:
    """Land between them would cost more than the patches themselves."""
    net = Net(0)
    model = net.model({"image": (BANDS, 32, 32)}, resnet6(net, "image", BANDS), 12)
    found = shared(model, (32, 32))
    mosaic = net.rng.normal(size=(BANDS, 332, 332)).astype(np.float32)
    found._land = None  # type: ignore[method-assign, assignment]  # must not be asked
    assert found.encode(mosaic, np.array([0, 300]), np.array([0, 300]), lambda: None).shape == (2, 12, 1, 1)


def test_a_cancel_is_heard_between_the_steps() -> None:
    class Stop(Exception):
        pass

    def listen() -> None:
        raise Stop

    net = Net(0)
    with pytest.raises(Stop):
        compare(net, 12, resnet6(net, "image", BANDS), (40, 36), 5, listen)


def squeeze_excite(net: Net) -> str:
    x = net.conv("image", (BANDS, 4))
    gate = net.add("Sigmoid", net.conv(net.add("GlobalAveragePool", x), (4, 4), 1))
    return net.pooled(net.add("Mul", x, gate))


def layer_norm(net: Net) -> str:
    scale, bias = net.normal(BANDS, 16, 16), net.normal(BANDS, 16, 16)
    return net.pooled(net.conv(net.add("LayerNormalization", "image", scale, bias, axis=1), (BANDS, 4)))


def flattened(net: Net) -> str:
    """A layer that knows the places of a patch apart."""
    return net.add("Flatten", net.add("Relu", net.conv("image", (BANDS, 1), stride=8)), axis=1)


def two_means(net: Net) -> str:
    x = net.conv("image", (BANDS, 2))
    return net.add("Concat", net.pooled(x), net.pooled(net.conv(x, (2, 2))), axis=1)


def far_sighted(net: Net) -> str:
    return net.pooled(net.conv("image", (BANDS, 4), 9, pads=(4, 4, 4, 4), dilation=2))


@pytest.mark.parametrize("layers, code, said", [
    (squeeze_excite, "sharing_operator", "Mul"), (layer_norm, "sharing_operator", "LayerNormalization"),
    (flattened, "sharing_operator", "Flatten"), (two_means, "sharing_mean", None),
    (far_sighted, "sharing_field", None)])
def test_what_cannot_be_shared_is_refused_with_the_reason(layers: Any, code: str, said: str | None) -> None:
    net = Net(0)
    model = net.model({"image": (BANDS, 16, 16)}, layers(net), 4)
    with pytest.raises(EngineError) as refused:
        shared(model, (16, 16))
    assert refused.value.code == code
    assert refused.value.params.get("operator") == said
