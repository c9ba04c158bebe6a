"""A small world to torture: a model, its rasters, an area, and all else that a job reads; nothing of it is real."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas
import numpy as np
import onnx
import rasterio
from affine import Affine
from onnx import TensorProto, helper, numpy_helper
from shapely import box

LEFT, TOP, SIDE, CELLS = 4_000_000.0, 2_600_000.0, 100.0, 300
NAMES = ("Arnica montana", "Salix alba", "Abies alba", "Poa alpina", "Acer opalus")


def write_world(folder: Path) -> Path:
    """Write ``model``, ``env.tif``, ``site.gpkg``, ``list.csv`` and ``records.csv`` into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    _model(folder / "model")
    rng = np.random.default_rng(0)
    bands = rng.normal(size=(2, CELLS, CELLS)).astype("float32")
    with rasterio.open(folder / "env.tif", "w", driver="GTiff", width=CELLS, height=CELLS, count=2, dtype="float32",
                       crs="EPSG:3035", transform=Affine(SIDE, 0, LEFT, 0, -SIDE, TOP), nodata=-9999) as file:
        file.write(bands)
        file.descriptions = ("warm", "wet")
    site = box(LEFT + 20_050, TOP - 28_000, LEFT + 28_000, TOP - 22_050)
    geopandas.GeoDataFrame({"part": ["a"]}, geometry=[site], crs="EPSG:3035").to_file(folder / "site.gpkg")
    (folder / "list.csv").write_text("name;category\nArnica montana L.;VU\nSalix alba L.;LC\n", encoding="utf-8")
    (folder / "records.csv").write_text("scientificName,individualCount\nArnica montana,2\nPoa alpina,0\n",
                                        encoding="utf-8")
    (folder / "plan.json").write_text(json.dumps({"schema": 1, "bindings": [
        {"predictor": "warm", "source": "env.tif", "band": 1}, {"predictor": "wet", "source": "env.tif", "band": 2}]}))
    return folder


def _model(folder: Path) -> None:
    folder.mkdir()
    rng = np.random.default_rng(1)
    weights = [numpy_helper.from_array(rng.normal(size=(2, len(NAMES))).astype("f4"), "w"),
               numpy_helper.from_array(np.zeros(len(NAMES), "f4"), "b")]
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["x", "w", "b"], ["logits"]), helper.make_node("Sigmoid", ["logits"], ["scores"])],
        "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, len(NAMES)])], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
              str(folder / "model.onnx"))
    (folder / "taxa.csv").write_text("id,name,lambda\n" + "".join(f"{i},{name},0.5\n" for i, name in enumerate(NAMES)))
    sums = {name: f"sha256:{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"
            for name in ("model.onnx", "taxa.csv")}
    predictors = [{"name": name, "title": name, "unit": ""} for name in ("warm", "wet")]
    (folder / "card.json").write_text(json.dumps({
        "schema": 1, "name": "small", "title": "Small", "version": "1", "description": "d", "licence": "CC0",
        "attribution": "", "inputs": [{"name": "x", "kind": "point", "resolution": 100, "predictors": predictors}],
        "output": "scores", "scale": "sigmoid", "default_rule": "lambda", "resolution": 100, "simulated": True,
        "checksums": sums}))
