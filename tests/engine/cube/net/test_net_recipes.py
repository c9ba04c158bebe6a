"""Predictors derived by a card's recipes, from an elevation model and monthly climate that a local server gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer

from geoplantnet_plugin.common.jobs import AssessJob, ModelOptions
from geoplantnet_plugin.engine.assess.fit import check_fit
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.recipes import DERIVED
from geoplantnet_plugin.engine.models.package import open_package
from tests.server.http_server import Server
from tests.server.rasters import cog

X, Y = 4_180_000, 2_570_000
"""South of the Lake of Geneva in EPSG:3035, off the raster that `western-swiss-alps` was trained on."""
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LAPSE, RAIN = -0.0056, 110.0
WARMTH = 12 + 9 * np.cos(2 * np.pi * (np.arange(12) - 6) / 12)
"""°C at sea level by month."""


def hills(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 1500 + 350 * np.sin((x - X) / 900) * np.cos((y - Y) / 1100)


def in_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform(*np.meshgrid(lon, lat))


@pytest.fixture
def net(server: Server, preset) -> None:
    """A surface model of 1″ and 24 files of 30″ around the place; temperatures hold at their pixels' mean elevation."""
    lon, lat = Transformer.from_crs("EPSG:3035", "EPSG:4326", always_xy=True).transform(X, Y)
    west, north = np.floor(lon * 120 - 14) / 120, np.ceil(lat * 120 + 12) / 120
    pixels, share = 30, 30
    second = 1 / 3600
    fine = hills(*in_metres(west + (np.arange(pixels * share) + 0.5) * second,
                            north - (np.arange(pixels * share) + 0.5) * second))
    server.rasters["/dem/elevation.tif"] = cog(fine.astype("float32"), Affine(second, 0, west, 0, -second, north),
                                               "EPSG:4326")
    coarse = fine.reshape(pixels, share, pixels, share).mean((1, 3))
    frame = Affine(1 / 120, 0, west, 0, -1 / 120, north)
    for month in range(1, 13):
        kelvin = (WARMTH[month - 1] + LAPSE * coarse + 273.15) * 10
        for name, stored in (("tas", kelvin), ("pr", np.full_like(coarse, RAIN * 10))):
            server.rasters[f"/clim/{name}/CHELSA_{name}_{month:02d}_1981-2010_V.2.1.tif"] = cog(
                np.rint(stored).astype("uint16"), frame, "EPSG:4326")
    preset("copernicus_dem", kind="file", address=server.address + "/dem/{asset}.tif")
    preset("chelsa_monthly", address=server.address + "/clim/{asset}_1981-2010_V.2.1.tif")


def test_all_predictors_are_derived_and_their_lights_are_amber(net, area, fetch, tmp_path: Path) -> None:
    place = area(X - 1000, Y - 1000, X + 1000, Y + 1000, "EPSG:3035")
    before = check_fit(AssessJob(place, tmp_path / "a", ModelOptions("western-swiss-alps")), Reporter())
    assert {(light.state, light.fetch[:7]) for light in before.lights} == {("red", "recipe:")}
    paths = fetch(place, model="western-swiss-alps")
    assert len(paths) == 1 + 24 + 5 and not fetch.warnings
    bands = {}
    for path in paths[25:]:
        with rasterio.open(path) as raster:
            assert path.name == DERIVED.format(raster.descriptions[0])
            bands[raster.descriptions[0]] = raster.read(1)
    with rasterio.open(fetch.out / DERIVED.format("ddeg0")) as raster:
        assert raster.res == (250, 250) and raster.tags()["ATTRIBUTION"] == (
            "© copernicus_dem; © chelsa_monthly")
        row, col = raster.index(X - 1000, Y + 1000)
        frame = raster.transform
    window = np.s_[row:row + 8, col:col + 8]
    steps = (np.arange(80) + 0.5) * 25
    x, y = np.meshgrid(frame.c + col * 250 + steps, frame.f - row * 250 - steps)
    cell = lambda values: values.reshape(8, 10, 8, 10).mean((1, 3))  # noqa: E731
    z, along = hills(x, y), (350 / 900 * np.cos((x - X) / 900) * np.cos((y - Y) / 1100),
                             -350 / 1100 * np.sin((x - X) / 900) * np.sin((y - Y) / 1100))
    assert bands["slope25"][window] == pytest.approx(cell(np.degrees(np.arctan(np.hypot(*along)))), abs=0.4)
    warmth = np.maximum(WARMTH[:, None, None] + LAPSE * z, 0)
    assert bands["ddeg0"][window] == pytest.approx(10 * cell(np.tensordot(DAYS, warmth, 1)), rel=0.01)
    light = bands["srad68"][window]
    assert light.min() > 15_000 and light.max() < 32_000
    turc = np.mean([0.013 * DAYS[month] * warmth[month] / (warmth[month] + 15) for month in (5, 6, 7)], 0)
    assert bands["mind68"][window] / 10 == pytest.approx(RAIN - cell(turc) * (0.96 * light / 41.84 + 50), abs=4)
    assert np.corrcoef(bands["topos25"][window].ravel(), cell(z - z.mean()).ravel())[0, 1] > 0.8
    fit = check_fit(AssessJob(place, tmp_path / "a", ModelOptions("western-swiss-alps", (str(fetch.out),))), Reporter())
    assert {light.state for light in fit.lights} == {"yellow"}
    assert all("fit_recipe" in [note["code"] for note in light.notes] for light in fit.lights)


def test_one_predictor_needs_no_climate(net, area, fetch) -> None:
    paths = fetch(area(X, Y, X + 500, Y + 500, "EPSG:3035"), "recipe:slope25", model="western-swiss-alps")
    assert [path.name for path in paths] == ["copernicus_dem_elevation.tif", "derived_slope25.tif"]
    with rasterio.open(paths[-1]) as raster:
        assert raster.descriptions == ("slope25",) and raster.tags()["RECIPE"] == "slope"


def test_the_card_and_the_training_name_the_same_recipes() -> None:
    vaud = pytest.importorskip("training.datasets.vaud")
    card = open_package("western-swiss-alps").card
    assert {one.name: one.sources for one in card.predictors} == {one.name: one.sources for one in vaud.PREDICTORS}
