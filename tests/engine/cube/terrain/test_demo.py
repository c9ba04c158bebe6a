"""The embedded demo data and the program that made them."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask
from rasterio.warp import transform_geom

from training.demo import __main__ as demo
from training.demo.valley import simulate

DEMO = demo.OUT
NAMES = ["ddeg0", "mind68", "srad68", "slope25", "topos25"]


def small_valley(seed: int) -> np.ndarray:
    return simulate(4000, 4800, 50, seed, steps=(30, 6, 3))


def test_same_seed_same_valley() -> None:
    assert np.array_equal(small_valley(3), small_valley(3))


def test_other_seed_other_valley() -> None:
    assert np.abs(small_valley(3) - small_valley(4)).mean() > 5


def test_predictors_carry_names_units_and_simulated_tag() -> None:
    with rasterio.open(DEMO / "predictors.tif") as raster:
        assert list(raster.descriptions) == NAMES
        assert raster.units == ("0.1 °C d per year", "0.1 mm per month", "kJ m-2 d-1", "degree", None)
        assert raster.crs.to_epsg() == 3035
        assert raster.res == (50.0, 50.0)
        assert raster.bounds.left % 50 == 0 and raster.bounds.top % 50 == 0
        assert raster.tags()["SIMULATED"] == "yes"
        assert "SIMULATED" in raster.tags()["DESCRIPTION"]
        assert not raster.read(masked=True).mask.any()


def test_elevation_lies_on_the_same_cells() -> None:
    with rasterio.open(DEMO / "predictors.tif") as bands, rasterio.open(DEMO / "elevation.tif") as ground:
        assert (ground.transform, ground.shape, ground.crs) == (bands.transform, bands.shape, bands.crs)
        assert ground.tags()["SIMULATED"] == "yes"
        elevation, warmth = ground.read(1).astype(float), bands.read(1).astype(float)
    # Higher is colder, cell by cell: the demo's climate is a function of elevation alone.
    assert np.corrcoef(elevation.ravel(), warmth.ravel())[0, 1] < -0.99


def test_radiation_knows_north_from_south() -> None:
    with rasterio.open(DEMO / "predictors.tif") as bands, rasterio.open(DEMO / "elevation.tif") as ground:
        light, elevation = bands.read(3).astype(float), ground.read(1).astype(float)
    rise = (elevation[:-2, 1:-1] - elevation[2:, 1:-1]) / 100
    steep_south, steep_north = light[1:-1, 1:-1][rise > 0.5], light[1:-1, 1:-1][rise < -0.5]
    assert len(steep_south) > 500 and len(steep_north) > 500
    assert np.median(steep_south) > np.median(steep_north) + 4000


def test_area_lies_inside() -> None:
    document = json.loads((DEMO / "area.geojson").read_text(encoding="utf-8"))
    assert document["features"][0]["properties"]["simulated"] == "yes"
    with rasterio.open(DEMO / "predictors.tif") as raster:
        shape = transform_geom("EPSG:4326", raster.crs, document["features"][0]["geometry"])
        inside = geometry_mask([shape], raster.shape, raster.transform, invert=True)
        x, y = np.array(shape["coordinates"][0]).T
        left, bottom, right, top = raster.bounds
    assert left < x.min() and x.max() < right and bottom < y.min() and y.max() < top
    assert 25 <= inside.sum() * 0.0025 <= 40


def test_nine_of_ten_cells_are_inside_the_models_domain() -> None:
    if not demo.TRAINING.is_dir():
        pytest.skip(f"training data absent: {demo.TRAINING}")
    with rasterio.open(demo.TRAINING / "ecospat.testEnv.tif") as raster:
        lines = (demo.TRAINING / "ecospat.testData.txt").read_text().splitlines()[1:]
        places = [tuple(float(field) for field in line.split("\t")[2:4]) for line in lines]
        plots = np.array(list(raster.sample(places)))
    assert plots.shape == (300, 5)
    with rasterio.open(DEMO / "predictors.tif") as raster:
        cells = raster.read().reshape(5, -1).T
    inside = ((cells >= plots.min(axis=0)) & (cells <= plots.max(axis=0))).all(axis=1)
    assert inside.mean() >= 0.9
    assert f"{100 * inside.mean():.1f} %" in (DEMO / "README.md").read_text(encoding="utf-8")


def test_demo_is_small() -> None:
    assert sum(path.stat().st_size for path in Path(DEMO).iterdir()) < 3e6
