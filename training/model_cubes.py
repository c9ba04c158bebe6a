"""The base cubes of the two models of plots: ``python -m training.model_cubes`` writes them into ``resources/cube``.

- ``vaud-alps``: the five topo-climatic predictors of `western-swiss-alps`, wall to wall, as R package ecospat ships
  them (250 m; the file says no CRS, it is EPSG:21781);
- ``netherlands``: region, land use and soil of the grid of `netherlands-lmf` (points 2,645 m apart, EPSG:28992), and
  the human footprint of the same land (0.0099°).

So a user needs no raster where these models were made; elsewhere the cubes have nothing to give.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.models.package import checksum
from training.datasets import lmf, vaud

DATA, TARGET = Path("../shared/data"), Path("resources/cube")
NETHERLANDS = (3.2, 50.6, 7.3, 53.7)
"""Left, bottom, right, top in degrees."""


@dataclass(frozen=True)
class Origin:
    """What a file of a cube is made of, as its manifest says it; `resolution` in metres."""

    title: str
    resolution: float
    licence: str
    attribution: str
    source: str
    changes: str


ALPS = Origin("Topo-climatic predictors of the Western Swiss Alps (ecospat.testEnv)", 250.0, vaud.SOURCE.licence,
              "ecospat.testEnv, R package ecospat (University of Lausanne), GPL", vaud.SOURCE.source,
              "none but the CRS, which the source leaves out, and its name for the file")
CLASSES = Origin("Region, land use and soil of the grid of the Dutch monitoring network of flora", 2645.0, "CC-BY-4.0",
                 "RIVM, rivm-syso/spr-poc-uncertainty-mapping, CC BY 4.0",
                 "rivm-syso/spr-poc-uncertainty-mapping @ 2c5f7e5",
                 "points of the table data_grid.csv as pixels; names as codes (`training.datasets.lmf`)")
FOOTPRINT = Origin("Human footprint 2009: built-up, night-time lights", 1000.0, "MIT (repository plantnet/malpolon)",
                   "Human footprint 2009, from plantnet/malpolon @ c486e69", "plantnet/malpolon @ c486e69",
                   "cut to the Netherlands")


def main() -> None:
    """Write both cubes."""
    import rasterio

    with rasterio.open(DATA / "vaud_alps" / "ecospat.testEnv.tif") as source:
        profile = {"crs": "EPSG:21781", "transform": source.transform}
        files = {"predictors.tif": (ALPS, vaud.PREDICTORS, source.read().astype(np.float32), profile)}
    _write_cube(TARGET / "vaud-alps", files)
    classes, layers = lmf.PREDICTORS[:3], lmf.PREDICTORS[3:]
    _write_cube(TARGET / "netherlands", {"classes.tif": (CLASSES, classes, *_classes()),
                                         "footprint.tif": (FOOTPRINT, layers, *_footprint())})


def _classes() -> tuple[NDArray[Any], dict[str, Any]]:
    """Return the classes (3, height, width) of the grid's points as pixels, 0 where there is none."""
    import pandas as pd
    from affine import Affine

    table = pd.read_csv(DATA / "lmf_netherlands" / "data_grid.csv")
    xy = table["geometry"].str.extract(r"POINT \((\S+) (\S+)\)").astype(float).to_numpy()
    side = float(np.median(np.diff(np.unique(xy[:, 0].round(1)))))
    col = np.rint((xy[:, 0] - xy[:, 0].min()) / side).astype(int)
    row = np.rint((xy[:, 1].max() - xy[:, 1]) / side).astype(int)
    bands = np.zeros((3, row.max() + 1, col.max() + 1), np.uint8)
    for band, (column, known) in zip(bands, lmf.CATEGORIES.values()):
        codes = {name: code for code, name in enumerate(known, 1)}
        band[row, col] = table[column].map(codes).fillna(0)
    left, top = xy[:, 0].min() - side / 2, xy[:, 1].max() + side / 2
    return bands, {"crs": lmf.CRS, "transform": Affine(side, 0, left, 0, -side, top), "nodata": 0}


def _footprint() -> tuple[NDArray[Any], dict[str, Any]]:
    """Return both layers (2, height, width) over the Netherlands."""
    import rasterio
    from rasterio.windows import from_bounds

    bands = []
    for file in lmf.FOOTPRINT.values():
        with rasterio.open(DATA / "europe" / file) as source:
            window = from_bounds(*NETHERLANDS, source.transform).round_offsets().round_lengths()
            bands.append(source.read(1, window=window, masked=True).astype(np.float32).filled(np.nan))
            profile = {"crs": source.crs, "transform": source.window_transform(window), "nodata": float("nan")}
    return np.stack(bands), profile


def _write_cube(folder: Path, files: dict[str, tuple[Origin, Sequence[Predictor], NDArray[Any], dict[str, Any]]]
                ) -> None:
    import rasterio

    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for file, (origin, predictors, bands, profile) in files.items():
        with writing(folder / file) as path, rasterio.open(
                path, "w", driver="GTiff", count=len(bands), height=bands.shape[1], width=bands.shape[2],
                dtype=bands.dtype, compress="deflate", zlevel=9, tiled=True, interleave="band",
                **{"nodata": float("nan"), **profile}) as raster:
            raster.write(bands)
            raster.descriptions = tuple(predictor.name for predictor in predictors)
            raster.update_tags(ATTRIBUTION=origin.attribution, LICENCE=origin.licence)
        entries.append({
            "file": file, "title": origin.title, "resolution": origin.resolution, "licence": origin.licence,
            "attribution": origin.attribution, "from": origin.source, "changes": origin.changes,
            "bands": [{"name": predictor.name, "title": predictor.title} for predictor in predictors],
            "checksum": checksum(folder / file)})
    document = {"schema": 1, "name": folder.name, "written_by": "python -m training.model_cubes", "files": entries}
    with writing(folder / "base.json") as path:
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
