"""A copy of a model in 8-bit integers: what it costs is measured, stands in the card, and the copy runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import rasterio
from onnx import TensorProto, helper, numpy_helper
from worlds import RESOLUTION, World, cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import BAD_INPUT, DONE, main
from geoplantnet_plugin.engine.models.package import open_package

from .conftest import TAXA, Build, linear_card


def network(opset: int = 17) -> onnx.ModelProto:
    """Two dense layers with a sigmoid at the end."""
    rng = np.random.default_rng(5)
    shapes = {"w0": (2, 16), "b0": (16,), "w1": (16, TAXA)}
    nodes = [helper.make_node("MatMul", ["climate", "w0"], ["y0"]), helper.make_node("Add", ["y0", "b0"], ["z0"]),
             helper.make_node("Relu", ["z0"], ["a0"]), helper.make_node("MatMul", ["a0", "w1"], ["z1"]),
             helper.make_node("Sigmoid", ["z1"], ["scores"])]
    graph = helper.make_graph(
        nodes, "network", [helper.make_tensor_value_info("climate", TensorProto.FLOAT, ["cells", 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", TAXA])],
        [numpy_helper.from_array(rng.normal(size=shape).astype(np.float32), name) for name, shape in shapes.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def package(build: Build, graph: onnx.ModelProto, taxa: int = TAXA, **fields: str) -> Path:
    card = linear_card(2, scale="sigmoid", **fields)
    for predictor, name in zip(card["inputs"][0]["predictors"], ("warmth", "water"), strict=True):
        predictor["name"] = name
        del predictor["range"]
    return build(graph, card, taxa=taxa)


def quantize(world: World, model: Path, *flags: str) -> int:
    return main(["--json", "model", "quantize", str(model), "--area", str(world.area(cells_box(20, 20, 60, 60))),
                 "--predictors", str(world.raster), "--out", str(world.folder / "small"), *flags])


@pytest.mark.parametrize("opset", [11, 17])
def test_the_card_states_the_deviation_and_the_copy_runs(world: World, build: Build, opset: int) -> None:
    model = package(build, network(opset))
    assert quantize(world, model, "--cells", "600") == DONE
    small = open_package(str(world.folder / "small"))
    stated = small.card.quantization
    assert stated is not None and "int8" in stated["method"]
    assert stated["calibration_cells"] + stated["measured_cells"] == pytest.approx(600, abs=120)
    assert small.card.name == "linear-int8" and "8-bit copy" in small.card.limits[-1]
    kinds = {tensor.data_type for tensor in onnx.load(small.graph).graph.initializer}
    assert TensorProto.INT8 in kinds

    found = []
    for place in (model, small.folder):
        area = world.area(cells_box(20, 20, 60, 60))
        job = world.job(area, f"out-{place.name}", model=str(place), grid_crs="EPSG:3035", resolution=RESOLUTION,
                        set_rule="topk:3")
        assess(job, Reporter())
        with rasterio.open(job.out / "species.tif") as species:
            found.append(species.read() * np.reshape(species.scales, (-1, 1, 1)))
    moved = np.abs(found[0] - found[1])
    # All 3,600 cells, of which the card's figures are a sample; the raster rounds to 0.00002.
    assert 0 < moved.max() < 0.3
    assert moved.mean() == pytest.approx(stated["score_mean_difference"], rel=0.3)
    assert stated["score_max_difference"] <= moved.max() + 4e-5


def test_too_few_cells_write_nothing(world: World, build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    assert quantize(world, package(build, network()), "--cells", "5") == BAD_INPUT
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "quantize_few_cells"
    assert not (world.folder / "small").exists()


def test_a_graph_without_weights_is_refused(world: World, build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [helper.make_node("Sigmoid", ["climate"], ["scores"])]
    shape = ["cells", 2]
    graph = helper.make_graph(nodes, "none", [helper.make_tensor_value_info("climate", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("scores", TensorProto.FLOAT, shape)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    folder = package(build, model, taxa=2, default_rule="lambda:0.5")
    assert quantize(world, folder, "--cells", "600") == BAD_INPUT
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "quantize_nothing"
