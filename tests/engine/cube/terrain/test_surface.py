"""Slope, aspect, curvature and topographic position against analytic surfaces and gdaldem."""

import shutil
import subprocess

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoplantnet_plugin.engine.cube.terrain import surface

CELL = 20.0


def ground(function, size=41):
    """Return function(x east, y north) on cells of 20 m around 0."""
    steps = (np.arange(size) - size // 2) * CELL
    x, y = np.meshgrid(steps, -steps)
    return function(x, y).astype(np.float64), x, y


def rough(shape=(60, 70)):
    random = np.random.default_rng(5)
    coarse = random.uniform(0, 400, (shape[0] // 10 + 2, shape[1] // 10 + 2))
    dem = np.kron(coarse, np.ones((10, 10)))[:shape[0], :shape[1]]
    for _ in range(4):
        padded = np.pad(dem, 1, mode="edge")
        dem = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]) / 4
    # Quarters of a metre, so that gdaldem's single precision loses nothing.
    return np.round(4 * (dem + random.uniform(0, 3, shape))) / 4


def test_plane_is_exact_up_to_the_edge():
    dem, _, _ = ground(lambda x, y: 100 + 0.3 * x - 0.4 * y)
    east, north = surface.gradient(dem, CELL)
    assert np.allclose(east, 0.3) and np.allclose(north, -0.4)
    assert np.allclose(surface.slope(east, north), np.degrees(np.arctan(0.5)))
    # It falls towards west and north: 3 to the west, 4 to the north.
    assert np.allclose(surface.eastness(east, north), -0.6)
    assert np.allclose(surface.northness(east, north), 0.8)


def test_grid_turned_against_true_north():
    """On a grid whose upward axis points 30° east of north, ground that rises along it rises towards 30°."""
    dem, _, _ = ground(lambda x, y: 0.5 * y)
    turn = np.radians(30)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    east, north = surface.gradient(dem, CELL, axes)
    assert np.allclose(east, 0.25) and np.allclose(north, 0.5 * np.sqrt(3) / 2)


def test_flat_ground_has_no_aspect():
    dem, _, _ = ground(lambda x, y: 0 * x + 7)
    east, north = surface.gradient(dem, CELL)
    assert (surface.slope(east, north) == 0).all()
    assert (surface.northness(east, north) == 0).all() and (surface.eastness(east, north) == 0).all()


def test_cone_is_equally_steep_all_around():
    dem, x, y = ground(lambda x, y: -0.8 * np.hypot(x, y), 81)
    east, north = surface.gradient(dem, CELL)
    far = np.hypot(x, y) > 400
    far[[0, -1], :] = far[:, [0, -1]] = False
    assert np.abs(surface.slope(east, north)[far] - np.degrees(np.arctan(0.8))).max() < 0.06
    assert np.abs(surface.northness(east, north) - y / np.maximum(np.hypot(x, y), 1))[far].max() < 0.01


def test_missing_cells_spread_to_their_neighbours_only():
    dem, _, _ = ground(lambda x, y: x)
    dem[20, 20] = np.nan
    slope = surface.slope(*surface.gradient(dem, CELL))
    profile, plan = surface.curvature(dem, CELL)
    for result in (slope, profile, plan):
        missing = np.isnan(result)
        assert missing[19:22, 19:22].all() and missing.sum() == 9


def test_curvature_of_a_ridge_across_the_slope():
    """z = 0.4 y − x²/2000 on the crest x = 0: straight along the slope, curved 1/1000 across it."""
    dem, x, _ = ground(lambda x, y: 0.4 * y - x**2 / 2000)
    profile, plan = surface.curvature(dem, CELL)
    crest = (x == 0)[1:-1, 1:-1]
    assert np.allclose(profile[1:-1, 1:-1][crest], 0, atol=1e-12)
    assert np.allclose(plan[1:-1, 1:-1][crest], 1 / 1000)


def test_curvature_of_a_brow_along_the_slope():
    """z = 0.4 y − y²/2000: curved along the slope only, everywhere."""
    dem, _, _ = ground(lambda x, y: 0.4 * y - y**2 / 2000, 15)
    profile, plan = surface.curvature(dem, CELL)
    assert np.allclose(profile[1:-1, 1:-1], 1 / 1000)
    assert np.allclose(plan[1:-1, 1:-1], 0, atol=1e-12)


def test_curvatures_turn_with_the_ground():
    """The same brow along a diagonal: the mixed derivative takes part."""
    dem, _, _ = ground(lambda x, y: 0.4 * (x + y) / np.sqrt(2) - (x + y) ** 2 / 4000, 15)
    profile, plan = surface.curvature(dem, CELL)
    assert np.allclose(profile[1:-1, 1:-1], 1 / 1000)
    assert np.allclose(plan[1:-1, 1:-1], 0, atol=1e-12)


def test_curvatures_add_up_to_the_laplacian():
    dem = rough()
    profile, plan = surface.curvature(dem, CELL)
    laplacian = (dem[:-2, 1:-1] + dem[2:, 1:-1] + dem[1:-1, :-2] + dem[1:-1, 2:] - 4 * dem[1:-1, 1:-1]) / CELL**2
    assert np.allclose((profile + plan)[1:-1, 1:-1], -laplacian)


@pytest.mark.parametrize("radius", [20.0, 30.0, 65.0, 140.0])
def test_position_against_a_loop(radius):
    dem = rough((24, 30))
    position = surface.topographic_position(dem, CELL, radius)
    rows, cols = np.indices(dem.shape)
    reach = int(radius // CELL)
    for row in range(24):
        for col in range(30):
            disc = np.hypot(rows - row, cols - col) * CELL <= radius
            complete = reach <= row < 24 - reach and reach <= col < 30 - reach
            assert np.isnan(position[row, col]) != complete
            if complete:
                assert position[row, col] == pytest.approx(dem[row, col] - dem[disc].mean(), abs=1e-9)


def test_position_is_missing_where_the_circle_meets_a_gap():
    dem, _, _ = ground(lambda x, y: x)
    dem[20, 20] = np.nan
    position = surface.topographic_position(dem, CELL, 60)
    rows, cols = np.indices(dem.shape)
    near = np.hypot(rows - 20, cols - 20) <= 3
    inner = np.s_[3:-3, 3:-3]
    assert np.array_equal(np.isnan(position)[inner], near[inner])
    assert np.allclose(position[inner][~near[inner]], 0, atol=1e-9)


def test_multiscale_position_takes_the_scale_that_stands_out():
    dem = rough((80, 80))
    radii = (40.0, 160.0)
    combined = surface.multiscale_position(dem, CELL, radii)
    scores = []
    for radius in radii:
        position = surface.topographic_position(dem, CELL, radius)
        scores.append((position - np.nanmean(position)) / np.nanstd(position) * 100)
    inner = np.s_[8:-8, 8:-8]
    small, large = scores[0][inner], scores[1][inner]
    assert np.allclose(combined[inner], np.where(np.abs(small) > np.abs(large), small, large))
    assert 0.1 < (np.abs(small) > np.abs(large)).mean() < 0.9


def gdaldem(tmp_path, dem, mode, *options):
    if shutil.which("gdaldem") is None:
        pytest.skip("gdaldem (Debian package gdal-bin) is not installed")
    source, target = tmp_path / "dem.tif", tmp_path / f"{mode}.tif"
    with rasterio.open(source, "w", driver="GTiff", height=dem.shape[0], width=dem.shape[1], count=1,
                       dtype="float64", crs="EPSG:3035", nodata=-9999,
                       transform=Affine(CELL, 0, 4e6, 0, -CELL, 2.6e6)) as file:
        file.write(dem, 1)
    subprocess.run(["gdaldem", mode, str(source), str(target), "-q", *options], check=True)
    with rasterio.open(target) as file:
        return file.read(1, masked=True).filled(np.nan).astype(np.float64)


def test_slope_equals_gdaldem_edges_included(tmp_path):
    dem = rough()
    slope = surface.slope(*surface.gradient(dem, CELL))
    theirs = gdaldem(tmp_path, dem, "slope", "-compute_edges")
    assert np.abs(slope - theirs)[1:-1, 1:-1].max() < 1e-4
    edge = np.ones(dem.shape, bool)
    edge[1:-1, 1:-1] = False
    edge[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    assert np.abs(slope - theirs)[edge].max() < 1e-4


def test_aspect_equals_gdaldem(tmp_path):
    dem = rough()
    east, north = surface.gradient(dem, CELL)
    azimuth = np.radians(gdaldem(tmp_path, dem, "aspect"))[1:-1, 1:-1]
    ours = surface.northness(east, north)[1:-1, 1:-1], surface.eastness(east, north)[1:-1, 1:-1]
    flat = np.isnan(azimuth)
    assert flat.mean() < 0.01
    assert np.abs(ours[0] - np.cos(azimuth))[~flat].max() < 1e-5
    assert np.abs(ours[1] - np.sin(azimuth))[~flat].max() < 1e-5
    assert (ours[0][flat] == 0).all() and (ours[1][flat] == 0).all()


def test_position_over_nine_cells_equals_gdaldem(tmp_path):
    """gdaldem leaves the centre out of the mean: z − mean of 8 is 9/8 of z − mean of 9."""
    dem = rough()
    ours = surface.topographic_position(dem, CELL, 1.5 * CELL)
    theirs = gdaldem(tmp_path, dem, "TPI")
    assert np.abs(9 / 8 * ours - theirs)[1:-1, 1:-1].max() < 1e-4
