"""Radiation, horizon and climate against closed formulas and sums by hand."""

import math

import numpy as np
import pytest

from geoplantnet_plugin.engine.cube.terrain import climate, sun

FLAT = np.zeros((1, 1))


def declination(day):
    return math.radians(23.45) * math.sin(math.radians(360 * (284 + day) / 365))


@pytest.mark.parametrize("latitude", [-35.0, 0.0, 46.4, 65.0, 80.0])
@pytest.mark.parametrize("day", [17, 105, 172, 344])
def test_sun_above_the_air_sums_to_the_closed_formula(latitude, day):
    """Extraterrestrial radiation of a day, FAO-56 eq. 21: 86400/π (h_s sin φ sin δ + cos φ cos δ sin h_s)."""
    path, seconds = sun.sun_path(latitude, day, steps=400)
    phi, delta = math.radians(latitude), declination(day)
    half = math.acos(max(-1.0, min(1.0, -math.tan(phi) * math.tan(delta))))
    closed = 86400 / math.pi * (half * math.sin(phi) * math.sin(delta)
                                + math.cos(phi) * math.cos(delta) * math.sin(half))
    assert path[:, 2].sum() * seconds == pytest.approx(closed, rel=1e-4, abs=1e-6)
    assert np.allclose(np.linalg.norm(path, axis=1), 1)


def test_sun_goes_from_east_over_south_to_west_in_europe():
    path, _ = sun.sun_path(46.4, 80, steps=25)
    assert path[0, 0] > 0.9 and path[-1, 0] < -0.9
    assert path[12, 1] < -0.6 and abs(path[12, 0]) < 1e-9
    assert math.degrees(math.asin(path[12, 2])) == pytest.approx(90 - 46.4 + math.degrees(declination(80)), abs=1e-6)


def kumar(slope, aspect_from_south, latitude, day, minutes=2):
    """Kumar et al. 1997 with their own angles (aspect from south, west positive), summed in 2-minute steps, kJ/m²."""
    lat, delta = math.radians(latitude), declination(day)
    outside = 1.367 * (1 + 0.0344 * math.cos(2 * math.pi * day / 365))
    total = 0.0
    for minute in range(0, 1440, minutes):
        hour = math.radians((minute + minutes / 2) / 4 - 180)
        altitude = math.sin(lat) * math.sin(delta) + math.cos(lat) * math.cos(delta) * math.cos(hour)
        if altitude <= 0:
            continue
        mass = math.sqrt(1229 + (614 * altitude) ** 2) - 614 * altitude
        beam = 0.56 * (math.exp(-0.65 * mass) + math.exp(-0.095 * mass))
        incidence = (math.sin(delta) * (math.sin(lat) * math.cos(slope)
                                        - math.cos(lat) * math.sin(slope) * math.cos(aspect_from_south))
                     + math.cos(delta) * math.cos(hour) * (math.cos(lat) * math.cos(slope) + math.sin(lat)
                                                           * math.sin(slope) * math.cos(aspect_from_south))
                     + math.cos(delta) * math.sin(slope) * math.sin(aspect_from_south) * math.sin(hour))
        total += beam * max(incidence, 0) + (0.271 - 0.294 * beam) * math.cos(slope / 2) ** 2 * altitude
    return outside * total * minutes * 60


@pytest.mark.parametrize("slope", [0, 20, 45])
@pytest.mark.parametrize("azimuth", [0, 90, 135, 180, 270])
@pytest.mark.parametrize("day", [17, 162, 258])
def test_radiation_on_slopes_is_kumars(slope, azimuth, day):
    steep = math.tan(math.radians(slope))
    east = np.full((1, 1), -steep * math.sin(math.radians(azimuth)))
    north = np.full((1, 1), -steep * math.cos(math.radians(azimuth)))
    expected = kumar(math.radians(slope), math.radians(azimuth - 180), 46.4, day)
    ours = sun.daily_radiation(east, north, 46.4, day)[0, 0]
    assert ours == pytest.approx(expected, rel=0.005, abs=60)


def test_monthly_radiation_is_near_the_months_mean():
    days = [kumar(0, 0, 46.4, day) for day in range(152, 182, 3)]
    assert sun.monthly_radiation(FLAT, FLAT, 46.4, 6)[0, 0] == pytest.approx(np.mean(days), rel=0.01)


def test_polar_night_is_dark():
    assert sun.monthly_radiation(FLAT, FLAT, 80.0, 12)[0, 0] == 0


def test_horizon_behind_a_wall():
    """A wall 300 m high, three cells wide, whose near side stands 1,000 m north of the cell."""
    dem = np.zeros((121, 121))
    dem[38:41, :] = 300.0
    tangents = sun.horizon_tangents(dem, 50.0, 4000.0)
    cell = tangents[:, 60, 60]
    assert cell[0] == pytest.approx(0.3)
    # At 45° the wall is √2 further away.
    assert cell[4] == pytest.approx(0.3 / math.sqrt(2), rel=0.05)
    assert cell[28] == pytest.approx(0.3 / math.sqrt(2), rel=0.05)
    assert (cell[8:25] == 0).all()


def test_horizon_reaches_no_further_than_asked_and_turns_with_the_grid():
    dem = np.zeros((121, 121))
    dem[38:41, :] = 300.0
    assert sun.horizon_tangents(dem, 50.0, 900.0)[0, 60, 60] == 0
    # The grid's upward axis points east: the wall stands in the east.
    axes = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert sun.horizon_tangents(dem, 50.0, 4000.0, axes=axes)[8, 60, 60] == pytest.approx(0.3)


def test_horizon_inside_a_window_is_the_horizon_of_the_whole():
    dem = np.random.default_rng(2).uniform(0, 300, (70, 60))
    whole = sun.horizon_tangents(dem, 50.0, 900.0)
    part = sun.horizon_tangents(dem, 50.0, 900.0, inside=(slice(25, 40), slice(0, 30)))
    assert np.array_equal(part, whole[:, 25:40, 0:30])


def test_missing_ground_hides_nothing_and_sees_nothing():
    dem = np.zeros((41, 41))
    dem[10, :] = np.nan
    tangents = sun.horizon_tangents(dem, 50.0, 1500.0)
    assert np.isnan(tangents[:, 10, :]).all()
    assert (tangents[:, 11:, :] == 0).all()


def test_mountains_take_the_beam_and_leave_the_sky():
    walls = np.full((32, 1, 1), 1e6, np.float32)
    path, seconds = sun.sun_path(46.4, 162)
    _, diffuse = sun.transmittance(path[:, 2])
    expected = sun.irradiance(162) * seconds * (diffuse * path[:, 2]).sum()
    assert sun.daily_radiation(FLAT, FLAT, 46.4, 162, walls)[0, 0] == pytest.approx(expected)


def test_southern_wall_takes_the_noon_sun_of_december_only():
    """A horizon of 30° in the south: the sun stands at 20° at noon in December, at 67° in June (46.4° N)."""
    south = np.zeros((32, 1, 1), np.float32)
    south[8:25] = math.tan(math.radians(30))
    december = [sun.monthly_radiation(FLAT, FLAT, 46.4, 12, horizon)[0, 0] for horizon in (None, south)]
    june = [sun.monthly_radiation(FLAT, FLAT, 46.4, 6, horizon)[0, 0] for horizon in (None, south)]
    assert december[1] < 0.35 * december[0]
    assert june[1] > 0.9 * june[0]


def test_lapse_rate():
    elevation = np.array([[500.0, 1500.0], [np.nan, 2500.0]])
    result = climate.at_elevation(10.0, 500.0, elevation, -0.006)
    assert np.allclose(result, [[10, 4], [np.nan, -2]], equal_nan=True)


def test_degree_days_by_hand():
    """10 °C all year above 5 °C: 365 × 5; one warm July (31 days at 12 °C) in a frozen year above 0 °C: 372."""
    assert climate.degree_days(np.full((12, 1), 10.0), 5.0)[0] == pytest.approx(1825)
    frozen = np.full((12, 2), -4.0)
    frozen[6] = [12.0, np.nan]
    assert np.allclose(climate.degree_days(frozen), [372, np.nan], equal_nan=True)


def test_turc_by_hand():
    """15 °C and 500 cal cm⁻² d⁻¹ in 30 days: 0.013 × 30 × ½ × 550 = 107.25 mm; nothing at or below 0 °C."""
    light = np.full(3, 500 * 41.84)
    result = climate.turc_evapotranspiration(np.array([15.0, 0.0, -20.0]), light, 30)
    assert np.allclose(result, [107.25, 0, 0])


def test_moisture_index_by_hand():
    rain = np.array([[100.0], [80.0], [120.0]])
    loss = np.array([[110.0], [130.0], [90.0]])
    assert climate.moisture_index(rain, loss)[0] == pytest.approx(-10)
