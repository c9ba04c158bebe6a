"""A small world whose answer is known: two predictors on the grid itself, three taxa, one linear model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import onnx
import rasterio
from affine import Affine
from onnx import TensorProto, helper, numpy_helper
from shapely import Polygon, box

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions

RESOLUTION = 50.0
LEFT, TOP = 4_000_000.0, 2_600_000.0
HEIGHT, WIDTH = 300, 420
WEIGHTS = np.array([[1.0, -1.0, 0.2], [0.5, 0.5, -2.0]], np.float32)
BIAS = np.array([-0.5, 0.3, 0.1], np.float32)
LAMBDAS = (0.5, 0.6, 0.25)
NAMES = ("Abies alba", "Carex nigra", "Salix alba")


@dataclass(frozen=True)
class World:
    """Where the inputs lie; `values` (2, HEIGHT, WIDTH) with NaN and the `scores` (HEIGHT, WIDTH, 3) they give."""

    folder: Path
    raster: Path
    model: Path
    values: np.ndarray
    scores: np.ndarray

    def area(self, shape: Polygon, crs: str = "EPSG:3035", name: str = "area") -> str:
        """Write `shape` as a GeoJSON-like file in `crs` and return its path."""
        import geopandas

        path = self.folder / f"{name}.gpkg"
        geopandas.GeoDataFrame(geometry=[shape], crs=crs).to_file(path)
        return str(path)

    def job(self, area: str, out: str = "out", **changes: object) -> AssessJob:
        """Return a job on this world."""
        own = {field.name: changes.pop(field.name) for field in fields(ModelOptions) if field.name in changes}
        options = ModelOptions(**{"model": str(self.model), "predictors": (str(self.raster),), **own})
        return AssessJob(area, self.folder / out, options, **changes)  # type: ignore[arg-type]


def cells_box(row: int, col: int, height: int, width: int) -> Polygon:
    """Return the rectangle of whole cells from (`row`, `col`)."""
    left, top = LEFT + col * RESOLUTION, TOP - row * RESOLUTION
    return box(left, top - height * RESOLUTION, left + width * RESOLUTION, top)


def make_world(folder: Path) -> World:
    """Write the world's files into `folder`."""
    rng = np.random.default_rng(7)
    values = rng.normal(size=(2, HEIGHT, WIDTH)).astype(np.float32)
    values[1, 10:14, 20:30] = np.nan
    raster = folder / "predictors.tif"
    transform = Affine(RESOLUTION, 0, LEFT, 0, -RESOLUTION, TOP)
    with rasterio.open(raster, "w", driver="GTiff", crs="EPSG:3035", count=2, dtype="float32", height=HEIGHT,
                       width=WIDTH, nodata=float("nan"), transform=transform) as out:
        out.write(values)
        out.descriptions = ("warmth", "water")
    logits = np.moveaxis(values, 0, -1) @ WEIGHTS + BIAS
    return World(folder, raster, write_model(folder / "model"), values, 1 / (1 + np.exp(-logits)))


def write_model(folder: Path) -> Path:
    """Write a package whose score of taxon k is sigmoid(x · w_k + b_k)."""
    folder.mkdir()
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["point", "w"], ["xw"]), helper.make_node("Add", ["xw", "b"], ["z"]),
         helper.make_node("Sigmoid", ["z"], ["scores"])], "logistic",
        [helper.make_tensor_value_info("point", TensorProto.FLOAT, ["cells", 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", 3])],
        [numpy_helper.from_array(WEIGHTS, "w"), numpy_helper.from_array(BIAS, "b")])
    onnx.save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
                    str(folder / "model.onnx"))
    rows = [f"{i + 1},{name},{name},{LAMBDAS[i]}" for i, name in enumerate(NAMES)]
    (folder / "taxa.csv").write_text("id,name,accepted_name,lambda\n" + "\n".join(rows) + "\n", encoding="utf-8")
    card = {"schema": 1, "name": "logistic", "title": "Logistic", "version": "1.0",
            "description": "Two weights a taxon.", "licence": "CC0-1.0",
            "output": "scores", "scale": "sigmoid", "default_rule": "lambda",
            "resolution": RESOLUTION, "simulated": True,
            "calibration": {"method": "true by construction", "richness": {"shared_sd": 0.0}},
            "inputs": [{"name": "point", "kind": "point", "resolution": RESOLUTION, "predictors": [
                {"name": "warmth", "title": "Warmth", "unit": "1", "range": [-6, 6]},
                {"name": "water", "title": "Water", "unit": "1", "range": [-6, 6]}]}],
            "domain": {"method": "mess", "source": "test", "values": {"warmth": np.linspace(-2, 2, 101).tolist()}},
            "checksums": {name: "sha256:" + hashlib.sha256((folder / name).read_bytes()).hexdigest()
                          for name in ("model.onnx", "taxa.csv")}}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder
