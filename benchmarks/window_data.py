"""What the benchmark of the window works on: a 25 km tile, a model of 11,255 taxa, and an assessment made of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.large import LEFT, TILE, TOP, write_large_model, write_predictors, write_square
from benchmarks.measure import geoplantnet

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "resources" / "models" / "western-swiss-alps" / "card.json"


def main(folder: Path) -> None:
    """Write whatever of it is not there yet into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    area, raster, model, out = (folder / name for name in ("tile.gpkg", "predictors.tif", "large", "assessment"))
    if not (folder / "alps.tif").exists():
        write_alps(folder / "alps.tif")
    if not area.exists():
        write_square(area, TILE)
    if not raster.exists():
        write_predictors(raster, TILE)
    if not model.exists():
        write_large_model(model)
    if not (out / "assessment.json").exists() or '"state": "complete"' not in (out / "assessment.json").read_text():
        geoplantnet("assess", "--area", str(area), "--model", str(model), "--predictors", str(raster), "--out",
                    str(out), "--set-rule", "topk:25")


def write_alps(path: Path) -> None:
    """Write made-up predictors of the bundled model, within the ranges of its training data."""
    import rasterio
    from affine import Affine

    predictors = json.loads(CARD.read_text(encoding="utf-8"))["inputs"][0]["predictors"]
    rng = np.random.default_rng(3)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:3035", count=len(predictors), dtype="float32", height=TILE,
                       width=TILE, transform=Affine(50, 0, LEFT, 0, -50, TOP), tiled=True) as out:
        for band, predictor in enumerate(predictors, 1):
            out.write(rng.uniform(*predictor["quantiles"], (TILE, TILE)).astype(np.float32), band)
            out.set_band_description(band, predictor["name"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
