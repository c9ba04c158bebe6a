"""Time `geoplantnet assess` beside the bare ONNX Runtime loop on the same cells."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import large
from benchmarks.measure import bare_loop, geoplantnet, report

ROOT = Path(__file__).resolve().parent.parent
VAUD = ROOT / ".." / "shared" / "data" / "vaud_alps" / "ecospat.testEnv.tif"


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        vaud(Path(folder))
        large.measure(Path(folder))


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
