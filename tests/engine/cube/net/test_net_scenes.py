"""Composites of scenes that a STAC API lists, against values computed by hand."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.net.presets import Variable
from geoplantnet_plugin.engine.cube.net.products import median
from geoplantnet_plugin.engine.cube.net.stac import Period, numbers_of
from geoplantnet_plugin.engine.services.cache import open_cache
from tests.server.http_server import Server
from tests.server.rasters import cog, item, stac_api

LEFT, TOP, SIDE = 567_260.0, 4_832_070.0, 600
SAMPLE = Path(__file__).resolve().parents[5] / "shared" / "data" / "montpellier" / "torchgeo_sentinel2_test_sample.tif"
RED = Variable("red", "red", "", "red", scale=0.0001)


class Images:
    """A collection that grows: each image has one value, or an array, and a class for each pixel."""

    def __init__(self, server: Server, preset: Any) -> None:
        self.server = server
        self.items: list[dict[str, Any]] = []
        server.answers.update(stac_api(server.address, self.items))
        preset("images", kind="stac", address=server.address + "/stac", resolution=10, nodata=0,
               attribution="Contains modified Copernicus Sentinel data {years}",
               scenes={"collection": "images", "mask": "scl", "masked": [0, 1, 3, 8, 9, 10], "most_cloud": 60,
                       "most": 12, "season": [6, 8], "unit": 0.0001, "baseline_offset": -1000},
               variables={"red": {"title": "red", "unit": "reflectance × 10,000", "scale": 0.0001}})

    def add(self, name: str, day: str, red: np.ndarray, scl: np.ndarray, crs: str = "EPSG:32631",
            offset: float | None = None, **properties: Any) -> None:
        """`red` at 10 m, `scl` at 20 m."""
        at = Affine(10, 0, LEFT, 0, -10, TOP)
        self.server.rasters[f"/i/{name}/red.tif"] = cog(red.astype("uint16"), at, crs)
        self.server.rasters[f"/i/{name}/scl.tif"] = cog(scl.astype("uint8"), Affine(20, 0, LEFT, 0, -20, TOP), crs)
        assets = {key: f"{self.server.address}/i/{name}/{key}.tif" for key in ("red", "scl")}
        bounds = (LEFT, TOP - 10 * SIDE, LEFT + 10 * SIDE, TOP)
        self.items.append(item(name, day, assets, crs, bounds, offset, **{"grid:code": "MGRS-31TEJ", **properties}))


@pytest.fixture
def images(server: Server, preset) -> Images:
    return Images(server, preset)


@pytest.fixture
def place(area) -> str:
    return area(LEFT + 2000, TOP - 3000, LEFT + 3000, TOP - 2000, "EPSG:32631")


def flat(value: int) -> np.ndarray:
    return np.full((SIDE, SIDE), value)


def scl(value: int = 4) -> np.ndarray:
    return np.full((SIDE // 2, SIDE // 2), value)


def read(path: Path) -> tuple[np.ndarray, np.ndarray, rasterio.DatasetReader]:
    """The band, the number of clear images, and the dataset, of which the header is still known."""
    with rasterio.open(path) as dataset:
        return *dataset.read(masked=True), dataset


def tags(path: Path) -> dict[str, str]:
    with rasterio.open(path) as dataset:
        return dict(dataset.tags())


def test_median_of_what_is_clear(images: Images, place: str, fetch) -> None:
    """Of the left half all three images are clear, of the right one two, and of a square in it none."""
    bright, cloudy, shadow = scl(), scl(), scl()
    cloudy[:, 125:] = 9
    cloudy[120:130, 130:135] = 10
    bright[120:130, 130:135] = 8
    shadow[120:130, 130:135] = 3
    images.add("a", "2024-07-01", flat(1500), bright, offset=0)
    images.add("b", "2024-07-11", flat(900), cloudy, offset=0)
    images.add("c", "2024-08-01", flat(1200), shadow, offset=0)
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31")
    red, count, dataset = read(path)
    assert dataset.crs.to_epsg() == 32631 and dataset.transform.a == 10 and dataset.transform.c % 10 == 0
    col = round((LEFT + 2500 - dataset.transform.c) / 10)
    row = round((dataset.transform.f - (TOP - 2400)) / 10)
    assert (red[:, :col] == 1200).all() and (count[:, :col] == 3).all()
    square = np.s_[row:row + 20, col + 10:col + 20]
    assert red.mask[square].all() and (count[square] == 0).all()
    assert (red[row + 20:, col:] == 1350).all() and (count[row + 20:, col:] == 2).all()
    told = tags(path)
    assert told["ATTRIBUTION"] == "Contains modified Copernicus Sentinel data 2024"
    assert set(told["SCENES"].split()) == {"a", "b", "c"} and told["COLLECTION"] == "images"


def test_coarser_pixels_are_means(images: Images, place: str, fetch) -> None:
    """A chequerboard of 10 m pixels at 40 m is its mean everywhere; of clouds the more frequent class counts."""
    board = np.indices((SIDE, SIDE)).sum(axis=0) % 2 * 1000 + 1000
    images.add("a", "2024-07-01", board, scl(), offset=0)
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31", resolution=40.0, grid_crs="EPSG:32631")
    red, count, dataset = read(path)
    assert dataset.transform.a == 40 and (count == 1).all() and (red == 1500).all()


def test_offset_is_applied_once(images: Images, place: str, fetch) -> None:
    """Four images of the same ground, reflectance 0.2 on a square metre, written down in four ways."""
    images.add("applied", "2024-06-01", flat(2000), scl(), offset=-0.1, **{
        "earthsearch:boa_offset_applied": True, "s2:processing_baseline": "05.10"})
    images.add("stated", "2024-06-11", flat(3000), scl(), offset=-0.1, **{
        "earthsearch:boa_offset_applied": False, "s2:processing_baseline": "05.10"})
    images.add("silent", "2024-06-21", flat(3000), scl(), **{"s2:processing_baseline": "05.10"})
    images.add("before", "2024-07-01", flat(2000), scl(), **{"s2:processing_baseline": "02.14"})
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31")
    red, count, _ = read(path)
    assert (red == 2000).all() and (count == 4).all()
    for name in ("applied", "stated", "silent", "before"):
        fetch.out = fetch.out.with_name(name)
        day = next(entry for entry in images.items if entry["id"] == name)["properties"]["datetime"][:10]
        [path] = fetch(place, "images", start=day, end=day)
        assert (read(path)[0] == 2000).all(), name


@pytest.mark.parametrize(("properties", "asset", "numbers"), [
    ({"s2:processing_baseline": "04.00"}, {}, (0.0001, -0.1)),
    ({"s2:processing_baseline": "03.01"}, {}, (0.0001, 0.0)),
    ({}, {}, (0.0001, 0.0)),
    ({"s2:processing_baseline": "05.00"}, {"raster:bands": [{"scale": 0.0001, "offset": 0}]}, (0.0001, 0.0)),
    ({"processing:version": "05.11"}, {"bands": [{"raster:scale": 0.0001, "raster:offset": -0.1}]}, (0.0001, -0.1)),
    ({"sentinel:boa_offset_applied": True}, {"raster:bands": [{"offset": -0.1}]}, (0.0001, 0.0)),
])
def test_numbers_of_an_asset(properties: dict, asset: dict, numbers: tuple[float, float]) -> None:
    assert numbers_of(properties, asset, RED, -1000) == pytest.approx(numbers)


def test_choice_of_images(images: Images, place: str, fetch) -> None:
    """Too cloudy, out of season, an older processing of the same day, another collection: none is read."""
    images.add("good", "2024-07-01", flat(2000), scl(), **{"s2:processing_baseline": "05.10"})
    images.add("older", "2024-07-01", flat(9000), scl(), **{"s2:processing_baseline": "05.00"})
    images.add("cloudy", "2024-07-02", flat(9000), scl(), **{"eo:cloud_cover": 61})
    images.add("winter", "2024-01-02", flat(9000), scl())
    images.add("other", "2024-07-03", flat(9000), scl())
    images.items[-1]["collection"] = "elsewhere"
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31")
    red, count, _ = read(path)
    assert (red == 1000).all() and (count == 1).all() and tags(path)["SCENES"] == "good"
    searches = [request.query for request in images.server.requests if request.path == "/stac/search"]
    assert len(searches) == 2  # four items of the collection, two a page
    fetch.out = fetch.out.with_name("whole-year")
    assert (read(fetch(place, "images", start="2024-01-01", end="2024-12-31", season="12-02")[0])[0] == 9000).all()


def test_two_projections_meet_on_the_grid_of_the_area(images: Images, area, fetch) -> None:
    images.add("zone31", "2024-07-01", flat(1000), scl())
    with_other = Affine(10, 0, 80_000, 0, -10, 4_850_000)  # the same ground in zone 32
    images.server.rasters["/i/z/red.tif"] = cog(np.full((2000, 2000), 1000, "uint16"), with_other, "EPSG:32632")
    images.server.rasters["/i/z/scl.tif"] = cog(np.full((2000, 2000), 4, "uint8"), with_other, "EPSG:32632")
    assets = {key: f"{images.server.address}/i/z/{key}.tif" for key in ("red", "scl")}
    images.items.append(item("zone32", "2024-07-02", assets, "EPSG:32632", (80_000, 4_830_000, 100_000, 4_850_000),
                             **{"grid:code": "MGRS-32TKP"}))
    [path] = fetch(area(LEFT + 2000, TOP - 3000, LEFT + 3000, TOP - 2000, "EPSG:32631"), "images",
                   start="2024-01-01", end="2024-12-31")
    red, count, dataset = read(path)
    assert dataset.crs.to_epsg() == 3035 and dataset.transform.a == 10
    assert (red[count > 0] == 1000).all() and count.min() >= 1


def test_image_that_is_gone_is_left_out(images: Images, place: str, fetch) -> None:
    images.add("there", "2024-07-01", flat(1000), scl())
    images.add("gone", "2024-07-02", flat(9000), scl())
    del images.server.rasters["/i/gone/red.tif"]
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31")
    assert (read(path)[0] == 1000).all() and tags(path)["SCENES"] == "there"
    assert fetch.warnings == ["net_scene_left_out"]
    del images.server.rasters["/i/there/red.tif"]
    with open_cache() as cache:
        cache.clear()
    with pytest.raises(EngineError) as caught:
        fetch(place, "images", start="2024-01-01", end="2024-12-31")
    assert caught.value.code == "service_not_found"


def test_no_image_is_told(images: Images, place: str, fetch) -> None:
    with pytest.raises(EngineError) as caught:
        fetch(place, "images", start="2024-01-01", end="2024-12-31")
    assert caught.value.code == "net_no_scenes" and "2024-01-01" in str(caught.value)


def test_pixels_on_another_host_are_refused(images: Images, place: str, fetch) -> None:
    images.add("a", "2024-07-01", flat(1000), scl())
    images.items[0]["assets"]["red"]["href"] = "http://elsewhere.invalid/red.tif"
    with pytest.raises(EngineError) as caught:
        fetch(place, "images", start="2024-01-01", end="2024-12-31")
    assert caught.value.code == "net_other_host" and "elsewhere.invalid" in str(caught.value)


def test_api_that_is_none(server: Server, images: Images, place: str, fetch) -> None:
    server.fail("^/stac$", "html")
    with pytest.raises(EngineError) as caught:
        fetch(place, "images")
    assert caught.value.code == "net_stac_invalid"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the data folder ../shared/data is not there")
def test_real_crop_comes_back_to_the_pixel(images: Images, place: str, fetch) -> None:
    """A real 10 m band, with −1000 undone, and bytes far below the file's."""
    with rasterio.open(SAMPLE) as dataset:
        real = dataset.read(1)
        assert dataset.transform == Affine(10, 0, LEFT, 0, -10, TOP)
    images.add("real", "2024-07-01", real, scl(), offset=-0.1)
    [path] = fetch(place, "images", start="2024-01-01", end="2024-12-31")
    red, _, dataset = read(path)
    row, col = round((TOP - dataset.transform.f) / 10), round((dataset.transform.c - LEFT) / 10)
    cut = real[row:row + red.shape[0], col:col + red.shape[1]].astype(int)
    assert np.array_equal(red.mask, cut == 0)
    assert np.array_equal(red[cut != 0], cut[cut != 0] - 1000)
    asked = sum(int(request.headers["Range"].split("-")[1]) - int(request.headers["Range"][6:].split("-")[0]) + 1
                for request in images.server.requests if request.path == "/i/real/red.tif")
    assert asked < len(images.server.rasters["/i/real/red.tif"]) / 2


def test_median_against_numpy() -> None:
    stack = np.random.default_rng(3).integers(-500, 9000, (7, 40, 50)).astype("float32")
    stack[np.random.default_rng(4).random(stack.shape) < 0.5] = np.nan
    stack[:, 0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the pixel without any value
        truth = np.rint(np.nanmedian(stack, axis=0))
    assert np.array_equal(median(list(stack), (40, 50)), truth, equal_nan=True)


@pytest.mark.parametrize(("first", "last", "day", "inside"), [
    (6, 8, "2024-07-15", True), (6, 8, "2024-05-31", False), (12, 2, "2024-01-15", True), (12, 2, "2024-12-01", True),
    (12, 2, "2024-06-01", False), (1, 12, "2023-12-31", False)])
def test_seasons(first: int, last: int, day: str, inside: bool) -> None:
    assert Period("2024-01-01", "2024-12-31", first, last).holds(day) is inside
