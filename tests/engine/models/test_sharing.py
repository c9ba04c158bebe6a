"""A model split at its encoders scores as the whole graph does, and encodes what repeats once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import onnx
import onnxruntime
import pytest
import rasterio
from affine import Affine
from shapely import Polygon

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.block import Patches
from geoplantnet_plugin.engine.models.batches import Batches
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.running import Running, provider_of
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.encoders import Encoders
from geoplantnet_plugin.engine.models.write import write_package

from .random_encoders import Net, resnet6

SHAPES: dict[str, tuple[int, ...]] = {"image": (3, 24, 24), "climate": (2, 4, 5), "soil": (3,)}
TAXA = 9


def make_model(opset: int = 17) -> onnx.ModelProto:
    """Return a network on a patch, a series and a point: two encoders, a linear layer."""
    net = Net(5)
    image = resnet6(net, "image", 3)
    climate = net.pooled(net.add("Relu", net.conv("climate", (2, 6))))
    joined = net.add("Concat", image, climate, "soil", axis=1)
    return net.model(SHAPES, joined, 12 + 6 + 3, TAXA, opset)


def make_package(folder: Path, model: onnx.ModelProto) -> Path:
    kinds: dict[str, dict[str, Any]] = {
        "image": {"kind": "patch", "resolution": 10, "pixel": 10, "size": [24, 24], "offset": [1, 0, 2],
                  "scale": [2, 1, 3]},
        "climate": {"kind": "series", "resolution": 1000, "time_shape": [4, 5], "scale": [2, 4],
                    "time": [f"t{step}" for step in range(20)]},
        "soil": {"kind": "point", "resolution": 50}}
    inputs = [{"name": name, **kinds[name], "predictors": [
        {"name": f"{name}{band}", "title": f"{name} {band}", "unit": "1"} for band in range(SHAPES[name][0])]}
        for name in SHAPES]
    card = {"name": "three", "title": "Three", "version": "1", "description": "Random.", "licence": "CC0-1.0",
            "inputs": inputs, "output": "scores", "scale": "logit", "default_rule": "topk:3", "resolution": 50,
            "simulated": True}
    rows = [{"id": str(i), "name": f"Genus species{i}"} for i in range(TAXA)]
    write_package(folder, card, model.SerializeToString(), rows)
    return folder


def whole_graph(model: onnx.ModelProto, inputs: dict[str, Any]) -> np.ndarray:
    """Return the scores of the untouched graph on normalised inputs."""
    given = {name: np.asarray(values, np.float32) for name, values in inputs.items()}
    given["image"] = (given["image"] - np.float32([1, 0, 2]).reshape(3, 1, 1)) / np.float32([2, 1, 3]).reshape(3, 1, 1)
    given["climate"] = given["climate"] / np.float32([2, 4]).reshape(2, 1, 1)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(["scores"], given)[0]


def given_inputs(dilation: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(2)
    rows, cols = (part.ravel()[rng.permutation(48) < 40] for part in np.mgrid[:6, :8])
    side = dilation * 23 + 1
    mosaic = rng.normal(size=(3, 25 + side, 35 + side)).astype(np.float32)
    climate = rng.normal(size=(3, 2, 4, 5)).astype(np.float32)
    return {"image": Patches(mosaic, rows * 5, cols * 5, (24, 24), dilation), "climate": climate[cols // 3],
            "soil": rng.normal(size=(40, 3)).astype(np.float32)}


def dense(ranked: Any) -> np.ndarray:
    scores = np.empty_like(ranked.values)
    np.put_along_axis(scores, ranked.ids.astype(np.intp), ranked.values, axis=1)
    return scores


@pytest.mark.parametrize("opset", [11, 17, 21])
@pytest.mark.parametrize("dilation", [1, 2])
def test_scores_are_those_of_the_whole_graph(tmp_path: Path, opset: int, dilation: int) -> None:
    """Also where the cells' patches lie on two lattices (25 m cells on 10 m pixels: every second place)."""
    model, inputs = make_model(opset), given_inputs(dilation)
    session = Session(open_package(str(make_package(tmp_path / "three", model))), threads=1)
    assert session.encoders.names == {"image", "climate"} and not session.encoders.notes
    found = dense(session.rank(inputs, TAXA, 7))
    assert np.abs(found - whole_graph(model, inputs)).max() < 1e-5
    arrays = {name: np.asarray(values) for name, values in inputs.items()}
    assert np.abs(dense(session.rank(arrays, TAXA, 7)) - found).max() < 1e-5


def test_a_series_that_repeats_is_encoded_once_for_all_blocks(tmp_path: Path) -> None:
    session = Session(open_package(str(make_package(tmp_path / "three", make_model()))), threads=1)
    encoder, encoded = session.encoders._series["climate"], []
    run = encoder._session

    class Counted:
        def run(self, outputs: Any, feed: dict[str, np.ndarray]) -> Any:
            encoded.append(len(feed["climate"]))
            return run.run(outputs, feed)

    encoder._session = Counted()
    session.rank(given_inputs(), TAXA, 7)
    session.rank(given_inputs(), TAXA, 7)
    assert encoded == [3]


def test_the_shape_of_an_input_is_no_feature() -> None:
    """A head that asks how many cells there are must not be told how many of them are distinct."""
    net = Net(1)
    cells = net.add("Cast", net.add("Shape", "climate"), to=onnx.TensorProto.FLOAT)
    first = net.add("Gather", cells, net.constant(np.int64(0)))
    flat = net.add("Add", net.add("Flatten", "climate", axis=1), first)
    other = net.add("Mul", net.add("ReduceMean", "soil", axes=[1], keepdims=1), first)
    model = net.model({"climate": (2, 4, 5), "soil": (3,)}, net.add("Concat", flat, other, axis=1), 41)
    card = [entry for entry in open_card() if entry.name != "image"]
    encoders = Encoders(model, card, partial(Running, provider=provider_of("cpu"), name="net"), Batches(1))
    assert not encoders.names and encoders.head is model


def open_card() -> Any:
    from geoplantnet_plugin.engine.models.card import ModelInput, Predictor

    def bands(name: str) -> tuple[Predictor, ...]:
        return tuple(Predictor(f"{name}{band}", "", "") for band in range(SHAPES[name][0]))

    return (ModelInput("image", "patch", bands("image"), 10, size=(24, 24), pixel=10),
            ModelInput("climate", "series", bands("climate"), 1000, time_shape=(4, 5)),
            ModelInput("soil", "point", bands("soil"), 50))


def write(path: Path, values: np.ndarray, pixel: float, left: float, top: float, names: list[str]) -> str:
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:3035", count=len(values), dtype="float32",
                       height=values.shape[1], width=values.shape[2], nodata=float("nan"),
                       transform=Affine(pixel, 0, left, 0, -pixel, top)) as out:
        out.write(values)
        out.descriptions = names
    return str(path)


def bilinear(values: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Return (n, bands) of 2 × 2 pixels of 20 cells a side, at the cells' centres."""
    down, along = (np.clip((part + 0.5) / 20 - 0.5, 0, 1)[:, None] for part in (rows, cols))
    upper, lower = ((1 - along) * values[:, row, 0] + along * values[:, row, 1] for row in (0, 1))
    return (1 - down) * upper + down * lower


LEFT, TOP = 4_000_000, 2_500_000


def make_rasters(folder: Path, cells: int, image: np.ndarray, soil: np.ndarray, climate: np.ndarray) -> tuple[str, ...]:
    """Write the model's predictors over a square of so many cells a side."""
    assert image.shape[1] == 5 * cells and soil.shape[1] == cells
    steps = [f"climate{band} t{step}" for band in range(2) for step in range(20)]
    return (write(folder / "image.tif", image, 10, LEFT - 5, TOP + 5, [f"image{band}" for band in range(3)]),
            write(folder / "soil.tif", soil, 50, LEFT, TOP, [f"soil{band}" for band in range(3)]),
            write(folder / "climate.tif", climate, 1000, LEFT, TOP, steps))


def make_area(folder: Path, shape: Polygon) -> str:
    path = folder / "area.gpkg"
    geopandas.GeoDataFrame(geometry=[shape], crs="EPSG:3035").to_file(path)
    return str(path)


def test_an_assessment_has_the_scores_of_patch_by_patch(tmp_path: Path) -> None:
    """A triangle of cells over pixels with a gap: every scored cell beside the whole graph on its own patch."""
    rng, model = np.random.default_rng(8), make_model()
    image = rng.normal(size=(3, 200, 200)).astype(np.float32)
    image[1, 60, 70] = np.nan
    soil = rng.normal(size=(3, 40, 40)).astype(np.float32)
    climate = rng.normal(size=(40, 2, 2)).astype(np.float32)
    rasters = make_rasters(tmp_path, 40, image, soil, climate)
    area = make_area(tmp_path, Polygon([(LEFT + 300, TOP - 300), (LEFT + 1700, TOP - 300), (LEFT + 1000, TOP - 1700)]))
    out, package = tmp_path / "out", str(make_package(tmp_path / "three", model))
    assess(AssessJob(area, out, ModelOptions(package, rasters)), Reporter())
    with rasterio.open(out / "species.tif") as species:
        found, scales, x0, y0 = species.read(masked=True), species.scales, species.bounds.left, species.bounds.top
    rows, cols = np.nonzero(~found.mask[0])
    assert 300 < len(rows) < 392
    row0, col0 = (rows + (TOP - y0) / 50).astype(int), (cols + (x0 - LEFT) / 50).astype(int)
    inputs = {"image": np.stack([image[:, 5 * row - 9:5 * row + 15, 5 * col - 9:5 * col + 15]
                                 for row, col in zip(row0, col0, strict=True)]),
              "climate": bilinear(climate, row0, col0).reshape(-1, 2, 4, 5), "soil": soil[:, row0, col0].T}
    assert np.isfinite(inputs["image"]).all()
    expected = whole_graph(model, inputs)
    assert np.abs(found[:, rows, cols].T * scales[0] - expected).max() < 6e-4  # stored in steps of 0.001
