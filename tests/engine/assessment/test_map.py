"""The map of an indicator: what is drawn is what the raster holds."""

import numpy as np
import pytest
import rasterio
from matplotlib import colormaps
from matplotlib.image import imread
from rasterio.transform import from_origin
from shapely.geometry import box

from geoplantnet_plugin.engine.assessment.map import MapText, draw_map, round_length, varies
from geoplantnet_plugin.engine.indicators import INDICATORS


def raster(path, values, nodata=float("nan")):
    with rasterio.open(path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
                       dtype=values.dtype, crs="EPSG:3035", transform=from_origin(4e6, 2.5e6, 50, 50),
                       nodata=nodata) as dataset:
        dataset.write(values, 1)
        return box(*dataset.bounds)


def has_colour(image, colour, atleast=500):
    return int((np.abs(image[..., :3] - np.array(colour)[:3]).max(axis=-1) < 0.02).sum()) >= atleast


@pytest.mark.parametrize("length, expected", [(1234, 1000), (2000, 2000), (4999, 2000), (5000, 5000),
                                              (0.7, 0.5)])
def test_scale_bar_lengths(length, expected):
    assert round_length(length) == pytest.approx(expected)


def test_colours_follow_the_fixed_bounds(tmp_path):
    """Half of the cells at the bound's end, half in the middle, a corner without data."""
    values = np.full((40, 60), 4.0, np.float32)
    values[:, :30] = 2.0
    values[:20, 45:] = np.nan
    area = raster(tmp_path / "i.tif", values)
    draw_map(tmp_path / "i.tif", area, tmp_path / "map.png", MapText("Richness", "taxa"), (0.0, 4.0))
    image = imread(tmp_path / "map.png")
    ramp = colormaps["YlGnBu"]
    assert has_colour(image, ramp(1.0)) and has_colour(image, ramp(0.5)) and has_colour(image, (1, 1, 1))
    assert not has_colour(image, ramp(0.0), 3000), "2 of 4 is the middle of the ramp, not its start"


def test_a_map_of_one_value_says_so(tmp_path):
    flat, varied = np.full((20, 20), 3.0, np.float32), np.full((20, 20), 3.0, np.float32)
    varied[0, 0] = 2.0
    heights = []
    for name, values in (("flat", flat), ("varied", varied)):
        area = raster(tmp_path / f"{name}.tif", values)
        draw_map(tmp_path / f"{name}.tif", area, tmp_path / f"{name}.png", MapText("Richness", "taxa"), (0.0, 4.0))
        heights.append(imread(tmp_path / f"{name}.png").shape[0])
    assert heights[0] > heights[1], "a sentence more below the map"
    assert not varies(tmp_path / "flat.tif") and varies(tmp_path / "varied.tif")


def test_simulated_data_say_so(tmp_path):
    area = raster(tmp_path / "i.tif", np.ones((10, 10), np.float32))
    for simulated in (False, True):
        out = tmp_path / f"{simulated}.png"
        draw_map(tmp_path / "i.tif", area, out, MapText("Richness", "taxa", simulated=simulated), (0.0, 4.0))
        assert has_colour(imread(out), (0xB0 / 255, 0, 0x20 / 255)) is simulated


def test_classes(tmp_path):
    classes = INDICATORS["iucn_worst"].classes
    values = np.full((30, 30), classes[-3].value, np.uint8)
    values[:, :10] = 255
    area = raster(tmp_path / "i.tif", values, 255)
    text = MapText("Worst", "class", language="fr")
    draw_map(tmp_path / "i.tif", area, tmp_path / "map.png", text, (0, 10), classes)
    assert has_colour(imread(tmp_path / "map.png"), (0xD8 / 255, 0x1E / 255, 0x05 / 255))
