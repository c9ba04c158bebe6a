"""Terrain variables of raster files: windows, names, place on earth, climate files, bad input."""

import json

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Proj, Transformer
from rasterio.crs import CRS

from geoplantnet_plugin.common.errors import Cancelled, EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import parse
from geoplantnet_plugin.engine.cube.terrain import climate, derive, sun, surface

ALL = ["slope", "northness", "eastness", "profile_curvature", "plan_curvature", "tpi:150", "srad:3", "ddeg",
       "ddeg:5", "moisture:6-8"]
STATION = {"elevation": 500, "temperature": [0, 1, 5, 9, 13, 17, 19, 18, 14, 9, 4, 1],
           "precipitation": [90] * 12, "clear_share": 0.7, "precipitation_rate": 0.02}


def hills(rows=130, cols=150, cell=50.0):
    y, x = np.mgrid[:rows, :cols] * cell
    return 1000 + 300 * np.sin(x / 700) * np.cos(y / 900) + 120 * np.sin((x + 2 * y) / 400)


def write(path, bands, cell=50.0, crs="EPSG:3035", corner=(4.09e6, 2.6e6), names=(), unit=None, **profile):
    bands = np.atleast_3d(bands.T).T if bands.ndim == 2 else bands
    options = {"dtype": "float64", "nodata": -9999.0, "transform": Affine(cell, 0, corner[0], 0, -cell, corner[1])}
    options.update(profile)
    with rasterio.open(path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands),
                       crs=crs, **options) as file:
        file.write(np.where(np.isnan(bands), -9999.0, bands).astype(options["dtype"]))
        for index, name in enumerate(names, start=1):
            file.set_band_description(index, name)
        if unit:
            file.set_band_unit(1, unit)
    return path


@pytest.fixture
def dem(tmp_path):
    return write(tmp_path / "dem.tif", hills())


@pytest.fixture
def station(tmp_path):
    path = tmp_path / "station.json"
    path.write_text(json.dumps(STATION))
    return path


def read(path):
    with rasterio.open(path) as file:
        return dict(zip(file.descriptions, file.read().astype(np.float64)))


def test_windows_leave_no_seams(dem, station, tmp_path, monkeypatch):
    """Cut into 16-cell windows, every value is what one window over everything gives."""
    skew = derive.Place(46.4, np.array([[0.98, 0.1], [-0.1, 1.0102]]), 0.99)
    monkeypatch.setattr(derive, "place", lambda crs, x, y: skew)
    derive.derive_terrain(dem, tmp_path / "one.tif", ALL, Reporter(), station, horizon=1500)
    monkeypatch.setattr(derive, "MAX_SIDE", 16)
    derive.derive_terrain(dem, tmp_path / "many.tif", ALL, Reporter(), station, horizon=1500)
    one, many = read(tmp_path / "one.tif"), read(tmp_path / "many.tif")
    assert list(one) == ["slope", "northness", "eastness", "profile_curvature", "plan_curvature", "tpi_150", "srad_03",
                         "ddeg_0", "ddeg_5", "moisture_06_08"]
    for name in one:
        assert np.allclose(one[name], many[name], rtol=1e-5, atol=1e-5, equal_nan=True), name


def test_bands_hold_what_the_functions_give(dem, station, tmp_path):
    derive.derive_terrain(dem, tmp_path / "out.tif", ["slope", "tpi:200", "ddeg:5"], Reporter(), station)
    bands = read(tmp_path / "out.tif")
    ground = hills()
    # EPSG:3035 keeps areas, and lengths here within 0.2 %.
    assert np.allclose(bands["slope"], surface.slope(*surface.gradient(ground, 50.0)), rtol=0.003, atol=1e-3)
    assert np.allclose(bands["tpi_200"], surface.topographic_position(ground, 50.0, 200.0), atol=1e-4, equal_nan=True)
    months = np.array(STATION["temperature"])[:, None, None] - 0.0056 * (ground - 500)
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[:, None, None]
    assert np.allclose(bands["ddeg_5"], (days * np.clip(months - 5, 0, None)).sum(axis=0), atol=0.01)


def test_moisture_of_level_ground_by_hand(tmp_path, station):
    """At 500 m, no slope, no horizon: rain 90 mm; Turc at 17, 19, 18 °C under 0.7 of the clear sky."""
    flat = write(tmp_path / "flat.tif", np.full((5, 5), 500.0))
    derive.derive_terrain(flat, tmp_path / "out.tif", ["moisture:6-8"], Reporter(), station)
    latitude = derive.place(CRS.from_epsg(3035), 4.09e6 + 125, 2.6e6 - 125).latitude
    level = np.zeros((1, 1))
    loss = 0.0
    for month, warmth, days in ((6, 17, 30), (7, 19, 31), (8, 18, 31)):
        light = 0.7 * sun.monthly_radiation(level, level, latitude, month)[0, 0]
        loss += 0.013 * days * warmth / (warmth + 15) * (light / 41.84 + 50)
    assert read(tmp_path / "out.tif")["moisture_06_08"][2, 2] == pytest.approx(90 - loss / 3, abs=0.01)


def test_missing_cells_stay_missing(tmp_path):
    ground = hills(40, 40)
    ground[10, 12] = np.nan
    write(tmp_path / "dem.tif", ground)
    derive.derive_terrain(tmp_path / "dem.tif", tmp_path / "out.tif", ["slope", "srad:6"], Reporter())
    for band in read(tmp_path / "out.tif").values():
        assert np.isnan(band[9:12, 11:14]).all() and np.isnan(band).sum() == 9


def test_band_metadata(dem, tmp_path):
    with rasterio.open(dem, "r+") as file:
        file.update_tags(SIMULATED="yes")
    derive.derive_terrain(dem, tmp_path / "out.tif", ["slope", "srad:6"], Reporter())
    with rasterio.open(tmp_path / "out.tif") as out, rasterio.open(dem) as source:
        assert out.units == ("degree", "kJ m-2 d-1")
        assert out.tags(1)["SOURCE"] == "Horn 1981" and "Kumar" in out.tags(2)["SOURCE"]
        assert out.tags()["SIMULATED"] == "yes"
        assert (out.transform, out.crs, out.shape) == (source.transform, source.crs, source.shape)


def test_stored_scale_and_offset_of_the_dem_are_used(tmp_path):
    ground = np.round(hills(30, 30) * 10)
    path = write(tmp_path / "dm.tif", ground, dtype="int16")
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (100.0,)
    derive.derive_terrain(path, tmp_path / "out.tif", ["slope"], Reporter())
    expected = surface.slope(*surface.gradient(ground / 10, 50.0))
    assert np.allclose(read(tmp_path / "out.tif")["slope"], expected, rtol=0.003, atol=1e-3)


PLACES = [(3035, 7.1, 46.4), (3035, -8.0, 40.0), (32631, 5.5, 44.0), (3035, 25.0, 65.0), (3857, 3.9, 43.6)]


@pytest.mark.parametrize(("code", "longitude", "latitude"), PLACES)
def test_place_against_projs_own_factors(code, longitude, latitude):
    """PROJ gives the partial derivatives of the projection on its ellipsoid; per true metre they are the axes."""
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(longitude, latitude)
    here = derive.place(CRS.from_epsg(code), x, y)
    factors = Proj(code).get_factors(longitude, latitude)
    a, e2 = 6378137.0, 0.00669438
    sine = np.sin(np.radians(latitude))
    meridian = a * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    parallel = a / np.sqrt(1 - e2 * sine**2) * np.cos(np.radians(latitude))
    per_metre = np.array([[factors.dx_dlam / parallel, factors.dx_dphi / meridian],
                          [factors.dy_dlam / parallel, factors.dy_dphi / meridian]])
    if np.abs(per_metre).max() < 0.5:  # PROJ's own derivatives are on an ellipsoid whose half axis is 1
        per_metre *= a
    assert here.latitude == pytest.approx(latitude, abs=1e-6)
    assert np.allclose(here.axes / here.scale, per_metre, atol=2e-4)
    assert np.linalg.det(here.axes) == pytest.approx(1)


@pytest.mark.parametrize(("code", "longitude", "latitude"), PLACES)
def test_slope_towards_true_south_in_any_grid(tmp_path, code, longitude, latitude):
    """Ground that falls 0.3 m a metre to true south does so in every projection, also a skew or stretched one.

    In Portugal EPSG:3035 is turned by 13° and skewed by 2°; at 43.6° N a metre of EPSG:3857 is 0.72 m.
    """
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(longitude, latitude)
    x, y = round(x / 50) * 50.0, round(y / 50) * 50.0
    columns, rows = np.meshgrid(x + 25 + 50 * np.arange(40), y - 25 - 50 * np.arange(40))
    _, north = Transformer.from_crs(code, 4326, always_xy=True).transform(columns, rows)
    meridian = 6378137 * (1 - 0.00669438) / (1 - 0.00669438 * np.sin(np.radians(latitude)) ** 2) ** 1.5
    ground = 1000 + np.radians(north - latitude) * meridian * 0.3
    path = write(tmp_path / "dem.tif", ground, crs=f"EPSG:{code}", corner=(x, y))
    derive.derive_terrain(path, tmp_path / "out.tif", ["slope", "eastness", "northness"], Reporter())
    bands = read(tmp_path / "out.tif")
    assert np.abs(bands["slope"] - np.degrees(np.arctan(0.3))).max() < 0.02
    assert np.abs(bands["eastness"]).max() < 0.002
    assert bands["northness"].max() < -0.999


def climate_grid(tmp_path, precipitation=True):
    """A 1 km grid in degrees: at every point what the station says, carried to its own coarse elevation."""
    lon, lat = Transformer.from_crs(3035, 4326, always_xy=True).transform(4.09e6, 2.6e6)
    rows, cols = np.mgrid[:30, :30]
    elevation = 800.0 + 20 * rows + 10 * cols
    months = [np.array(STATION["temperature"])[month] - 0.0056 * (elevation - 500) for month in range(12)]
    rain = [90 + 0.02 * (elevation - 500)] * 12 if precipitation else []
    names = ["elevation", *(f"tas_{month:02d}" for month in range(1, 13)),
             *(f"pr_{month:02d}" for month in range(1, 13) if precipitation)]
    write(tmp_path / "coarse.tif", np.stack([elevation, *months, *rain]), cell=0.01, crs="EPSG:4326",
          corner=(lon - 0.1, lat + 0.1), names=names)
    path = tmp_path / "grid.json"
    path.write_text(json.dumps({"raster": "coarse.tif", "clear_share": 0.7, "precipitation_rate": 0.02}))
    return path


def test_coarse_grid_and_station_agree(dem, station, tmp_path):
    """The coarse grid follows the same lapse rates, so what it says on the fine ground is what the station says."""
    wanted = ["ddeg", "moisture:6-8"]
    derive.derive_terrain(dem, tmp_path / "a.tif", wanted, Reporter(), station, horizon=500)
    derive.derive_terrain(dem, tmp_path / "b.tif", wanted, Reporter(), climate_grid(tmp_path), horizon=500)
    a, b = read(tmp_path / "a.tif"), read(tmp_path / "b.tif")
    assert np.abs(a["ddeg_0"] - b["ddeg_0"]).max() < 0.5
    assert np.abs(a["moisture_06_08"] - b["moisture_06_08"]).max() < 0.01


class Stopping(Reporter):
    """Asks to stop after a number of windows."""

    def __init__(self, windows):
        self.windows, self.seen = windows, []

    def progress(self, stage, done, total):
        self.seen.append((stage, done, total))

    def cancelled(self):
        return len(self.seen) >= self.windows


def test_cancel_leaves_nothing_and_spares_the_old_file(dem, tmp_path, monkeypatch):
    monkeypatch.setattr(derive, "MAX_SIDE", 64)
    out = tmp_path / "out.tif"
    out.write_bytes(b"old")
    with pytest.raises(Cancelled):
        derive.derive_terrain(dem, out, ["slope"], Stopping(3))
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dem.tif", "out.tif"]


def test_progress_counts_the_windows(dem, tmp_path, monkeypatch):
    monkeypatch.setattr(derive, "MAX_SIDE", 64)
    reporter = Stopping(1000)
    derive.derive_terrain(dem, tmp_path / "out.tif", ["slope"], reporter)
    assert reporter.seen == [("terrain", done, 9) for done in range(10)]


@pytest.mark.parametrize(("variables", "code"), [
    (["height"], "cube_terrain_variable"), (["slope:3"], "cube_terrain_variable"), (["tpi"], "cube_terrain_variable"),
    (["tpi:-5"], "cube_terrain_variable"), (["srad:13"], "cube_terrain_variable"),
    (["moisture:8-6"], "cube_terrain_variable"), (["ddeg"], "cube_terrain_no_climate"),
    (["tpi:90000"], "cube_terrain_too_far")])
def test_unusable_variables_are_told(dem, tmp_path, variables, code):
    with pytest.raises(EngineError) as caught:
        derive.derive_terrain(dem, tmp_path / "out.tif", variables, Reporter())
    assert caught.value.code == code
    assert "{" not in str(caught.value)
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize(("options", "code"), [
    ({"crs": None}, "cube_dem_no_crs"), ({"crs": "EPSG:4326", "corner": (7, 46), "cell": 0.001}, "cube_dem_not_metric"),
    ({"crs": "EPSG:2263"}, "cube_dem_not_metric"), ({"unit": "ft"}, "cube_dem_unit"),
    ({"transform": Affine(50, 5, 4.09e6, 5, -50, 2.6e6)}, "cube_dem_not_square"),
    ({"transform": Affine(50, 0, 4.09e6, 0, -60, 2.6e6)}, "cube_dem_not_square")])
def test_unusable_dems_are_told(tmp_path, options, code):
    path = write(tmp_path / "dem.tif", hills(20, 20), **options)
    with pytest.raises(EngineError) as caught:
        derive.derive_terrain(path, tmp_path / "out.tif", ["slope"], Reporter())
    assert caught.value.code == code and str(path) in str(caught.value)


def test_a_file_that_is_no_raster_and_one_that_would_be_overwritten(dem, tmp_path):
    (tmp_path / "note.tif").write_text("no raster")
    with pytest.raises(EngineError) as caught:
        derive.derive_terrain(tmp_path / "note.tif", tmp_path / "out.tif", ["slope"], Reporter())
    assert caught.value.code == "cube_dem_unreadable"
    with pytest.raises(EngineError) as caught:
        derive.derive_terrain(dem, dem, ["slope"], Reporter())
    assert caught.value.code == "cube_terrain_same_file"


@pytest.mark.parametrize(("change", "hint"), [
    ({"temperature": [1, 2]}, "temperature"), ({"temperature": ["warm"] * 12}, "temperature"),
    ({"elevation": None}, "elevation"), ({"elevation": True}, "elevation"), ({"lapse_rate": -6.5}, "lapse_rate"),
    ({"temperature": [285.0] * 12}, "temperature"), ({"clear_share": None}, "clear_share"),
    ({"precipitation": None}, "precipitation"), ({"raster": "absent.tif"}, "absent.tif"),
    ({"raster": "../../etc/passwd"}, "passwd")])
def test_unusable_climates_are_told(dem, tmp_path, change, hint):
    path = tmp_path / "climate.json"
    path.write_text(json.dumps({**STATION, **change}))
    with pytest.raises(EngineError) as caught:
        derive.derive_terrain(dem, tmp_path / "out.tif", ["moisture:6-8"], Reporter(), path)
    assert caught.value.code == "cube_climate_invalid" and hint in str(caught.value)


def test_climate_grid_without_a_month_and_broken_json(dem, tmp_path):
    path = climate_grid(tmp_path)
    with rasterio.open(tmp_path / "coarse.tif", "r+") as file:
        file.set_band_description(4, "spring")
    with pytest.raises(EngineError, match="tas_03"):
        derive.derive_terrain(dem, tmp_path / "out.tif", ["ddeg"], Reporter(), path)
    path.write_text("{")
    with pytest.raises(EngineError, match=r"grid\.json"):
        derive.derive_terrain(dem, tmp_path / "out.tif", ["ddeg"], Reporter(), path)


def test_command(dem, station, tmp_path):
    command, typed, _ = parse(["terrain", str(dem), "--out", str(tmp_path / "new" / "out.tif"), "--climate",
                               str(station), "--variables", "slope", "ddeg:0"])
    result = command.of_line(typed, Reporter())
    assert result["bands"] == [{"name": "slope", "unit": "degree"}, {"name": "ddeg_0", "unit": "degC d"}]
    assert list(read(result["out"])) == ["slope", "ddeg_0"]
    warmest = climate.degree_days(np.array(STATION["temperature"], float)[:, None] + 0.0056 * 500)
    assert read(result["out"])["ddeg_0"].max() < warmest[0]
