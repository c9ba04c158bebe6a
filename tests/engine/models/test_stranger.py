"""A stranger's ONNX file, made a package, gives an assessment: with one input and with three."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import rasterio
from onnx import TensorProto, helper, numpy_helper
from worlds import HEIGHT, RESOLUTION, WIDTH, World, cells_box

from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.wrap import add_arguments

from .conftest import linear_graph
from .test_wrap import wrap

NAMES = "Abies alba\nCarex nigra\nSalix alba\nViola biflora\n"
MATRIX = np.array([[1.0, -1.0, 0.2, 0.5], [0.5, 0.5, -2.0, 0.1]], np.float32)


def wrapped(home: Path, model: onnx.ModelProto, *flags: str) -> Path:
    onnx.save_model(model, str(home / "stranger.onnx"))
    (home / "names.txt").write_text(NAMES, encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    package, _ = wrap(parser.parse_args([str(home / "stranger.onnx"), "--out", str(home / "package"), "--taxa",
                                         str(home / "names.txt"), "--resolution", "50", "--rule", "topk:1", *flags]),
                      Reporter())
    return package.folder


def scores(world: World, model: Path, row: int, col: int, size: int) -> np.ndarray:
    """Assess a square and return its scores (size, size, taxa), as the raster of species holds them."""
    area = world.area(cells_box(row, col, size, size))
    job = world.job(area, model=str(model), grid_crs="EPSG:3035", resolution=RESOLUTION, set_rule="topk:1")
    assess(job, Reporter())
    with rasterio.open(world.folder / "out" / "species.tif") as species:
        stored = species.read(masked=True).astype(np.float64).filled(np.nan)
        shown = stored * np.reshape(species.scales, (-1, 1, 1)) + np.reshape(species.offsets, (-1, 1, 1))
        found = dict(zip(species.descriptions, shown, strict=True))
    return np.stack([found[name] for name in NAMES.splitlines()], axis=-1)


def test_one_input(world: World) -> None:
    model = wrapped(world.folder, linear_graph(MATRIX, name="x"), "--predictors", "warmth,water", "--scale", "logit")
    expected = np.moveaxis(world.values, 0, -1) @ MATRIX
    np.testing.assert_allclose(scores(world, model, 50, 60, 40), expected[50:90, 60:100], atol=0.02)


def test_point_patch_and_series(world: World) -> None:
    """Scores: a point's value, the mean of its 3 × 3 pixels, and two steps of a series."""
    steps = np.random.default_rng(3).normal(size=(2, HEIGHT, WIDTH)).astype(np.float32)
    with rasterio.open(world.raster) as source:
        profile = {**source.profile, "count": 2}
    with rasterio.open(world.folder / "rain.tif", "w", **profile) as out:
        out.write(steps)
        out.descriptions = ("rain_1", "rain_2")
    nodes = [helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
             helper.make_node("Reshape", ["weather", "flat"], ["weather_flat"]),
             helper.make_node("Concat", ["site", "mean", "weather_flat"], ["scores"], axis=1)]
    shapes = {"site": [1], "image": [1, 3, 3], "weather": [1, 2]}
    graph = helper.make_graph(
        nodes, "three", [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", *s]) for n, s in shapes.items()],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 4])],
        [numpy_helper.from_array(np.array([-1, 2], np.int64), "flat")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    package = wrapped(world.folder, model, "--predictors", "site=warmth", "--predictors", "image=water",
                      "--predictors", "weather=rain", "--scale", "logit")
    rows, cols = slice(50, 90), slice(60, 100)
    around = np.mean([world.values[1, 50 + i:90 + i, 60 + j:100 + j] for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)
    expected = np.stack([world.values[0, rows, cols], around, *steps[:, rows, cols]], axis=-1)
    found = scores(replace(world, raster=world.folder), package, 50, 60, 40)
    np.testing.assert_allclose(found, expected, atol=0.02)
