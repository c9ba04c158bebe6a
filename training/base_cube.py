"""The European base cube that ships: ``python -m training.base_cube`` writes ``resources/cube/europe``.

One grid of 10 km in EPSG:3035, aligned on the EEA reference grid, a file a licence:

- ``climate.tif``: bio1–bio19 of WorldClim 1.4, from 10 arc minutes (bilinear);
- ``terrain.tif``: altitude of EU-DEM, statistics of cells of 0.11° (bilinear);
- ``place.tif``: easting and northing of the cells' centres, sea included;
- ``base.json``: the manifest (``docs/cube.md``), which quotes what each source says of its terms.

Land is where either has a value at the cell's centre. There, gaps at coasts are filled from up to
`REACH` pixels of the source's own grid away, so that a coastal cell lacks nothing; the manifest says so.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.base.files import writing
from geoplantnet_plugin.engine.models.package import checksum
from training.base_layers import FILES, File, Layer

CRS, SIDE = "EPSG:3035", 10_000.0
LEFT, TOP, COLUMNS, ROWS = 2_500_000.0, 5_500_000.0, 400, 410
"""What WorldClim's grid of Europe holds, 12° W – 43° E and 34° N – 72° N, without the Atlantic islands."""

REACH = 3
NODATA = {"int16": -32768}
TARGET = Path("resources/cube/europe")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Native:
    """A variable on its source's own grid: `values` (height, width), NaN without; top left corner and pixel size."""

    values: Array
    crs: str
    left: float
    top: float
    pixel: float

    @property
    def transform(self) -> Any:
        """Affine transform of the grid."""
        from affine import Affine

        return Affine(self.pixel, 0, self.left, 0, -self.pixel, self.top)


def read_climate(data: Path) -> dict[str, Native]:
    """Return bio1–bio19 as WorldClim stores them (temperatures × 10)."""
    found = {}
    with zipfile.ZipFile(data / "predictors_europe" / "worldclim14_europe_20km.zip") as archive:
        for number in range(1, 20):
            text = archive.read(f"variables_europa/bio{number}.asc").decode("ascii")
            head = dict(line.split() for line in text.splitlines()[:6])
            values = np.loadtxt(io.StringIO(text), skiprows=6)
            values[values == float(head["NODATA_value"])] = np.nan
            pixel = 1 / 6  # the files say 0.166667
            found[f"bio{number}"] = Native(values, "EPSG:4326", float(head["xllcorner"]),
                                           float(head["yllcorner"]) + pixel * len(values), pixel)
    return found


def read_table(path: Path, crs: str, pixel: float) -> dict[str, Native]:
    """Return the variables of a table of cell centres x, y."""
    import pyreadr

    table, = pyreadr.read_r(str(path)).values()
    x, y = table["x"].to_numpy(), table["y"].to_numpy()
    column, row = np.rint((x - x.min()) / pixel).astype(int), np.rint((y.max() - y) / pixel).astype(int)
    found = {}
    for name in table.columns.drop(["x", "y"]):
        values = np.full((row.max() + 1, column.max() + 1), np.nan)
        values[row, column] = table[name]
        found[str(name)] = Native(values, crs, x.min() - pixel / 2, y.max() + pixel / 2, pixel)
    return found


def read_place() -> dict[str, Native]:
    """Return easting and northing in kilometres."""
    east = (LEFT + SIDE * (np.arange(COLUMNS) + 0.5)) / 1000
    north = (TOP - SIDE * (np.arange(ROWS) + 0.5)) / 1000
    return {name: Native(values, CRS, LEFT, TOP, SIDE)
            for name, values in zip(("easting", "northing"), np.meshgrid(east, north), strict=True)}


def read_all(data: Path) -> dict[str, dict[str, Native]]:
    """Return the variables of each file of the cube, named as its bands."""
    return {"climate.tif": read_climate(data),
            "terrain.tif": read_table(data / "predictors_europe" / "eu_dem_eur_p11deg.rda", "EPSG:4326", 0.11),
            "place.tif": read_place()}


def onto_grid(native: Native, values: Array, method: str) -> Array:
    """Return values (ROWS, COLUMNS) on the cube's grid."""
    from affine import Affine
    from rasterio.warp import Resampling, reproject

    target = np.full((ROWS, COLUMNS), np.nan)
    reproject(values, target, src_transform=native.transform, src_crs=native.crs, src_nodata=np.nan,
              dst_transform=Affine(SIDE, 0, LEFT, 0, -SIDE, TOP), dst_crs=CRS, dst_nodata=np.nan,
              resampling=Resampling[method])
    return target


def filled(native: Native) -> Array:
    """Return the values with gaps of up to `REACH` pixels filled from what lies around."""
    from rasterio.fill import fillnodata

    return np.asarray(fillnodata(native.values.copy(), mask=np.isfinite(native.values), max_search_distance=REACH))


def stored(layer: Layer, values: Array, land: NDArray[np.bool_]) -> NDArray[Any]:
    """Return a band as it is stored: whole numbers, `NODATA` off the land."""
    kind = np.dtype(layer.stored)
    limits = np.iinfo(kind)
    known = land & np.isfinite(values)
    whole = np.rint(np.where(known, values, 0)).clip(limits.min, limits.max)
    return np.where(known, whole, NODATA[layer.stored]).astype(kind)


def write(data: Path, target: Path) -> None:
    """Write the cube to `target`; a file that exists is replaced."""
    sources = read_all(data)
    firsts = (next(iter(sources[file].values())) for file in ("climate.tif", "terrain.tif"))
    land = np.logical_or(*(np.isfinite(onto_grid(first, first.values, "nearest")) for first in firsts))
    target.mkdir(parents=True, exist_ok=True)
    for file, layers in FILES.items():
        known = land if file != "place.tif" else np.ones_like(land)
        bands = [stored(layer, onto_grid(native, filled(native), "bilinear"), known)
                 for layer in layers.bands for native in (sources[file][layer.name],)]
        with writing(target / file) as path:
            _write_bands(path, layers, np.stack(bands))
    with writing(target / "base.json") as path:
        path.write_text(json.dumps(manifest(target), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_bands(path: Path, layers: File, bands: NDArray[Any]) -> None:
    import rasterio
    from affine import Affine

    kind = layers.bands[0].stored
    with rasterio.open(path, "w", driver="GTiff", height=ROWS, width=COLUMNS, count=len(bands), dtype=kind, crs=CRS,
                       transform=Affine(SIDE, 0, LEFT, 0, -SIDE, TOP), nodata=NODATA[kind], tiled=True,
                       blockxsize=256, blockysize=256, interleave="band", compress="deflate", zlevel=9,
                       predictor=2) as raster:
        raster.write(bands)
        raster.descriptions = [band.name for band in layers.bands]
        raster.units = [band.unit for band in layers.bands]
        raster.scales = [band.scale for band in layers.bands]
        raster.update_tags(ATTRIBUTION=layers.attribution, LICENCE=layers.licence, SOURCE_URL=layers.url,
                           PERIOD=layers.period)


def manifest(target: Path) -> dict[str, Any]:
    """Return ``base.json``."""
    files = [{"file": file, **asdict(one), "checksum": checksum(target / file)} for file, one in FILES.items()]
    return {"schema": 1, "name": "europe", "crs": CRS, "cell": SIDE, "left": LEFT, "top": TOP, "columns": COLUMNS,
            "rows": ROWS, "written_by": "python -m training.base_cube",
            "land": "cells at whose centre either source has a value; gaps at coasts are filled from up to "
                    f"{REACH} pixels of the source away",
            "files": files}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    from training.datasets import DATA

    parser = argparse.ArgumentParser("python -m training.base_cube", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args(arguments)
    write(args.data, args.out)
    size = sum(file.stat().st_size for file in args.out.iterdir())
    print(f"Base cube: {args.out}, {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
