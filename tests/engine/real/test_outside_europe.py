"""Real cubes outside Europe, bound by name and predicted on through the main job."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import onnx
import pyproj
import pytest
import rasterio
import shapely
from onnx import TensorProto, helper, numpy_helper

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.write import write_package

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TAXA = 6
CLASSES = ("geology", "soilgrids", "peridotites", "WDPA")


def bands(folder: Path) -> dict[str, tuple[Path, int]]:
    """Where each variable lies, by the band's name or the file's."""
    files = sorted(folder.glob("*.tif"))
    if len(files) > 1:
        return {path.name.split("_")[1]: (path, 1) for path in files}
    with rasterio.open(files[0]) as dataset:
        return {name: (files[0], number) for number, name in enumerate(dataset.descriptions, 1)}


def read(where: dict[str, tuple[Path, int]], names: list[str]) -> list[np.ndarray]:
    """The bands' values; a file's bands are read together, since they lie pixel by pixel."""
    files = {}
    for path in {where[name][0] for name in names}:
        with rasterio.open(path) as dataset:
            files[path] = dataset.read(masked=True).astype(float).filled(np.nan)
    return [files[where[name][0]][where[name][1] - 1] for name in names]


def at(values: np.ndarray, col: np.ndarray, row: np.ndarray, nearest: bool) -> np.ndarray:
    """Values at pixel positions: of the pixel under them, or bilinear from the four centres around."""
    if nearest:
        return values[np.floor(row).astype(int), np.floor(col).astype(int)]
    low_col, low_row = np.floor(col - 0.5).astype(int), np.floor(row - 0.5).astype(int)
    u, v = col - 0.5 - low_col, row - 0.5 - low_row
    corner = {(i, j): values[low_row + i, low_col + j] for i in (0, 1) for j in (0, 1)}
    return ((corner[0, 0] * (1 - u) + corner[0, 1] * u) * (1 - v)
            + (corner[1, 0] * (1 - u) + corner[1, 1] * u) * v)


def linear(names: list[str], mean: np.ndarray, deviation: np.ndarray, weights: np.ndarray, folder: Path) -> Path:
    """Write a package that scores sigmoid(standardised predictors · weights)."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["point", "w"], ["z"]), helper.make_node("Sigmoid", ["z"], ["scores"])], "linear",
        [helper.make_tensor_value_info("point", TensorProto.FLOAT, ["cells", len(names)])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", TAXA])],
        [numpy_helper.from_array(weights.astype(np.float32), "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    card = {"name": "generated", "title": "Generated", "version": "1.0", "description": "Random weights.",
            "licence": "CC0-1.0", "output": "scores", "scale": "sigmoid", "default_rule": "topk:2", "resolution": 1000,
            "simulated": True, "inputs": [{
                "name": "point", "kind": "point", "resolution": 1000, "offset": mean.tolist(),
                "scale": deviation.tolist(), "predictors": [
                    {"name": name, "title": name, "unit": "", **({"categorical": True} if name in CLASSES else {})}
                    for name in names]}]}
    write_package(folder, card, model.SerializeToString(),
                  ({"id": str(number), "name": f"Genus species{number}"} for number in range(TAXA)))
    return folder


@pytest.mark.parametrize(("folder", "box", "count", "zone"), [
    ("new_caledonia", (165.45, -21.65, 165.75, -21.4), 108, "EPSG:32758"),
    ("chelsa_costa_rica", (-84.3, 9.75, -84.0, 10.0), 19, "EPSG:32616")])
def test_a_whole_cube_is_bound_by_name_and_predicted_on_in_the_local_zone(tmp_path, folder, box, count, zone) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"../shared/data/{folder} is not there")
    where = bands(DATA / folder)
    names = sorted(where)  # in no order of the files
    assert len(names) == count
    rasters = read(where, names)
    mean = np.array([np.nanmean(values) for values in rasters])
    deviation = np.array([np.nanstd(values) or 1.0 for values in rasters])
    weights = np.random.default_rng(5).normal(0, 1.5 / np.sqrt(count), (count, TAXA))
    model = linear(names, mean, deviation, weights, tmp_path / "model")
    geopandas.GeoDataFrame(geometry=[shapely.box(*box)], crs="EPSG:4326").to_file(tmp_path / "area.gpkg")
    source = str(DATA / folder if folder.startswith("chelsa") else where[names[0]][0])
    job = AssessJob(str(tmp_path / "area.gpkg"), tmp_path / "out", ModelOptions(str(model), (source,)),
                    resolution=500.0, indicators=("richness",))
    assess(job, Reporter())
    document = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    assert document["grid"]["crs"] == zone
    assert [entry["name"] for entry in document["predictors"]] == names
    assert 900 < document["grid"]["effective_resolution"] < 1100
    with rasterio.open(tmp_path / "out" / "species.tif") as species:
        stored = species.read()
        transform = species.transform
        assert species.crs.to_string() == zone
    rows, cols = np.nonzero((stored != 65535).all(axis=0))
    assert len(rows) > 1000
    x, y = transform @ (cols + 0.5, rows + 0.5)
    with rasterio.open(where[names[0]][0]) as dataset:  # all of them lie on the same pixels
        there = pyproj.Transformer.from_crs(zone, dataset.crs, always_xy=True).transform(x, y)
        col, row = ~dataset.transform @ there
    expected = [at(values, col, row, nearest=name in CLASSES) for name, values in zip(names, rasters, strict=True)]
    z = ((np.stack(expected, axis=1) - mean) / deviation) @ weights
    known = np.isfinite(z).all(axis=1)  # beside the sea the job leaves missing neighbours out, this test does not
    assert known.mean() > 0.9
    scores = stored[:, rows[known], cols[known]].T * 2e-5
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-z[known])), atol=2e-3)
    assert scores.std(axis=0).min() > 0.01, "the maps should not be flat"
