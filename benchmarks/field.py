"""Packing for the field: seconds and bytes, how quick the forms are in QGIS, and how well plans are spread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.large import TILE, site, write_large_model
from benchmarks.measure import Run, geoplantnet, table
from geoplantnet_plugin.engine.field.sampling import draw_chances, sample

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "resources" / "demo"
QGIS_PYTHON = ROOT / ".venv-qgis" / "bin" / "python"
SPECIES = 300
PLANS, POINTS = 200, 30
sys.path.insert(0, str(ROOT / "tools"))


def main() -> None:
    """Print all figures."""
    spread()
    with tempfile.TemporaryDirectory() as folder:
        demo(Path(folder))
        tile(Path(folder))


def spread() -> None:
    """Voronoi variance of plans and of random points on a round site (0 is perfect balance)."""
    inside = np.hypot(*np.mgrid[-1:1:60j, -1:1:60j]) < 1
    cells, chances = np.argwhere(inside)[:, ::-1] + 0.5, draw_chances(inside.astype(float), POINTS)
    plans, halves, randoms = [], [], []
    for seed in range(PLANS):
        rng = np.random.default_rng(seed)
        drawn = sample(chances, POINTS, rng)
        points = np.stack([drawn.cols, drawn.rows], axis=1) + drawn.within
        plans.append(_voronoi(points, cells))
        halves.append(_voronoi(points[:POINTS // 2], cells))
        randoms.append(_voronoi(cells[rng.integers(0, len(cells), POINTS)], cells))
    table(f"Spatial balance: mean Voronoi variance over {PLANS} seeds, {POINTS} points in a circle", [
        ("simple random sampling", f"{np.mean(randoms):.3f}"), ("our plans", f"{np.mean(plans):.3f}"),
        ("the first half of our plans", f"{np.mean(halves):.3f}")])


def _voronoi(points: np.ndarray, cells: np.ndarray) -> float:
    nearest = ((cells[:, None] - points[None]) ** 2).sum(axis=2).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(points)) * len(points) / len(cells)
    return float(((shares - 1) ** 2).mean())


def demo(folder: Path) -> None:
    """Pack the demo and fill it through QGIS's forms."""
    geoplantnet("assess", "--area", str(DEMO / "area.geojson"), "--model", "western-swiss-alps", "--predictors",
                str(DEMO / "predictors.tif"), "--out", str(folder / "demo"))
    run = _pack(folder, "demo", "10 s")
    seen = _open(folder / "demo-field", 150, 12, 10)
    read = geoplantnet("field", "read", str(folder / "demo"), str(folder / "demo-field"))
    table("The demo, filled through QGIS's forms and read back", [
        ("observations, relevés", f"{seen['filled']['rows']['observations']}, {seen['filled']['rows']['releves']}"),
        ("reading back", f"{read.seconds:.1f} s, {read.result['issues']} things to look at"),
        ("packing", f"{run.seconds:.1f} s")])


def tile(folder: Path) -> None:
    """Pack a tile of 25 km with 300 species."""
    write_large_model(folder / "model", SPECIES)
    geoplantnet("assess", *site(folder, TILE), "--model", str(folder / "model"), "--out", str(folder / "tile"),
                "--set-rule", "topk:50")
    _pack(folder, "tile", "180 s, 500 MB")
    seen = _open(folder / "tile-field")
    table(f"The species list of the form in QGIS, {len(seen['everywhere']['names'])} species", [
        ("listing what is expected here", f"{1000 * seen['here']['listed']:.0f} ms (target: 200 ms)"),
        ("listing all of the site", f"{1000 * seen['everywhere']['listed']:.0f} ms (target: 200 ms)"),
        ("searching", f"{1000 * seen['everywhere']['searched']:.1f} ms (target: 200 ms)")])


def _pack(folder: Path, name: str, target: str) -> Run:
    """Pack an assessment and have QGIS make the project, as the command line does."""
    from headless import Headless

    os.environ.update(Headless(folder / "profile").prepare().environment())
    run = geoplantnet("pack", str(folder / name), "--out", str(folder / f"{name}-field"))
    table(f"geoplantnet pack, {name}: data, report and project", [
        ("time", f"{run.seconds:.1f} s (target: {target})"), ("size", f"{run.result['size']} MB"),
        ("project made by QGIS", "yes" if any((folder / f"{name}-field").glob("*.qgz")) else "no"),
        ("peak resident memory", f"{run.peak_mb:,.0f} MB")])
    return run


def _open(package: Path, *counts: int) -> dict[str, dict[str, object]]:
    """Open a package in a QGIS without the plugin and return what it saw."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("QGIS_")}
    done = subprocess.run([str(QGIS_PYTHON), str(ROOT / "tests" / "qgis" / "open_package.py"), str(package),
                           *map(str, counts)], env={**environment, "QT_QPA_PLATFORM": "offscreen"},
                          stdout=subprocess.PIPE, text=True, check=True)
    seen: dict[str, dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return seen


if __name__ == "__main__":
    main()
