"""A generated 40→512→512→11,255 network: the whole job, the indicators, and the files of a 25 km tile.

``python -m benchmarks.large`` runs this part alone. Targets: issues 2 and 5.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.measure import bare_loop, falling_noise, geoplantnet, quickest, report, table
from geoplantnet_plugin.engine.assemblage import MOST_RANKED, parse_rule
from geoplantnet_plugin.engine.assessment.parts import PIECE_SCORES
from geoplantnet_plugin.engine.assessment.pieces import Computation
from geoplantnet_plugin.engine.indicators import Context
from geoplantnet_plugin.engine.indicators.registry import select
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.runtime import ROWS_AT_ONCE, Session
from geoplantnet_plugin.engine.models.statements import statements_of
from geoplantnet_plugin.engine.models.write import write_package
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.ranked import RankedScores
from geoplantnet_plugin.engine.scores.source import ScoredBlock
from geoplantnet_plugin.engine.taxa.joining import join
from geoplantnet_plugin.engine.taxa.lists import load_lists

TAXA, PREDICTORS, HIDDEN = 11_255, 40, 512
BIAS = -5.65
"""Of the last layer: about fifty taxa are expected in a cell."""
BATCH = 186
"""Cells of a batch, as `runtime.batch_for` chooses."""
SIDE, TILE = 224, 500
"""Cells of a side: 224 × 224 = 50,176, and a tile of 25 km at 50 m."""
LEFT, TOP = 4_000_000, 2_600_000


def measure(folder: Path) -> None:
    """Print the figures."""
    model = folder / "large"
    write_large_model(model)
    whole_job(folder, model)
    indicators(model)
    tile(folder, model)
    every_score(folder, model)


def whole_job(folder: Path, model: Path) -> None:
    """Assess 50,176 cells with the best 25 taxa."""
    run = geoplantnet("assess", *site(folder, SIDE), "--model", str(model), "--out", str(folder / "large-out"),
                      "--set-rule", "topk:25")
    report("40→512→512→11,255 on 50,176 cells, top-25 (target: at most 2.0 × the bare loop, below 2 GiB)", run,
           bare_loop(model / "model.onnx", SIDE * SIDE, 256))


def indicators(folder: Path) -> None:
    """Rank given scores, keep 550, and compute all indicators with their uncertainty; beside the network's time."""
    package = open_package(str(folder))
    cells = 4096
    session = Session(package)
    inputs = {"point": np.random.default_rng(3).normal(size=(cells, PREDICTORS)).astype(np.float32)}
    taxa = join(package.taxa, load_lists()).taxa
    context = Context(taxa, package.card.scale, Calibration(1.5))
    computation = Computation(parse_rule("lambda:0.05", taxa, package.card.scale, statements_of(package.card)),
                              select(("all",), context), context)
    ranked = session.rank(inputs, MOST_RANKED, BATCH)
    blocks = [ScoredBlock(np.arange(len(part), dtype=np.int32),
                          RankedScores(part, ranked.values[first:first + len(part)], ranked.scale),
                          np.zeros(len(part), np.bool_))
              for first in range(0, cells, PIECE_SCORES // MOST_RANKED)
              for part in [ranked.ids[first:first + PIECE_SCORES // MOST_RANKED]]]
    with ThreadPoolExecutor() as pool:
        dense = session.rank(inputs, TAXA, BATCH)
        scores = np.take_along_axis(dense.values, np.argsort(dense.ids, axis=1), axis=1)
        parts = np.array_split(scores, cells // ROWS_AT_ONCE)
        bare, ranking, computed = (quickest(work) for work in (
            lambda: bare_loop(package.graph, cells, BATCH)[0],
            lambda: list(pool.map(lambda part: RankedScores.from_dense(part, MOST_RANKED, ranked.scale), parts)),
            lambda: list(computation.pieces(blocks, pool))))
    share = (ranking + computed) / bare
    table(f"All indicators with uncertainty, {MOST_RANKED} of {TAXA:,} scores kept, {cells:,} cells", [
        ("the network alone", f"{bare:.2f} s"), ("ranking its scores", f"{ranking:.2f} s"),
        ("set rule and indicators", f"{computed:.2f} s"),
        ("ranking, set rule and indicators ÷ the network", f"{share:.0%} (target: at most 50 %)")])


def tile(folder: Path, model: Path) -> None:
    """Assess a tile of 250,000 cells with 50 taxa a cell and weigh its files."""
    out = folder / "tile"
    run = geoplantnet("assess", *site(folder, TILE), "--model", str(model), "--out", str(out), "--set-rule", "topk:50")
    species = out / "species.tif"
    script = ("import sys, time, rasterio; start = time.perf_counter(); "
              "print(rasterio.open(sys.argv[1]).count, time.perf_counter() - start)")
    bands, seconds = subprocess.run([sys.executable, "-c", script, str(species)], capture_output=True, text=True,
                                    check=True).stdout.split()
    rasters = sum(path.stat().st_size for path in out.rglob("*.tif"))
    table("A tile of 25 km: 250,000 cells, 50 taxa a cell", [
        ("assemblage.gpkg", f"{(out / 'assemblage.gpkg').stat().st_size / 1e6:.0f} MB (target: below 400 MB)"),
        ("rasters", f"{rasters / 1e6:.0f} MB (target: below 650 MB)"),
        ("writing", f"{run.result['summary']['timings']['write']:.0f} s (target: below 180 s)"),
        (f"opening species.tif with {int(bands):,} bands", f"{float(seconds):.2f} s (target: 2 s with 11,255)"),
        ("peak resident memory", f"{run.peak_mb:,.0f} MB")])


def every_score(folder: Path, model: Path) -> None:
    """Assess a tile of land, whose neighbours are alike, with every score of the listed taxa."""
    out = folder / "every-score"
    run = geoplantnet("assess", *site(folder, TILE, as_land=True), "--model", str(model), "--out", str(out),
                      "--set-rule", "topk:50", "--all-scores")
    bands, size = json.loads((out / "assessment.json").read_text())["all_scores"]["taxa"], (
        out / "all_scores.tif").stat().st_size
    table("Every score of the listed taxa, in a tile of land of 250,000 cells, 50 taxa a cell", [
        ("all_scores.tif", f"{size / 1e6:.0f} MB (target: below 300 MB)"), ("taxa", f"{bands:,}"),
        ("bits a score", f"{8 * size / (bands * TILE**2):.2f}"), ("whole job", f"{run.seconds:.0f} s"),
        ("peak resident memory", f"{run.peak_mb:,.0f} MB")])


def site(folder: Path, side: int, as_land: bool = False) -> tuple[str, ...]:
    """Write a square of so many cells and its predictors, noise or `as_land`; return the flags that name them."""
    raster, area = folder / f"predictors-{side}{'-land' * as_land}.tif", folder / f"square-{side}.gpkg"
    write_predictors(raster, side, as_land)
    write_square(area, side)
    return "--area", str(area), "--predictors", str(raster)


def write_square(path: Path, side: int) -> None:
    """Write a square of `side` × `side` cells as an area."""
    import geopandas
    from shapely import box

    square = box(LEFT, TOP - side * 50, LEFT + side * 50, TOP)
    geopandas.GeoDataFrame(geometry=[square], crs="EPSG:3035").to_file(path)


def write_predictors(path: Path, side: int, as_land: bool = False) -> None:
    """Write a raster with `PREDICTORS` named bands, `side` cells wide and high: noise, or land."""
    import rasterio
    from affine import Affine

    rng = np.random.default_rng(1)
    values = falling_noise(rng, PREDICTORS, side, side) if as_land else rng.normal(size=(PREDICTORS, side, side))
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:3035", count=PREDICTORS, dtype="float32", height=side,
                       width=side, transform=Affine(50, 0, LEFT, 0, -50, TOP), tiled=True) as out:
        out.write(values.astype(np.float32))
        out.descriptions = [f"p{i}" for i in range(PREDICTORS)]


def write_large_model(folder: Path, taxa: int = TAXA) -> None:
    """Write the package of a random network with three layers for so many taxa."""
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(2)
    sizes = (PREDICTORS, HIDDEN, HIDDEN, taxa)
    nodes, weights, last = [], [], "point"
    for i, (rows, cols) in enumerate(zip(sizes, sizes[1:], strict=False)):
        before = last
        matrix = rng.normal(0, rows**-0.5, (rows, cols)).astype(np.float32)
        weights.append(numpy_helper.from_array(matrix, f"w{i}"))
        weights.append(numpy_helper.from_array(np.full(cols, 0 if i < 2 else BIAS, np.float32), f"b{i}"))
        nodes.append(helper.make_node("MatMul", [before, f"w{i}"], [f"y{i}"]))
        nodes.append(helper.make_node("Add", [f"y{i}", f"b{i}"], [f"z{i}"]))
        activation, last = ("Relu", f"a{i}") if i < 2 else ("Sigmoid", "scores")
        nodes.append(helper.make_node(activation, [f"z{i}"], [last]))
    graph = helper.make_graph(
        nodes, "large", [helper.make_tensor_value_info("point", TensorProto.FLOAT, ["cells", PREDICTORS])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["cells", taxa])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    card = {"name": "large", "title": "Large random network", "version": "1.0",
            "description": "Random weights, for timing.", "licence": "CC0-1.0", "output": "scores", "scale": "sigmoid",
            "default_rule": "topk:25", "resolution": 50, "simulated": True,
            "calibration": {"richness": {"shared_sd": 0.3}},
            "inputs": [{"name": "point", "kind": "point", "resolution": 50, "predictors": [
                {"name": f"p{i}", "title": f"p{i}", "unit": "1", "range": [-6, 6]} for i in range(PREDICTORS)]}]}
    write_package(folder, card, model.SerializeToString(),
                  ({"id": str(i), "name": f"Genus species{i}"} for i in range(taxa)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary))
