"""Patches and series: cut where they belong, the same in every strip, the real samples unchanged."""

from __future__ import annotations

import zipfile

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import DATA, card_of, cube_of, named, whole, write

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.encodings import ENCODINGS
from geoplantnet_plugin.engine.cube.reader import LocalCube
from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.where.grid import Block, Grid

LEFT, TOP = 4_000_000, 2_500_000
SAMPLES = DATA / "geolifeclef_samples" / "glc25_pre_extracted"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/geolifeclef_samples is not there")


def read(cube: LocalCube, grid: Grid):
    return cube.read(whole(grid), np.ones((grid.height, grid.width), bool))


def noise(bands: int, size: int) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 9000, (bands, size, size)).astype(np.int16)


def patches_of(names: str, size: tuple[int, int], pixel: float = 10, **options):
    return named(*names, kind="patch", size=size, pixel=pixel, **options)


@pytest.mark.parametrize(("resolution", "size"), [(50, (16, 16)), (50, (15, 21)), (10, (8, 8)), (40, (4, 4))])
def test_a_patch_is_the_pixels_around_the_cells_centre(tmp_path, resolution, size) -> None:
    values = noise(2, 100)
    shift = 5 if (size[1] * 10 + resolution) % 20 else 0  # so that the raster lies on the patches' pixels
    down = 5 if (size[0] * 10 + resolution) % 20 else 0
    path = write(tmp_path / "s2.tif", values, Affine(10, 0, LEFT + shift, 0, -10, TOP + down), names=("r", "g"))
    grid = Grid("EPSG:3035", resolution, LEFT + 400, TOP - 400, 5, 4)
    block = read(cube_of(patches_of("rg", size), grid, path), grid)
    assert len(block.cells) == 20
    for cell, patch in zip(block.cells, block.inputs["x"], strict=True):
        east = 400 + (cell % 4 + 0.5) * resolution - shift
        south = 400 + (cell // 4 + 0.5) * resolution + down
        col, row = round(east / 10 - size[1] / 2), round(south / 10 - size[0] / 2)
        assert np.array_equal(patch, values[:, row:row + size[0], col:col + size[1]])


def test_patches_off_the_pixel_grid_are_sampled_one_by_one(tmp_path) -> None:
    ramp = np.add.outer(np.arange(200) * 7, np.arange(200) * 3)[None].astype(np.float32)
    path = write(tmp_path / "r.tif", ramp, Affine(10, 0, LEFT, 0, -10, TOP))
    grid = Grid("EPSG:3035", 33, LEFT + 660, TOP - 660, 3, 3)
    block = read(cube_of(patches_of("r", (6, 4)), grid, path), grid)
    for cell, patch in zip(block.cells, block.inputs["x"][:, 0], strict=True):
        col = (660 + (cell % 3 + 0.5) * 33) / 10 + np.arange(4) - 1.5 - 0.5
        row = (660 + (cell // 3 + 0.5) * 33) / 10 + np.arange(6) - 2.5 - 0.5
        assert patch == pytest.approx(np.add.outer(row * 7, col * 3), rel=1e-5)  # a plane is bilinear


def test_coarse_patches_around_fine_cells_give_spatial_context(tmp_path) -> None:
    ramp = np.add.outer(np.arange(40) * 7, np.arange(40) * 3)[None].astype(np.float32)
    path = write(tmp_path / "r.tif", ramp, Affine(250, 0, LEFT, 0, -250, TOP))
    grid = Grid("EPSG:3035", 50, LEFT + 4000, TOP - 4000, 6, 6)
    block = read(cube_of(patches_of("r", (3, 3), 250), grid, path), grid)
    cell = 13
    centre = (4000 + (cell // 6 + 0.5) * 50) / 250 - 0.5, (4000 + (cell % 6 + 0.5) * 50) / 250 - 0.5
    expected = np.add.outer((centre[0] + np.arange(-1, 2)) * 7, (centre[1] + np.arange(-1, 2)) * 3)
    assert block.inputs["x"][cell, 0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("resolution", [50, 33])
def test_a_patch_is_the_same_to_the_bit_in_every_strip(tmp_path, resolution) -> None:
    values = noise(2, 300)
    path = write(tmp_path / "s2.tif", values, Affine(10, 0, 567_260, 0, -10, 4_832_070), "EPSG:32631", names=("r", "g"))
    change = pyproj.Transformer.from_crs("EPSG:32631", "EPSG:3035", always_xy=True)
    x, y = change.transform(567_260 + 1500, 4_832_070 - 1500)
    grid = Grid.covering("EPSG:3035", resolution,
                         (x - 600, y - 600, x + 600, y + 600))
    cube = cube_of(patches_of("rg", (12, 12)), grid, path)
    at_once = read(cube, grid).inputs["x"]
    assert len(at_once) == grid.height * grid.width
    rng = np.random.default_rng(5)
    for row in (0, 1, 4, 5, 12, 3):  # forwards, with a gap, and back
        block = Block(0, row, 2, 3, grid.width - 2)
        inside = rng.random((3, block.width)) < 0.8
        part = cube.read(block, inside)
        rows, cols = np.nonzero(inside)
        assert np.array_equal(part.inputs["x"], at_once[(row + rows) * grid.width + cols + 2])


def test_a_patch_with_a_gap_is_left_out_or_filled(tmp_path) -> None:
    values = noise(1, 40)
    values[0, 12, 20] = -1
    path = write(tmp_path / "r.tif", values, Affine(10, 0, LEFT, 0, -10, TOP), nodata=-1)
    grid = Grid("EPSG:3035", 20, LEFT, TOP, 20, 20)
    everywhere = np.zeros((20, 20), bool)
    everywhere[4:16, 4:16] = True
    whole_patches = cube_of(patches_of("r", (4, 4)), grid, path).read(whole(grid), everywhere)
    with_gap = np.setdiff1d(np.flatnonzero(everywhere), whole_patches.cells)
    # cell (row, col) sees pixel rows 2 row − 1 … 2 row + 2, and so do columns
    assert [divmod(int(cell), 20) for cell in with_gap] == [(r, c) for r in (5, 6) for c in (9, 10)]
    filled = cube_of(patches_of("r", (4, 4), missing=-1.0), grid, path).read(whole(grid), everywhere)
    assert len(filled.cells) == 144
    assert filled.inputs["x"][list(filled.cells).index(5 * 20 + 9), 0, 3, 3] == -1
    corner = cube_of(patches_of("r", (4, 4), missing=-1.0), grid, path).read(whole(grid), np.ones((20, 20), bool))
    assert np.array_equal(corner.inputs["x"][0, 0, 1:, 1:], values[0, :3, :3])
    assert np.all(corner.inputs["x"][0, 0, 0] == -1)


def test_a_cell_with_nothing_at_all_is_left_out_even_where_gaps_are_filled(tmp_path) -> None:
    values = np.full((1, 40, 40), 5, np.int16)
    values[0, :, 20:] = -1
    path = write(tmp_path / "r.tif", values, Affine(10, 0, LEFT, 0, -10, TOP), nodata=-1)
    grid = Grid("EPSG:3035", 20, LEFT, TOP, 20, 20)
    block = read(cube_of(patches_of("r", (2, 2), missing=-1.0), grid, path), grid)
    assert set(block.cells % 20) == set(range(10))


def test_encodings_by_hand() -> None:
    raw = np.array([-5, 0, 1000, 2500, 10_000, 20_000, np.nan], np.float32)
    # 255 × 0.1^0.4 = 101.5, 255 × 0.25^0.4 = 146.4
    assert ENCODINGS["geolifeclef2024"](raw)[:6].tolist() == [0, 0, 101, 146, 255, 255]
    assert np.isnan(ENCODINGS["geolifeclef2024"](raw)[6])
    assert ENCODINGS["geolifeclef2025"](np.array([1.4, -1, 40_000], np.float32)).tolist() == [1, -1, 32_767]


def test_an_encoding_is_applied_and_an_unknown_one_refused(tmp_path) -> None:
    path = write(tmp_path / "r.tif", np.full((1, 40, 40), 2500, np.int16), Affine(10, 0, LEFT, 0, -10, TOP))
    grid = Grid("EPSG:3035", 50, LEFT + 100, TOP - 100, 2, 2)
    red = Predictor("r", "", "", range=(0, 255))
    card = card_of(red, kind="patch", size=(4, 4), pixel=10, encoding="geolifeclef2024")
    assert np.all(read(cube_of(card, grid, path), grid).inputs["x"] == 146)
    with pytest.raises(EngineError, match="jpeg"):
        cube_of(patches_of("r", (4, 4), encoding="jpeg"), grid, path)


@needs_samples
def test_the_geolifeclef_2025_sample_patch_is_read_unchanged() -> None:
    path = SAMPLES / "SatelitePatches" / "PA-test" / "08" / "01" / "5000108.tiff"
    with rasterio.open(path) as dataset:
        stored, left, top = dataset.read(), dataset.transform.c, dataset.transform.f
    grid = Grid("EPSG:3035", 20, left + 310, top - 310, 1, 1)
    card = named("red", "green", "blue", "nir", kind="patch", size=(64, 64), pixel=10, missing=-1,
                 encoding="geolifeclef2025")
    block = read(cube_of(card, grid, str(path)), grid)
    assert np.array_equal(block.inputs["x"][0], stored)


CUBES = [  # shape and strides as in the files' own headers
    ("SateliteTimeSeries-Landsat/cubes/PA-test/GLC25-PA-test-landsat_time_series_5000108_cube", (6, 4, 21), (84, 1, 4)),
    ("BioclimTimeSeries/cubes/PA-test/GLC25-PA-test-bioclimatic_monthly_5000108_cube", (4, 19, 12), (1, 48, 4))]


@needs_samples
@pytest.mark.parametrize(("file", "shape", "strides"), CUBES)
def test_the_sample_time_series_come_back_from_rasters(tmp_path, file, shape, strides) -> None:
    with zipfile.ZipFile(SAMPLES / f"{file}.pt") as archive:
        name = next(entry for entry in archive.namelist() if entry.endswith("/data/0"))
        flat = np.frombuffer(archive.read(name), "<f4")
    cube = np.lib.stride_tricks.as_strided(flat, shape, [4 * stride for stride in strides])
    names = [f"variable{number}" for number in range(shape[0])]
    steps = [f"{first}-{second:02}" for first in range(1, shape[1] + 1) for second in range(1, shape[2] + 1)]
    for variable, values in zip(names, cube.reshape(shape[0], -1), strict=True):
        write(tmp_path / f"{variable}.tif", np.tile(values[:, None, None], (1, 2, 2)),
              Affine(1000, 0, LEFT, 0, -1000, TOP), names=tuple(f"{variable}_{step}" for step in steps))
    card = named(*names, kind="series", time=tuple(steps), time_shape=shape[1:], missing=0.0)
    grid = Grid("EPSG:3035", 500, LEFT + 500, TOP - 500, 2, 2)
    block = read(cube_of(card, grid, str(tmp_path)), grid)
    assert block.inputs["x"].shape == (4, *shape)
    assert np.array_equal(block.inputs["x"][3], np.nan_to_num(cube))


def test_a_folder_with_a_file_a_month_is_a_series(tmp_path) -> None:
    for year in (2000, 2001):
        for month in (1, 2, 12):
            write(tmp_path / f"CHELSA_tas_{month:02}_{year}_V.2.1.tif",
                  np.full((1, 2, 2), year * 100 + month, np.float32), Affine(1000, 0, LEFT, 0, -1000, TOP))
    steps = tuple(f"{year}-{month:02}" for year in (2000, 2001) for month in (1, 2, 12))
    grid = Grid("EPSG:3035", 500, LEFT + 500, TOP - 500, 1, 1)
    block = read(cube_of(named("tas", kind="series", time=steps, time_shape=(2, 3)), grid, str(tmp_path)), grid)
    assert block.inputs["x"][0].tolist() == [[[200001, 200002, 200012], [200101, 200102, 200112]]]


def test_steps_without_names_are_numbered(tmp_path) -> None:
    values = np.stack([np.full((4, 4), step, np.float32) for step in range(6)])
    path = write(tmp_path / "t.tif", values, Affine(100, 0, LEFT, 0, -100, TOP),
                 names=tuple(f"red {step}" for step in range(1, 7)))
    grid = Grid("EPSG:3035", 100, LEFT, TOP, 4, 4)
    block = read(cube_of(named("red", kind="series", time_shape=(2, 3)), grid, path), grid)
    assert block.inputs["x"][0].tolist() == [[[0, 1, 2], [3, 4, 5]]]
