"""Values of cells: against hand-made bilinear sampling, against gdalwarp, and the same in every block."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from cube.cube_helpers import DATA, area_in_degrees, card_of, cube_of, image, named, whole, write

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.rasters import Rasters
from geoplantnet_plugin.engine.models.card import Predictor
from geoplantnet_plugin.engine.where.grid import Block, Grid

VAUD = DATA / "vaud_alps" / "ecospat.testEnv.tif"
VAUD_NAMES = ("ddeg0", "mind68", "srad68", "slope25", "topos25")
needs_vaud = pytest.mark.skipif(not VAUD.exists(), reason="../shared/data/vaud_alps is not there")
needs_gdalwarp = pytest.mark.skipif(not shutil.which("gdalwarp"), reason="gdalwarp (gdal-bin) is not installed")

LEFT, TOP = 4_000_000, 2_500_000
HERE = Affine(250, 0, LEFT, 0, -250, TOP)


def square(cells: int, resolution: float, right: float = 0, down: float = 0) -> Grid:
    return Grid("EPSG:3035", resolution, LEFT + right, TOP - down, cells, cells)


def noise(bands: int, height: int, width: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(100, 30, (bands, height, width)).astype(np.float32)


def vaud_grid(resolution: float = 50) -> Grid:
    return area_in_degrees(6.95, 46.30, 7.25, 46.45, "EPSG:3035").grid(resolution)


def bilinear_by_hand(values: np.ndarray, col: float, row: float) -> float:
    """One point, one formula at a time; NaN where the pixel under it is."""
    height, width = values.shape
    if not (0 <= col < width and 0 <= row < height) or np.isnan(values[int(row), int(col)]):
        return np.nan
    total = weights = 0.0
    for r in (int(np.floor(row - 0.5)), int(np.floor(row - 0.5)) + 1):
        for c in (int(np.floor(col - 0.5)), int(np.floor(col - 0.5)) + 1):
            if 0 <= r < height and 0 <= c < width and not np.isnan(values[r, c]):
                weight = (1 - abs(row - 0.5 - r)) * (1 - abs(col - 0.5 - c))
                total += weight * float(values[r, c])
                weights += weight
    return total / weights


@needs_vaud
def test_real_values_equal_pyproj_and_bilinear_sampling_by_hand() -> None:
    grid = vaud_grid()
    read = image(cube_of(named(*VAUD_NAMES), grid, str(VAUD), predictor_crs="EPSG:21781"), grid)
    x, y = grid.centres()
    change = pyproj.Transformer.from_crs("EPSG:3035", "EPSG:21781", always_xy=True)
    with rasterio.open(VAUD) as dataset:
        stored, inverse = dataset.read(), ~dataset.transform
    rng = np.random.default_rng(0)
    spots = [(0, 0), (0, grid.width - 1), (grid.height - 1, 0), (grid.height - 1, grid.width - 1)]
    spots += list(zip(rng.integers(0, grid.height, 400), rng.integers(0, grid.width, 400), strict=True))
    seen = 0
    for row, col in spots:
        east, north = change.transform(x[col], y[row])
        at = inverse.a * east + inverse.c, inverse.e * north + inverse.f
        for band in range(5):
            by_hand = bilinear_by_hand(stored[band], *at)
            assert read[band, row, col] == pytest.approx(by_hand, rel=2e-4, abs=0.05, nan_ok=True)
            seen += not np.isnan(by_hand)
    assert seen > 1000


def strips(grid: Grid, heights: tuple[int, ...], width: int) -> list[Block]:
    blocks, row, turn = [], 0, 0
    while row < grid.height:
        height = min(heights[turn % len(heights)], grid.height - row)
        blocks += [Block(0, row, col, height, min(width, grid.width - col)) for col in range(0, grid.width, width)]
        row, turn = row + height, turn + 1
    return blocks


@pytest.mark.parametrize(("resolution", "pixel", "crs"), [
    (50, 250, "EPSG:21781"), (50, 10, "EPSG:32631"), (100, 30, "EPSG:4326"), (33.3, 25, "EPSG:25831")])
@pytest.mark.parametrize("categorical", [False, True])
def test_a_cell_is_the_same_to_the_bit_in_every_block(tmp_path, resolution, pixel, crs, categorical) -> None:
    grid = square(70, resolution)
    change = pyproj.Transformer.from_crs("EPSG:3035", crs, always_xy=True)
    left, bottom, right, top = change.transform_bounds(*grid.bounds)
    step = pixel / 111_000 if crs == "EPSG:4326" else pixel
    size = int((right - left) / step) + 2, int((top - bottom) / step) + 2
    values = noise(2, size[1], size[0]).round()
    values[:, ::7, ::5] = -1
    path = write(tmp_path / "two.tif", values, Affine(step, 0, left - step / 3, 0, -step, top + step / 3), crs,
                 names=("a", "b"), nodata=-1)
    cube = cube_of(card_of(*(Predictor(name, "", "", categorical) for name in "ab")), grid, path)
    at_once = image(cube, grid)
    assert np.isfinite(at_once).mean() > 0.1
    rng = np.random.default_rng(3)
    for block in strips(grid, (1, 7, 32), 41):
        inside = rng.random((block.height, block.width)) < 0.7
        part = cube.read(block, inside)
        expected = at_once[:, block.row:block.row + block.height, block.col:block.col + block.width]
        expected = expected.reshape(2, -1)[:, np.flatnonzero(inside)].T
        there = np.isfinite(expected).all(axis=1)
        assert np.array_equal(part.cells, np.flatnonzero(inside)[there])
        assert np.array_equal(part.inputs["x"], expected[there])


def gdalwarp(path: str, grid: Grid, method: str, out, *options: str) -> np.ndarray:
    left, bottom, right, top = (str(value) for value in grid.bounds)
    subprocess.run(["gdalwarp", "-q", "-et", "0", "-ovr", "NONE", "-r", method, "-t_srs", grid.crs, "-te", left,
                    bottom, right, top, "-ts", str(grid.width), str(grid.height), "-ot", "Float32",
                    "-dstnodata", "nan", *options, path, str(out)], check=True)
    with rasterio.open(out) as dataset:
        return dataset.read()


@needs_gdalwarp
@needs_vaud
def test_upsampled_values_equal_gdalwarp(tmp_path) -> None:
    grid = vaud_grid()
    read = image(cube_of(named(*VAUD_NAMES), grid, str(VAUD), predictor_crs="EPSG:21781"), grid)
    warped = gdalwarp(str(VAUD), grid, "bilinear", tmp_path / "out.tif", "-s_srs", "EPSG:21781")
    both = np.isfinite(read) & np.isfinite(warped)
    assert both.mean() > 0.3
    assert (np.isfinite(read) == np.isfinite(warped)).mean() > 0.999  # cells on a pixel's very edge
    spread = np.nanstd(warped, axis=(1, 2), keepdims=True)
    assert (np.abs(read - warped) / spread)[both].max() < 1e-3


@needs_gdalwarp
@pytest.mark.parametrize("cell", [20, 50, 70, 330])
def test_coarsened_values_equal_gdalwarps_average(tmp_path, cell) -> None:
    path = write(tmp_path / "a.tif", noise(1, 400, 400), Affine(10, 0, LEFT, 0, -10, TOP))
    grid = square(4000 // cell - 2, cell, cell, cell)
    read = image(cube_of(named("a"), grid, path), grid)
    warped = gdalwarp(path, grid, "average", tmp_path / "out.tif")
    assert read == pytest.approx(warped, rel=1e-5)


@needs_gdalwarp
def test_coarsening_across_projections_is_close_to_gdalwarps_average(tmp_path) -> None:
    smooth = np.add.outer(np.arange(600) * 3.0, np.arange(600) * 2.0)[None].astype(np.float32)
    path = write(tmp_path / "a.tif", smooth, Affine(10, 0, 567_260, 0, -10, 4_832_070), "EPSG:32631")
    grid = area_in_degrees(3.855, 43.60, 3.89, 43.625, "EPSG:3035").grid(50)
    read = image(cube_of(named("a"), grid, path), grid)
    warped = gdalwarp(path, grid, "average", tmp_path / "out.tif")
    assert np.abs(read - warped).max() < 5  # a pixel's step is 3.6, a cell is 5 pixels wide


@needs_gdalwarp
def test_classes_equal_gdalwarps_nearest_and_mode(tmp_path) -> None:
    classes = np.random.default_rng(2).integers(1, 5, (1, 400, 400)).astype(np.uint8)
    path = write(tmp_path / "soil.tif", classes, Affine(10, 0, LEFT, 0, -10, TOP))
    card = card_of(Predictor("soil", "", "", categorical=True))
    for cell, method in ((7, "near"), (50, "mode")):
        grid = square(50, cell, cell, cell)
        read = image(cube_of(card, grid, path), grid)[0]
        warped = gdalwarp(path, grid, method, tmp_path / f"{method}.tif")[0]
        if method == "near":
            assert np.array_equal(read, warped)
            continue
        pixels = classes[0, 5:255, 5:255].reshape(50, 5, 50, 5).transpose(0, 2, 1, 3).reshape(50, 50, 25)
        counts = (pixels[..., None] == np.arange(1, 5)).sum(axis=2)
        clear = np.sort(counts, axis=2)[..., -1] > np.sort(counts, axis=2)[..., -2]  # no tie
        assert clear.mean() > 0.7
        assert np.array_equal(read[clear], warped[clear])
        assert np.array_equal(read, counts.argmax(axis=2) + 1)


def test_nodata_never_bleeds_and_never_shrinks(tmp_path) -> None:
    values = np.full((1, 20, 20), 5, np.float32)
    values[0, 8:11, 8:11] = -9999
    path = write(tmp_path / "a.tif", values, HERE, nodata=-9999)
    grid = square(100, 50)
    read = image(cube_of(named("a"), grid, path), grid)[0]
    missing = np.repeat(np.repeat(values[0] == -9999, 5, axis=0), 5, axis=1)
    assert np.array_equal(np.isnan(read), missing)
    assert read[~missing] == pytest.approx(5, rel=1e-6)


def test_nan_inf_and_a_mask_are_nodata_too(tmp_path) -> None:
    values = np.full((1, 20, 20), 5, np.float32)
    values[0, 0, 0], values[0, 1, 1] = np.nan, np.inf
    path = write(tmp_path / "a.tif", values, HERE)
    with rasterio.open(path, "r+") as dataset:
        mask = np.full((20, 20), 255, np.uint8)
        mask[2, 2] = 0
        dataset.write_mask(mask)
    grid = square(20, 250)
    assert list(np.flatnonzero(np.isnan(image(cube_of(named("a"), grid, path), grid)))) == [0, 21, 42]


def test_a_coarse_cell_needs_half_of_its_pixels(tmp_path) -> None:
    values = np.full((1, 20, 20), 5, np.float32)
    values[0, 0:2, 0:4] = -1  # half of the first cell
    values[0, 0:3, 4:8] = -1  # three quarters of the second
    path = write(tmp_path / "a.tif", values, HERE, nodata=-1)
    grid = square(5, 1000)
    read = image(cube_of(named("a"), grid, path), grid)[0]
    assert np.isnan(read[0, 1])
    assert np.isnan(read).sum() == 1
    assert np.all(read[np.isfinite(read)] == 5)


def test_scale_and_offset_make_the_predictors_units(tmp_path) -> None:
    path = write(tmp_path / "a.tif", np.full((1, 20, 20), 2831, np.uint16), HERE, scale=0.1, offset=-273.15)
    grid = square(10, 250)
    assert image(cube_of(named("a"), grid, path), grid) == pytest.approx(np.full((1, 10, 10), 9.95), abs=1e-4)


def test_a_missing_predictor_leaves_the_cell_out_or_takes_the_cards_value(tmp_path) -> None:
    values = noise(2, 20, 20)
    values[1, 3, 4] = np.nan
    path = write(tmp_path / "two.tif", values, HERE, names=("a", "b"))
    grid = square(20, 250)
    everywhere = np.ones((20, 20), bool)
    out = cube_of(named("a", "b"), grid, path).read(whole(grid), everywhere)
    assert list(np.setdiff1d(np.arange(400), out.cells)) == [64]
    filled = cube_of(named("a", "b", missing=-1.0), grid, path).read(whole(grid), everywhere)
    assert len(filled.cells) == 400
    assert filled.inputs["x"][64].tolist() == [values[0, 3, 4], -1]


def test_a_grid_on_the_pixels_reads_them_unchanged(tmp_path) -> None:
    values = noise(3, 20, 20)
    path = write(tmp_path / "s.tif", values, HERE, names=("a", "b", "c"))
    grid = square(20, 250)
    assert np.array_equal(image(cube_of(named("c", "a", "b"), grid, path), grid), values[[2, 0, 1]])


def test_a_raster_with_its_rows_from_south_to_north_is_read_right(tmp_path) -> None:
    values = noise(1, 20, 20)
    path = write(tmp_path / "a.tif", values, Affine(250, 0, LEFT, 0, 250, TOP - 5000))
    grid = square(20, 250)
    assert np.array_equal(image(cube_of(named("a"), grid, path), grid), values[:, ::-1])


def test_longitudes_from_0_to_360_and_past_the_antimeridian(tmp_path) -> None:
    grid = area_in_degrees(-67.2, 10.0, -67.1, 10.1, "EPSG:32619").grid(500)
    values = noise(1, 180, 360)
    turned = write(tmp_path / "b.tif", values, Affine(1, 0, 0, 0, -1, 90), "EPSG:4326")
    usual = write(tmp_path / "a.tif", np.roll(values, 180, axis=2), Affine(1, 0, -180, 0, -1, 90), "EPSG:4326")
    read = image(cube_of(named("a", "b"), grid, usual, turned), grid)
    assert np.array_equal(read[0], read[1])
    fiji = area_in_degrees(179.9, -17.0, 179.999, -16.9, "EPSG:32760").grid(500)
    across = write(tmp_path / "c.tif", noise(1, 60, 60), Affine(0.1, 0, 177, 0, -0.1, -14), "EPSG:4326")
    cube = cube_of(named("c"), fiji, across)
    assert np.isfinite(image(cube, fiji)).all()


def test_a_cell_beyond_utms_edge_has_its_value(tmp_path) -> None:
    left, top = pyproj.Transformer.from_crs(4326, 32631, always_xy=True).transform(5.9, 44.1)
    slope = np.add.outer(np.zeros(200), np.arange(200.0))[None].astype(np.float32)
    path = write(tmp_path / "a.tif", slope, Affine(250, 0, left, 0, -250, top), "EPSG:32631")
    grid = area_in_degrees(5.95, 43.9, 6.3, 44.0, "EPSG:3035").grid(100)  # zones 31 and 32
    read = image(cube_of(named("a"), grid, path), grid)[0]
    x, y = grid.centres()
    change = pyproj.Transformer.from_crs("EPSG:3035", "EPSG:32631", always_xy=True)
    east, _ = change.transform(*np.meshgrid(x, y))
    expected = (east - left) / 250 - 0.5
    there = np.isfinite(read)
    assert there.mean() > 0.8
    assert np.abs(read - expected)[there & (expected > 0)].max() < 0.01  # pixels


def test_a_file_that_vanishes_or_is_cut_short_is_named(tmp_path) -> None:
    grid = square(20, 250)
    for name, harm in (("gone", lambda file: file.unlink()), ("cut", lambda file: file.write_bytes(b"II*\0"))):
        path = tmp_path / f"{name}.tif"
        cube = cube_of(named(name), grid, write(path, noise(1, 20, 20), HERE))
        harm(path)
        with pytest.raises(EngineError, match=str(path)) as caught:
            image(cube, grid)
        assert (caught.value.code, caught.value.params["predictor"]) == ("cube_read_failed", name)


def test_windows_beyond_the_limit_are_read_in_parts(tmp_path, monkeypatch) -> None:
    path = write(tmp_path / "a.tif", noise(1, 400, 400), Affine(10, 0, LEFT, 0, -10, TOP))
    grid = square(40, 100)
    cube = cube_of(named("a"), grid, path)
    at_once = image(cube, grid)
    monkeypatch.setattr("geoplantnet_plugin.engine.cube.bands.MAX_VALUES", 5000)
    assert np.array_equal(image(cube, grid), at_once)


@pytest.mark.parametrize("categorical", [False, True])
@pytest.mark.parametrize("turned", [0, 30])
def test_a_cell_of_more_pixels_than_are_read_at_once_has_the_value_of_all(tmp_path, monkeypatch, categorical, turned):
    """A raster of few pixels, read in parts of fewer still: some cells reach over its edge, some lie in gaps."""
    values = noise(2, 180, 180).round(-1)
    values[:, 80:130, 10:80] = np.nan
    turn = Affine(10, 0, LEFT, 0, -10, TOP) @ Affine.rotation(turned)
    path = write(tmp_path / "a.tif", values, turn, names=("a", "b"))
    card = card_of(*(Predictor(name, name, "", categorical=categorical) for name in ("a", "b")), missing=-1.0)
    grid = square(3, 700)
    wanted = image(cube_of(card, grid, path), grid)
    cube, largest = cube_of(card, grid, path), []
    monkeypatch.setattr("geoplantnet_plugin.engine.cube.bands.MAX_VALUES", 5000)
    read = Rasters.read
    monkeypatch.setattr(Rasters, "read", lambda *args: largest.append(args[4].pixels) or read(*args))
    np.testing.assert_array_equal(image(cube, grid), wanted)
    assert max(largest) <= 2500 and np.isnan(wanted).any() and np.isfinite(wanted).any()


def test_a_cell_of_five_million_pixels(tmp_path):
    """Every 36th pixel's class, as counted by hand: 64 samples along each side of the cell."""
    values = np.random.default_rng(0).choice([1, 2, 2, 3], (2304, 2304)).astype(np.uint8)
    path = write(tmp_path / "a.tif", values[None], Affine(0.25, 0, LEFT, 0, -0.25, TOP), names=("a",), nodata=0)
    picked = values[18::36, 18::36]
    grid = square(1, 576)
    assert image(cube_of(named("a"), grid, path), grid).item() == np.float32(picked.mean())
    classes = card_of(Predictor("a", "a", "", categorical=True))
    assert image(cube_of(classes, grid, path), grid).item() == np.bincount(picked.ravel()).argmax()
