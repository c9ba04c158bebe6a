"""``geoplantnet model quantize``: a smaller, faster copy of a model in 8-bit integers, with what that costs.

Static quantization by ONNX Runtime (QDQ): weights per channel where the operator set allows, activations by the
ranges seen over calibration cells; the last layer's scores stay in floating point. Half of the cells sampled from the
user's predictors calibrate, the other half tell how far the scores moved.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.plan import CubePlan, make_plan, open_sources
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import read_document
from geoplantnet_plugin.engine.models.check import Finding
from geoplantnet_plugin.engine.models.graph import load_graph
from geoplantnet_plugin.engine.models.normalise import normalise
from geoplantnet_plugin.engine.models.package import CARD, TAXA, ModelPackage, open_package
from geoplantnet_plugin.engine.models.runtime import Session, batch_for
from geoplantnet_plugin.engine.models.tables import read_named
from geoplantnet_plugin.engine.models.write import write_package
from geoplantnet_plugin.engine.where.area import Area, read_area
from geoplantnet_plugin.engine.where.blocks import area_blocks
from geoplantnet_plugin.engine.where.grid import Grid

if TYPE_CHECKING:
    import onnx

Inputs = Mapping[str, NDArray[np.float32]]

FEWEST_CELLS = 20
TOP = 25
OPERATORS = ("Conv", "Gemm", "MatMul")
PER_CHANNEL_OPSET = 13
MEMORY = 512 * 1024**2
METHOD = "static int8 (QDQ), ONNX Runtime"


@dataclass(frozen=True)
class Deviation:
    """How far the scores of `cells` moved, on the model's scale; `top_kept`: share of the best `top` taxa kept."""

    cells: int
    score_max: float
    score_mean: float
    top: int
    top_kept: float
    first_kept: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``geoplantnet model quantize``."""
    parser.description = ("Make a copy of a model in 8-bit integers, calibrated on cells of your area, and write into "
                          "its card how far its scores differ on other cells of the area.")
    parser.add_argument("model", help="name of a model, or path of a package")
    parser.add_argument("--area", required=True, help="polygons in which the calibration cells lie")
    parser.add_argument("--predictors", nargs="+", required=True, metavar="RASTER_OR_FOLDER")
    parser.add_argument("--predictor-crs", metavar="EPSG:N", help="CRS of rasters that carry none")
    parser.add_argument("--resolution", type=float, metavar="M", help="cell size in metres (default 50)")
    parser.add_argument("--cells", type=int, default=2000, help="cells to sample (default 2000), half to calibrate")
    parser.add_argument("--out", type=Path, help="new folder for the package (default: NAME-int8)")


def quantize(args: argparse.Namespace, reporter: Reporter) -> tuple[ModelPackage, Deviation, list[Finding]]:
    """Make the package that `args` describe; return it with its deviation and with what is weak about it.

    Raises `EngineError` when a predictor has no band, fewer than `FEWEST_CELLS` cells have data, the graph holds
    nothing to quantize, or the folder exists; then nothing is written.
    """
    package = open_package(args.model)
    area = read_area(args.area, None, reporter)
    grid = area.grid(args.resolution)
    sources = open_sources(args.predictors, reporter)
    plan = make_plan(package.card, sources, grid, area, args.predictor_crs, warner=reporter)
    inputs = sample(package, plan, grid, area, args.cells)
    cells = len(next(iter(inputs.values())))
    if cells < FEWEST_CELLS:
        raise EngineError("quantize_few_cells", cells=cells, fewest=FEWEST_CELLS)
    half = np.random.default_rng(0).permutation(cells) < cells // 2
    graph = quantized(package, {name: values[half] for name, values in inputs.items()})
    target = args.out or Path(f"{package.card.name}-int8")
    with tempfile.TemporaryDirectory(prefix="geoplantnet-") as folder:
        trial, _ = write_package(Path(folder) / "trial", _card(package, {}), graph, _taxa(package))
        moved = deviation(package, trial, {name: values[~half] for name, values in inputs.items()})
    stated = {"method": METHOD, "calibration_cells": int(half.sum()), "measured_cells": moved.cells,
              "score_max_difference": moved.score_max, "score_mean_difference": moved.score_mean,
              "top": moved.top, "top_kept": moved.top_kept, "first_kept": moved.first_kept}
    made, weak = write_package(target, _card(package, stated), graph, _taxa(package))
    return made, moved, weak


def sample(package: ModelPackage, plan: CubePlan, grid: Grid, area: Area, cells: int) -> Inputs:
    """Return the inputs of about `cells` cells of the area, drawn at random (seeded) from each of its blocks."""
    blocks = list(area_blocks(area, grid))
    every = sum(int(entry.inside.sum()) for entry in blocks)
    rng = np.random.default_rng(0)
    parts = []
    with closing(LocalCube(plan, grid, package.card)) as cube:
        for entry in blocks:
            found = cube.read(entry.block, entry.inside & (rng.random(entry.inside.shape) < cells / every))
            parts.append(found.inputs)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def quantized(package: ModelPackage, inputs: Inputs) -> bytes:
    """Return the package's graph in 8-bit integers, calibrated on `inputs` (in the predictors' units)."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        """Gives the calibration cells, a batch at a time, as the runtime would."""

        def __init__(self) -> None:
            self._batches = _batches(package, inputs)

        def get_next(self) -> dict[str, NDArray[np.float32]] | None:
            return next(self._batches, None)

    model = load_graph(package.graph)
    if not any(node.op_type in OPERATORS for node in model.graph.node):
        raise EngineError("quantize_nothing", operators=list(OPERATORS))
    with tempfile.TemporaryDirectory(prefix="geoplantnet-") as folder, _quiet():
        target = Path(folder) / "int8.onnx"
        quantize_static(model, str(target), Reader(), quant_format=QuantFormat.QDQ,
                        op_types_to_quantize=list(OPERATORS), per_channel=_per_channel(model),
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, reduce_range=True,
                        extra_options={"OpTypesToExcludeOutputQuantization": list(OPERATORS)})
        return target.read_bytes()


def _per_channel(model: onnx.ModelProto) -> bool:
    """Whether weights can have a scale for each channel: ONNX Runtime multiplies stacks of matrices with one only."""
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    axes = {tensor.name: len(tensor.dims) for tensor in model.graph.initializer}
    stacks = any(axes.get(name, 0) > 2 for node in model.graph.node if node.op_type == "MatMul" for name in node.input)
    return opset >= PER_CHANNEL_OPSET and not stacks


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the advice that the quantizer logs from the person, who cannot follow it."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _batches(package: ModelPackage, inputs: Inputs) -> Iterator[dict[str, NDArray[np.float32]]]:
    entries = package.card.inputs
    batch = batch_for(MEMORY, len(package.taxa), entries)
    for start in range(0, len(next(iter(inputs.values()))), batch):
        yield {entry.name: normalise(entry, inputs[entry.name][start:start + batch]) for entry in entries}


def deviation(package: ModelPackage, other: ModelPackage, inputs: Inputs) -> Deviation:
    """Return how far the scores of `other` are from those of `package` on `inputs`."""
    taxa = len(package.taxa)
    batch = batch_for(MEMORY, taxa, package.card.inputs)
    before = Session(package).rank(inputs, taxa, batch)
    after = Session(other).rank(inputs, taxa, batch)
    difference = np.abs(_dense(before.ids, before.values) - _dense(after.ids, after.values))
    top = min(TOP, taxa)
    kept = [len(np.intersect1d(a, b)) for a, b in zip(before.ids[:, :top], after.ids[:, :top], strict=True)]
    return Deviation(len(before), float(difference.max()), float(difference.mean()), top,
                     float(np.mean(kept)) / top, float((before.ids[:, 0] == after.ids[:, 0]).mean()))


def _dense(ids: NDArray[np.int32], values: NDArray[np.float32]) -> NDArray[np.float32]:
    dense = np.empty_like(values)
    np.put_along_axis(dense, ids.astype(np.intp), values, axis=1)
    return dense


def _card(package: ModelPackage, stated: Mapping[str, Any]) -> dict[str, Any]:
    card = read_document(package.folder / CARD)
    kept = {key: value for key, value in card.items() if key not in ("schema", "checksums")}
    limits = [*card.get("limits", ()), f"Made of {card['name']} {card['version']}; evaluation, calibration and "
              "conformal figures are those of that model, not of the 8-bit copy."]
    return {**kept, "name": f"{card['name']}-int8"[:64], "title": f"{card['title']} (8-bit)", "limits": limits,
            **({"quantization": dict(stated)} if stated else {})}


def _taxa(package: ModelPackage) -> list[dict[str, str]]:
    return read_named(package.folder / TAXA, Reporter())
