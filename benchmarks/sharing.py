"""A model shaped as the GeoPlant ensemble: patch by patch, exactly with sharing, and the faster speeds, side by side.

``python -m benchmarks.sharing [ROWS COLUMNS [SPEED]]`` runs this part alone. Weights are random, the land is smooth
noise at 10 m, the climate of 1 km is taken from the nearest pixel, the Landsat series is every cell's own. Each figure
is the ratio to patch by patch in the same run: before and after each speed eight patches are run by themselves, and the
quicker time counts. Processor seconds are told beside seconds: on a computer that other jobs share they alone mean
something. *Balanced* and *fast* score a strip as a job does, *exact* its first rows; the deviation is that from *exact*
in some cells of these.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.measure import falling_noise, table
from geoplantnet_plugin.engine.cube.block import Patches
from geoplantnet_plugin.engine.models.normalise import normalise
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.sharing.encoders import SPEEDS
from geoplantnet_plugin.engine.models.write import write_package
from training.workshop.importers.networks import geoplant_mme
from training.workshop.importers.published import IMPORTERS

TAXA, ALONE, KEEP = 11_255, 8, 25
EXACT_ROWS, CHECKED = 32, 48
ENCODERS = {"landsat": (6, 50), "bioclim": (4, 3000), "sentinel": (4, 1)}
"""Bands and how large their values are, about: first weights are divided by it, so that all inputs count."""
PATCH, STRIDE = 128, 5


def measure(rows: int = 128, cols: int = 256, *speeds: str) -> None:
    """Print how much quicker each speed is, and how far the scores move, for `rows` × `cols` cells of 50 m."""
    with TemporaryDirectory() as folder:
        package = write_ensemble(Path(folder) / "mme")
        inputs, session = make_inputs(rows, cols), Session(package)
        batch, rng = session.batch(1 << 29), np.random.default_rng(5)
        alone = untouched(package, inputs, rng.choice(rows * cols, ALONE, replace=False))
        checked = rng.choice(EXACT_ROWS * cols, CHECKED, replace=False)
        truth = session.rank(some(inputs, checked), KEEP, batch).ids
        lines, slow = [], [spent(alone)[:2]]
        for speed in speeds or SPEEDS:
            session.encoders.speed = speed
            scored = some(inputs, np.arange(EXACT_ROWS * cols)) if speed == "exact" else inputs
            *taken, best = spent(partial(session.rank, scored, KEEP, batch))
            slow.append(spent(alone)[:2])
            wall, processor = (min(one[k] for one in slow[-2:]) / ALONE * len(best.ids) / taken[k] for k in (0, 1))
            kept = np.array([len(np.intersect1d(a, b)) for a, b in zip(truth, best.ids[checked], strict=True)])
            jaccard = kept / (2 * KEEP - kept)
            lines.append((speed, f"**{processor:.0f} ×** patch by patch in processor seconds, {wall:.0f} × in seconds; "
                                 f"top-25 Jaccard {jaccard.mean():.3f} (worst of {CHECKED} cells {jaccard.min():.2f})"))
            print(*lines[-1], file=sys.stderr, flush=True)
        table(f"GeoPlant-shaped ensemble, {rows} × {cols} cells of 50 m, {TAXA:,} taxa, {session.threads} threads",
              lines)


def spent(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the seconds and the processor seconds that a run takes, and what it gives."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - processor, found


def some(inputs: dict[str, np.ndarray | Patches], cells: np.ndarray) -> dict[str, np.ndarray | Patches]:
    """Return the inputs of some cells."""
    return {name: values.some(cells) if isinstance(values, Patches) else values[cells]
            for name, values in inputs.items()}


def untouched(package: ModelPackage, inputs: dict[str, np.ndarray | Patches], cells: np.ndarray
              ) -> Callable[[], object]:
    """Return what runs the untouched graph on some cells."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(package.graph), options, providers=["CPUExecutionProvider"])
    feed = {entry.name: normalise(entry, inputs[entry.name][cells]) for entry in package.card.inputs}
    return lambda: session.run([package.card.output], feed)


def make_inputs(rows: int, cols: int) -> dict[str, np.ndarray | Patches]:
    """Return the inputs of a rectangle of cells."""
    rng = np.random.default_rng(3)
    down, along = (part.ravel() for part in np.mgrid[:rows, :cols])
    climates = rng.normal(3000, 800, ((rows // 20 + 1) * (cols // 20 + 1), 4, 19, 12)).astype(np.float32)
    mosaic = smooth(rng, (rows - 1) * STRIDE + PATCH, (cols - 1) * STRIDE + PATCH)
    return {"landsat": rng.uniform(0, 90, (rows * cols, 6, 4, 21)).astype(np.float32),
            "bioclim": climates[down // 20 * (cols // 20 + 1) + along // 20],
            "sentinel": Patches(mosaic, down * STRIDE, along * STRIDE, (PATCH, PATCH))}


def smooth(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Return four bands (0 to 255) of land."""
    return np.clip(110 + 35 * falling_noise(rng, 4, height, width), 0, 255).astype(np.float32)


def write_ensemble(folder: Path) -> ModelPackage:
    """Write a package of GeoPlant's architecture with random weights."""
    rng, state = np.random.default_rng(1), {}
    for name, (channels, size) in ENCODERS.items():
        for number, width in enumerate((64, 128, 256, 512), 1):
            key = f"{name}_model"
            state[f"{key}.conv{number}.weight"] = rng.normal(0, (2 / (9 * channels)) ** 0.5, (width, channels, 3, 3))
            state[f"{key}.conv{number}.bias"] = np.zeros(width)
            state |= {f"{key}.bn{number}.{part}": np.full(width, value) for part, value in
                      (("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1))}
            channels = width
        state[f"{name}_model.conv1.weight"] /= size
    state["fc1.weight"], state["fc1.bias"] = rng.normal(0, 1536**-0.5, (TAXA, 1536)), np.full(TAXA, -4)
    model = geoplant_mme({name: np.asarray(values, np.float32) for name, values in state.items()})
    card = {**IMPORTERS["geoplant-mme"].card, "name": "mme"}
    taxa = ({"id": str(i), "name": f"Genus species{i}"} for i in range(TAXA))
    write_package(folder, card, model.SerializeToString(), taxa)
    return open_package(str(folder))


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:3]), *sys.argv[3:])
