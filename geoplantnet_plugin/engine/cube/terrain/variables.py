"""The variables that can be derived from an elevation model: one entry each in `VARIABLES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.terrain import climate, sun, surface
from geoplantnet_plugin.engine.cube.terrain.sun import Inside

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MonthlyClimate:
    """Twelve monthly means on the ground: `temperature` (12, height, width) in °C, `precipitation` in mm a month.

    `clear_share` is the share of clear-sky radiation that reaches the ground (clouds take the rest). None: not known.
    """

    temperature: Array
    precipitation: Array | None
    clear_share: float | None


@dataclass(frozen=True)
class Ground:
    """One window of an elevation model with its margin; results are for the cells `inside`.

    `dem` in metres; `cell` in true metres; `latitude` in degrees; `axes` as in `surface.gradient`; `horizon` metres
    over which mountains shade; `weather` the climate of the cells inside, if given.
    """

    dem: Array
    inside: Inside
    cell: float
    latitude: float
    axes: Array
    horizon: float
    weather: MonthlyClimate | None = None

    @cached_property
    def gradient(self) -> tuple[Array, Array]:
        east, north = surface.gradient(self.dem, self.cell, self.axes)
        return east[self.inside], north[self.inside]

    @cached_property
    def curvature(self) -> tuple[Array, Array]:
        profile, plan = surface.curvature(self.dem, self.cell)
        return profile[self.inside], plan[self.inside]

    @cached_property
    def tangents(self) -> NDArray[np.float32]:
        return sun.horizon_tangents(self.dem, self.cell, self.horizon, self.inside, self.axes)

    def radiation(self, month: int) -> Array:
        """Return potential radiation of a month (1–12) in kJ m⁻² d⁻¹."""
        return sun.monthly_radiation(*self.gradient, self.latitude, month, self.tangents)

    def moisture(self, first: int, last: int) -> Array:
        """Return the moisture index of the months `first` to `last` in mm a month."""
        weather = self.weather
        if weather is None or weather.precipitation is None or weather.clear_share is None:
            raise ValueError("the moisture index needs temperature, precipitation and sunshine")
        months = range(first, last + 1)
        loss = [climate.turc_evapotranspiration(weather.temperature[month - 1],
                                                weather.clear_share * self.radiation(month),
                                                sun.MONTH_DAYS[month - 1]) for month in months]
        return climate.moisture_index(weather.precipitation[first - 1:last], np.stack(loss))

    def degree_days(self, base: float) -> Array:
        """Return growing degree-days above `base` °C in °C d."""
        if self.weather is None:
            raise ValueError("degree-days need temperature")
        return climate.degree_days(self.weather.temperature, base)


@dataclass(frozen=True)
class Variable:
    """One band: how it is called, what it is, how far in metres it looks around, what it needs, how it is made."""

    name: str
    unit: str
    source: str
    compute: Callable[[Ground], Array]
    reach: float = 0.0
    shaded: bool = False
    climate: bool = False
    water: bool = False


@dataclass(frozen=True)
class Kind:
    """A variable before its arguments: ``tpi:500``, ``srad:6``, ``moisture:6-8``. `help` says what they mean."""

    help: str
    make: Callable[[str], Variable]


def parse_variable(text: str) -> Variable:
    """Return the variable that ``NAME`` or ``NAME:ARGUMENT`` stands for.

    Raises:
        EngineError: ``cube_terrain_variable`` for a name or argument that is not known.
    """
    name, _, argument = text.strip().partition(":")
    kind = VARIABLES.get(name)
    try:
        if kind is None:
            raise ValueError(name)
        return kind.make(argument)
    except ValueError as error:
        raise EngineError("cube_terrain_variable", variable=text,
                          known=[known.help for known in VARIABLES.values()]) from error


def _plain(name: str, unit: str, source: str, compute: Callable[[Ground], Array]) -> Kind:
    def make(argument: str) -> Variable:
        if argument:
            raise ValueError(argument)
        return Variable(name, unit, source, compute)

    return Kind(name, make)


def _position(argument: str) -> Variable:
    radius = float(argument)
    if not 0 < radius < 1e6:
        raise ValueError(argument)
    return Variable(f"tpi_{radius:g}", "m", "Guisan et al. 1999; Weiss 2001",
                    lambda ground: surface.topographic_position(ground.dem, ground.cell, radius)[ground.inside],
                    reach=radius)


def _radiation(argument: str) -> Variable:
    first, last = (_month(part) for part in (argument.split("-") if "-" in argument else (argument, argument)))
    if last < first:
        raise ValueError(argument)
    months = range(first, last + 1)
    return Variable("srad_" + "_".join(f"{month:02d}" for month in sorted({first, last})), "kJ m-2 d-1",
                    "Kumar et al. 1997; Klein 1977",
                    lambda ground: np.mean([ground.radiation(month) for month in months], axis=0), shaded=True)


def _degree_days(argument: str) -> Variable:
    base = float(argument or 0)
    if not -50 < base < 50:
        raise ValueError(argument)
    return Variable(f"ddeg_{base:g}", "degC d", "Zimmermann & Kienast 1999; Rolland 2003",
                    lambda ground: ground.degree_days(base), climate=True)


def _moisture(argument: str) -> Variable:
    first, last = (_month(part) for part in argument.split("-"))
    if last < first:
        raise ValueError(argument)
    return Variable(f"moisture_{first:02d}_{last:02d}", "mm a month", "Turc 1961; Zimmermann & Kienast 1999",
                    lambda ground: ground.moisture(first, last), shaded=True, climate=True, water=True)


def _month(text: str) -> int:
    month = int(text)
    if not 1 <= month <= 12:
        raise ValueError(text)
    return month


VARIABLES = {
    "slope": _plain("slope", "degree", "Horn 1981", lambda ground: surface.slope(*ground.gradient)),
    "northness": _plain("northness", "1", "cosine of aspect (Horn 1981)",
                        lambda ground: surface.northness(*ground.gradient)),
    "eastness": _plain("eastness", "1", "sine of aspect (Horn 1981)",
                       lambda ground: surface.eastness(*ground.gradient)),
    "profile_curvature": _plain("profile_curvature", "1/m", "Zevenbergen & Thorne 1987, convex > 0",
                                lambda ground: ground.curvature[0]),
    "plan_curvature": _plain("plan_curvature", "1/m", "Zevenbergen & Thorne 1987, convex > 0",
                             lambda ground: ground.curvature[1]),
    "tpi": Kind("tpi:RADIUS_IN_METRES", _position),
    "srad": Kind("srad:MONTH or srad:FIRST_MONTH-LAST_MONTH", _radiation),
    "ddeg": Kind("ddeg:BASE_IN_CELSIUS", _degree_days),
    "moisture": Kind("moisture:FIRST_MONTH-LAST_MONTH", _moisture),
}
