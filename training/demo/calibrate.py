"""How the demo's precipitation was fitted: ``python -m training.demo.calibrate`` prints the constants of `predictors`.

On the training raster, elevation is read back from `ddeg0`; then `mind68` = precipitation − Turc's evapotranspiration
is linear in the precipitation at the station, its rate with elevation and the share of clear-sky radiation.
"""

from __future__ import annotations

import numpy as np
import rasterio
from numpy.typing import NDArray

from geoplantnet_plugin.engine.cube.terrain import climate, sun
from training.demo import predictors as model
from training.demo.__main__ import TRAINING

Array = NDArray[np.float64]


def fit() -> tuple[Array, float, float]:
    """Return (precipitation, rate, share), R² and the residual's standard deviation in mm a month."""
    with rasterio.open(TRAINING / "ecospat.testEnv.tif") as raster:
        bands = dict(zip(raster.descriptions, raster.read().astype(np.float64)))
    valid = np.logical_and.reduce([np.isfinite(band) for band in bands.values()])
    moisture, light = bands["mind68"][valid] / 10, bands["srad68"][valid]
    elevation = _elevation(bands["ddeg0"][valid] / 10)
    clear, dark = _evapotranspiration(elevation, light), _evapotranspiration(elevation, np.zeros_like(light))
    known = moisture + dark
    terms = np.column_stack([np.ones_like(known), elevation - model.STATION_ELEVATION, dark - clear])
    constants = np.linalg.lstsq(terms, known, rcond=None)[0]
    residual = known - terms @ constants
    return constants, 1 - residual.var() / moisture.var(), residual.std()


def _elevation(degree_days: Array) -> Array:
    levels = np.arange(300.0, 3500.0, 5.0)
    temperature = climate.at_elevation(model.station_temperature()[:, None], model.STATION_ELEVATION, levels,
                                       climate.LAPSE_RATE)
    return np.interp(-degree_days, -climate.degree_days(temperature), levels)


def _evapotranspiration(elevation: Array, radiation: Array) -> Array:
    months = []
    for month in model.SUMMER:
        temperature = climate.at_elevation(model.station_temperature()[month - 1], model.STATION_ELEVATION,
                                           elevation, climate.LAPSE_RATE)
        months.append(climate.turc_evapotranspiration(temperature, radiation, sun.MONTH_DAYS[month - 1]))
    return np.mean(months, axis=0)


if __name__ == "__main__":
    (precipitation, rate, share), explained, spread = fit()
    print(f"precipitation {precipitation:.1f} mm a month, {rate:.4f} per metre, share of clear-sky radiation "
          f"{share:.2f}; R² {explained:.2f}, residual {spread:.1f} mm a month")
