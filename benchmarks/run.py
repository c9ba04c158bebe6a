"""Time `geoplantnet assess` beside the bare ONNX Runtime loop on the same cells, and a short one beside a bare start.

``python -m benchmarks.run small`` runs the short one alone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import large
from benchmarks.measure import bare_loop, geoplantnet, measured, report, table

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "resources" / "demo"
SMALL = (4_097_700, 2_589_600, 4_099_300, 2_591_200)
"""A square of 1,024 cells of 50 m in the demo's land (EPSG:3035)."""
START = ("import sys, numpy, onnxruntime; "
         "onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider']); print('{}')")
VAUD = ROOT / ".." / "shared" / "data" / "vaud_alps" / "ecospat.testEnv.tif"


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        small(Path(folder))
        if sys.argv[1:] == ["small"]:
            return
        vaud(Path(folder))
        large.measure(Path(folder))


def small(folder: Path) -> None:
    """The bundled model on 1,024 cells, from the command to the folder: the quickest of three runs of each side."""
    import geopandas
    from shapely import box

    area, model = folder / "small.gpkg", ROOT / "resources" / "models" / "western-swiss-alps" / "model.onnx"
    geopandas.GeoDataFrame(geometry=[box(*SMALL)], crs="EPSG:3035").to_file(area)
    runs, starts = [], []
    for number in range(3):
        runs.append(geoplantnet("assess", "--area", str(area), "--model", "western-swiss-alps", "--predictors",
                                str(DEMO / "predictors.tif"), "--out", str(folder / f"small-{number}")))
        starts.append(measured(sys.executable, "-c", START, str(model)))
    wall, bare_wall = (min(run.seconds for run in some) for some in (runs, starts))
    processor, bare = (min(run.processor for run in some) for some in (runs, starts))
    table(f"western-swiss-alps on {runs[0].result['summary']['cells']:,} cells of the demo's land", [
        ("whole job", f"{wall:.1f} s (target: 3 s)"), ("in processor seconds", f"{processor:.1f}"),
        ("Python, NumPy and an ONNX Runtime session of the model", f"{bare_wall:.2f} s, {bare:.2f} processor seconds"),
        ("whole job ÷ that", f"{wall / bare_wall:.1f}, in processor seconds {processor / bare:.1f}"),
        ("peak resident memory", f"{runs[0].peak_mb:,.0f} MB")])


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


if __name__ == "__main__":
    main()
