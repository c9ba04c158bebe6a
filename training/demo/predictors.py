"""The five predictors of the `western-swiss-alps` model, derived from the simulated valley.

Which formula stands behind each band of the training raster is nowhere published in full; what was found on the
raster itself is said beside each constant and in ``resources/demo/README.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.terrain import climate, sun, surface

Array = NDArray[np.float64]

LATITUDE = 46.4
SUMMER = (6, 7, 8)
SUPPORT = 250.0
"""Metres over which the training raster averages slope and topographic position computed at 25 m."""
POSITION_RADII = (100.0, 250.0, 500.0, 1000.0)
"""Metres; chosen, the training raster's radii are not published."""
HORIZON = 6000.0

STATION_ELEVATION = 372.0
"""Metres: the level of Lake Geneva, the lowest ground of the training raster."""
STATION_MEAN = 10.44
"""°C: gives the training raster's 95 % quantile of `ddeg0` (3,811 °C d) at the station."""
STATION_AMPLITUDE = 9.2
"""°C, half of July minus January; typical of low Alpine valleys, chosen."""
PRECIPITATION = 118.6
PRECIPITATION_RATE = 0.0248
CLEAR_SHARE = 0.96
"""mm a month at the station, mm a month per metre, and the share of clear-sky radiation that evaporates water:
fitted by least squares to `mind68` of the training raster (R² 0.94, RMSE 9.6 mm a month), with elevation read
back from its `ddeg0`. That the share is near 1 suggests that the raster was computed from potential radiation."""


def station_temperature() -> Array:
    """Return the simulated station's twelve monthly means in °C: a cosine with its peak in July."""
    return STATION_MEAN + STATION_AMPLITUDE * np.cos(2 * np.pi * (np.arange(1, 13) - 7) / 12)


def predictors(dem: Array, cell: float) -> dict[str, Array]:
    """Return the predictors at the cells of `dem`, in the training raster's units (see `UNITS`)."""
    east, north = surface.gradient(dem, cell)
    horizon = sun.horizon_tangents(dem, cell, HORIZON)
    monthly = [sun.monthly_radiation(east, north, LATITUDE, month, horizon) for month in SUMMER]
    temperature = climate.at_elevation(station_temperature()[:, None, None], STATION_ELEVATION, dem,
                                       climate.LAPSE_RATE)
    return {
        "ddeg0": 10 * climate.degree_days(temperature),
        "mind68": 10 * _moisture(dem, temperature, monthly),
        "srad68": np.mean(monthly, axis=0),
        "slope25": window_mean(surface.slope(east, north), cell, SUPPORT),
        "topos25": window_mean(surface.multiscale_position(dem, cell, POSITION_RADII), cell, SUPPORT),
    }


UNITS = {"ddeg0": "0.1 °C d per year", "mind68": "0.1 mm per month", "srad68": "kJ m-2 d-1", "slope25": "degree",
         "topos25": ""}
"""As in the model's card; a topographic position in 1/100 standard deviations has no unit."""
MEANINGS = {"ddeg0": "growing degree-days above 0 °C", "mind68": "moisture index, June to August",
            "srad68": "potential solar radiation, June to August", "slope25": "slope",
            "topos25": "topographic position"}


def _moisture(dem: Array, temperature: Array, radiation: list[Array]) -> Array:
    rain = climate.at_elevation(PRECIPITATION, STATION_ELEVATION, dem, PRECIPITATION_RATE)
    loss = [climate.turc_evapotranspiration(temperature[month - 1], CLEAR_SHARE * light, sun.MONTH_DAYS[month - 1])
            for month, light in zip(SUMMER, radiation)]
    return climate.moisture_index(np.stack([rain] * len(SUMMER)), np.stack(loss))


def window_mean(values: Array, cell: float, side: float) -> Array:
    """Return the mean over a square of `side` metres around every cell; NaN where it is not complete."""
    reach = round((side / cell - 1) / 2)
    windows = np.lib.stride_tricks.sliding_window_view(values, (2 * reach + 1, 2 * reach + 1))
    result = np.full(values.shape, np.nan)
    result[reach:-reach, reach:-reach] = windows.mean(axis=(2, 3))
    return result


def coarsen(values: Array, factor: int) -> Array:
    """Return the means of `factor` × `factor` cells."""
    rows, cols = values.shape
    return values.reshape(rows // factor, factor, cols // factor, factor).mean(axis=(1, 3))
