"""Time `geoplantnet assess` beside the bare ONNX Runtime loop on the same cells."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import Run, geoplantnet, table
from geoplantnet_plugin.engine.models.write import write_package

ROOT = Path(__file__).resolve().parent.parent
VAUD = ROOT / ".." / "shared" / "data" / "vaud_alps" / "ecospat.testEnv.tif"
TAXA, PREDICTORS, HIDDEN = 11_255, 40, 512
SIDE = 224
"""Cells of the generated area: 224 × 224 = 50,176."""


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        vaud(Path(folder))
        large_model(Path(folder))


def vaud(folder: Path) -> None:
    """The bundled model on the whole Vaud raster at 50 m."""
    if not VAUD.exists():
        print("../shared/data/vaud_alps is absent: the Vaud benchmark is left out")
        return
    import geopandas
    import rasterio
    from shapely import box

    with rasterio.open(VAUD) as raster:
        area = geopandas.GeoDataFrame(geometry=[box(*raster.bounds)], crs="EPSG:21781")
    area.to_file(folder / "vaud.gpkg")
    run = geoplantnet("assess", "--area", str(folder / "vaud.gpkg"), "--model", "western-swiss-alps", "--predictors",
                      str(VAUD), "--predictor-crs", "EPSG:21781", "--out", str(folder / "vaud"))
    bare = bare_loop(ROOT / "resources" / "models" / "western-swiss-alps" / "model.onnx",
                     run.result["summary"]["cells"], 1024)
    report("western-swiss-alps on the whole Vaud raster at 50 m", run, bare)


def large_model(folder: Path) -> None:
    """A generated 40→512→512→11,255 network on 50,176 cells, top-25."""
    import geopandas
    from shapely import box

    raster, model = folder / "predictors.tif", folder / "large"
    left, top = 4_000_000, 2_600_000
    write_predictors(raster, left, top)
    write_large_model(model)
    area = box(left, top - SIDE * 50, left + SIDE * 50, top)
    geopandas.GeoDataFrame(geometry=[area], crs="EPSG:3035").to_file(folder / "square.gpkg")
    run = geoplantnet("assess", "--area", str(folder / "square.gpkg"), "--model", str(model), "--predictors",
                      str(raster), "--out", str(folder / "large-out"), "--set-rule", "topk:25")
    report("40→512→512→11,255 on 50,176 cells, top-25", run, bare_loop(model / "model.onnx", SIDE * SIDE, 256))


def bare_loop(graph: Path, cells: int, batch: int) -> float:
    """Return the seconds that ONNX Runtime alone takes for so many cells of random input."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    values = np.random.default_rng(0).normal(size=(batch, entry.shape[1])).astype(np.float32)
    session.run(None, {entry.name: values})
    start = time.perf_counter()
    for first in range(0, cells, batch):
        session.run(None, {entry.name: values[:cells - first]})
    return time.perf_counter() - start


def report(title: str, run: Run, bare: float) -> None:
    """Print one run beside its bare loop."""
    summary = run.result["summary"]
    timings = summary["timings"]
    table(title, [
        ("cells scored", f"{summary['cells']:,}"), ("whole job", f"{run.seconds:.1f} s"),
        ("cells a second, whole job", f"{summary['cells'] / run.seconds:,.0f}"),
        ("start-up (until the first cell)", f"{timings['startup']:.1f} s"), ("reading", f"{timings['read']:.1f} s"),
        ("inference", f"{timings['infer']:.1f} s"), ("reading and inference, overlapped", f"{timings['scores']:.1f} s"),
        ("writing", f"{timings['write']:.1f} s"), ("bare ONNX Runtime loop", f"{bare:.1f} s"),
        ("whole job ÷ bare loop", f"{run.seconds / bare:.1f}"), ("peak resident memory", f"{run.peak_mb:,.0f} MB")])


def write_predictors(path: Path, left: float, top: float, side: int = SIDE) -> None:
    """Write a raster with `PREDICTORS` named bands of noise, `side` cells wide and high."""
    import rasterio
    from affine import Affine

    values = np.random.default_rng(1).normal(size=(PREDICTORS, side, side)).astype(np.float32)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:3035", count=PREDICTORS, dtype="float32", height=side,
                       width=side, transform=Affine(50, 0, left, 0, -50, top), tiled=True) as out:
        out.write(values)
        out.descriptions = [f"p{i}" for i in range(PREDICTORS)]


def write_large_model(folder: Path) -> None:
    """Write the package of a random network with three layers."""
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(2)
    sizes = (PREDICTORS, HIDDEN, HIDDEN, TAXA)
    nodes, weights, last = [], [], "point"
    for i, (rows, cols) in enumerate(zip(sizes, sizes[1:], strict=False)):
        before = last
        matrix = rng.normal(0, rows**-0.5, (rows, cols)).astype(np.float32)
        weights.append(numpy_helper.from_array(matrix, f"w{i}"))
        nodes.append(helper.make_node("MatMul", [before, f"w{i}"], [f"z{i}"]))
        activation, last = ("Relu", f"a{i}") if i < 2 else ("Sigmoid", "scores")
        nodes.append(helper.make_node(activation, [f"z{i}"], [last]))
    graph = helper.make_graph(
        nodes, "large", [helper.make_tensor_value_info("point", TensorProto.FLOAT, ["cells", PREDICTORS])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", TAXA])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    card = {"name": "large", "title": "Large random network", "version": "1.0",
            "description": "Random weights, for timing.", "licence": "CC0-1.0", "output": "scores", "scale": "sigmoid",
            "default_rule": "topk:25", "resolution": 50, "simulated": True,
            "calibration": {"richness": {"dispersion": 1.5}},
            "inputs": [{"name": "point", "kind": "point", "resolution": 50, "predictors": [
                {"name": f"p{i}", "title": f"p{i}", "unit": "1", "range": [-6, 6]} for i in range(PREDICTORS)]}]}
    write_package(folder, card, model.SerializeToString(),
                  ({"id": str(i), "name": f"Genus species{i}"} for i in range(TAXA)))


if __name__ == "__main__":
    main()
