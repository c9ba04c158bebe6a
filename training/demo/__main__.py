"""Write the demo data: ``python -m training.demo`` (about a minute, one core).

Needs the engine's environment and, for the comparison in the README, the training data in ``../shared/data``.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

from training.demo import predictors as model
from training.demo.valley import simulate

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "resources" / "demo"
TRAINING = ROOT.parent / "shared" / "data" / "vaud_alps"

SEED = 7
FINE, COARSE = 25.0, 50.0
MARGIN, HEIGHT, WIDTH = 3000.0, 10000.0, 12000.0
CRS, LEFT, TOP = "EPSG:3035", 4092000.0, 2596000.0
NODATA = -9999.0
DECIMALS = {"ddeg0": 0, "mind68": 1, "srad68": 0, "slope25": 2, "topos25": 1}
NOTICE = ("SIMULATED alpine valley made by a seeded program (python -m training.demo) for demonstration. "
          "It does not depict the real ground at its coordinates, nor any other place.")


@dataclass(frozen=True)
class Comparison:
    """One predictor's 5 %, 50 %, 95 % in the demo and the training raster, the plots' range, the share inside it."""

    name: str
    demo: tuple[float, float, float]
    raster: tuple[float, float, float]
    plots: tuple[float, float]
    inside: NDArray[np.bool_]


def main() -> None:
    elevation, bands = make()
    OUT.mkdir(parents=True, exist_ok=True)
    _write(OUT / "elevation.tif", {"elevation": np.round(elevation, 1)}, {"elevation": "m"})
    _write(OUT / "predictors.tif", {name: np.round(band, DECIMALS[name]) for name, band in bands.items()},
           model.UNITS)
    (OUT / "area.geojson").write_text(json.dumps(area(), indent=1) + "\n", encoding="utf-8")
    if not TRAINING.is_dir():
        print(f"README.md left as it is: the training data are not at {TRAINING}")
        return
    readme = _readme(compare(bands))
    (OUT / "README.md").write_text(readme, encoding="utf-8")
    print(readme)


def make() -> tuple[Array, dict[str, Array]]:
    """Return elevation and predictors on the demo's 50 m cells."""
    dem = simulate(HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN, FINE, SEED)
    return _demo_cells(dem), {name: _demo_cells(band) for name, band in model.predictors(dem, FINE).items()}


def _demo_cells(values: Array) -> Array:
    edge = round(MARGIN / COARSE)
    return model.coarsen(values, round(COARSE / FINE))[edge:-edge, edge:-edge]


def _write(path: Path, bands: dict[str, Array], units: dict[str, str]) -> None:
    height, width = next(iter(bands.values())).shape
    with rasterio.open(path, "w", driver="GTiff", height=height, width=width, count=len(bands), dtype="float32",
                       crs=CRS, transform=Affine(COARSE, 0, LEFT, 0, -COARSE, TOP), nodata=NODATA,
                       compress="deflate", predictor=3, zlevel=9, interleave="band") as file:
        file.update_tags(SIMULATED="yes", DESCRIPTION=NOTICE, TIFFTAG_IMAGEDESCRIPTION=NOTICE)
        for index, (name, band) in enumerate(bands.items(), start=1):
            file.write(band.astype(np.float32), index)
            file.set_band_description(index, name)
            if units[name]:
                file.set_band_unit(index, units[name])
            file.update_tags(index, MEANING=model.MEANINGS.get(name, name), SIMULATED="yes")


def area() -> dict[str, object]:
    """Return the area of interest: an irregular outline across the valley, GeoJSON in EPSG:4326."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wobble = 1 + 0.10 * np.sin(3 * turn + 0.6) + 0.06 * np.sin(5 * turn + 2.1) + 0.03 * np.sin(11 * turn)
    x = LEFT + 6300 + 4000 * wobble * np.cos(turn)
    y = TOP - 5300 + 2900 * wobble * np.sin(turn)
    longitude, latitude = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)
    ring = [[round(lon, 6), round(lat, 6)] for lon, lat in zip(longitude, latitude)]
    return {"type": "FeatureCollection", "name": "demo_area", "features": [{
        "type": "Feature",
        "properties": {"name": "Simulated valley", "simulated": "yes", "notice": NOTICE},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}]}


def compare(bands: dict[str, Array]) -> list[Comparison]:
    """Return the demo beside the training raster and the values at the training plots."""
    with (TRAINING / "ecospat.testData.txt").open(encoding="utf-8", newline="") as file:
        # The header lacks the column of row names, so that long and lat are the fields 2 and 3 of a row.
        places = [(float(row[2]), float(row[3])) for row in list(csv.reader(file, delimiter="\t"))[1:]]
    with rasterio.open(TRAINING / "ecospat.testEnv.tif") as raster:
        plots = np.array(list(raster.sample(places)))
        ground = dict(zip(raster.descriptions, raster.read()))
        column = {name: index for index, name in enumerate(raster.descriptions)}
    result = []
    for name, band in bands.items():
        low, high = float(plots[:, column[name]].min()), float(plots[:, column[name]].max())
        result.append(Comparison(name, _quantiles(band), _quantiles(ground[name]), (low, high),
                                 (band >= low) & (band <= high)))
    return result


def _quantiles(values: NDArray[np.floating]) -> tuple[float, float, float]:
    low, middle, high = np.nanpercentile(values, [5, 50, 95])
    return float(low), float(middle), float(high)


def _readme(comparisons: list[Comparison]) -> str:
    rows = "\n".join(_row(comparison) for comparison in comparisons)
    inside = np.logical_and.reduce([comparison.inside for comparison in comparisons]).mean()
    template = (Path(__file__).parent / "README.template.md").read_text(encoding="utf-8")
    return template.replace("{rows}", rows).replace("{inside}", f"{100 * inside:.1f}")


def _row(comparison: Comparison) -> str:
    numbers = [_span(comparison.demo[0], comparison.demo[2]), f"{comparison.demo[1]:,.0f}",
               _span(comparison.raster[0], comparison.raster[2]), f"{comparison.raster[1]:,.0f}",
               _span(*comparison.plots), f"{100 * comparison.inside.mean():.1f} %"]
    name = comparison.name
    return " | ".join([f"| `{name}` {model.MEANINGS[name]}", model.UNITS[name] or "–", *numbers]) + " |"


def _span(low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}"


if __name__ == "__main__":
    main()
