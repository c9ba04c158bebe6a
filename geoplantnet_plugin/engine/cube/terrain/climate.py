"""Climate carried up the slopes: lapse rates, growing degree-days, evapotranspiration, moisture index."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoplantnet_plugin.engine.cube.terrain.sun import MONTH_DAYS

Array = NDArray[np.float64]

LAPSE_RATE = -0.0056
"""°C per metre, the yearly mean of Alpine stations (Rolland 2003: −0.54 to −0.58 °C per 100 m)."""


def at_elevation(value: ArrayLike, reference: ArrayLike, elevation: Array, rate: float) -> Array:
    """Return ``value + rate × (elevation − reference)``: a station's or coarse grid's value on fine ground.

    `value` (°C, mm …) holds at the elevation `reference` in metres; `rate` is its change per metre, for
    temperature a lapse rate (`LAPSE_RATE`; Rolland 2003, J. Climate 16(7):1032–1046). Arrays broadcast.
    """
    result: Array = np.asarray(value, np.float64) + rate * (elevation - np.asarray(reference, np.float64))
    return result


def degree_days(temperature: Array, base: float = 0.0) -> Array:
    """Return growing degree-days in °C d: Σ days × max(0, T − base) over twelve monthly means (12, …) in °C.

    From monthly means, as in Zimmermann & Kienast 1999, J. Veg. Sci. 10:469–482; warm days of a month whose
    mean lies below `base` do not count.
    """
    days = np.asarray(MONTH_DAYS, np.float64)
    return np.asarray(np.tensordot(days, np.maximum(temperature - base, 0.0), axes=1))


def turc_evapotranspiration(temperature: Array, radiation: Array, days: float) -> Array:
    """Return potential evapotranspiration in mm over `days` days: 0.013 days T / (T + 15) (R + 50).

    Turc 1961, Ann. Agron. 12:13–49 (without his term for relative humidity below 50 %), R in cal cm⁻² d⁻¹.
    `temperature` in °C, mean; `radiation` the global (not the potential) radiation in kJ m⁻² d⁻¹, of which
    41.84 make 1 cal cm⁻² d⁻¹. 0 where the temperature is 0 °C or less.
    """
    warm = np.maximum(temperature, 0.0)
    return np.asarray(0.013 * days * warm / (warm + 15) * (radiation / 41.84 + 50))


def moisture_index(precipitation: Array, evapotranspiration: Array) -> Array:
    """Return the mean of precipitation minus potential evapotranspiration over months (months, …), in mm a month.

    Climatic water balance as in Zimmermann & Kienast 1999; negative where more could evaporate than falls.
    """
    result: Array = np.mean(precipitation - evapotranspiration, axis=0)
    return result
