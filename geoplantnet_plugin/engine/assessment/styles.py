"""The QGIS style beside every indicator raster: fixed bounds or classes, so that maps compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geoplantnet_plugin.common.assessment import SCORE_BOUNDS
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assessment.manifest import ClassEntry, IndicatorEntry, SpeciesEntry
from geoplantnet_plugin.engine.base.files import writing

if TYPE_CHECKING:
    from jinja2 import Template

RAMP = "YlGnBu"
"""Readable with any colour vision, and light at its low end, where most cells lie; the map on paper has the same."""
SPECIES_RAMP = "Greens"
"""One hue, light to dark."""
STOPS = 5


@dataclass(frozen=True)
class Stop:
    """One stop of the colour ramp."""

    value: float
    label: str
    colour: str


def write_style(folder: Path, indicator: IndicatorEntry) -> None:
    """Write the ``.qml`` of an indicator beside its raster; QGIS applies it when the raster is opened."""
    _write(folder / indicator.file, indicator.classes, stops(*indicator.bounds))


def write_species_style(folder: Path, species: SpeciesEntry) -> None:
    """Write the ``.qml`` of the species raster; without one, QGIS reads statistics of three bands at each opening."""
    _write(folder / species.file, [], stops(*SCORE_BOUNDS[species.scale], SPECIES_RAMP))


def _write(raster: Path, classes: list[ClassEntry], ramp: list[Stop]) -> None:
    with writing(raster.with_suffix(".qml")) as path:
        path.write_text(_template().render(classes=classes, stops=ramp), encoding="utf-8")


@lru_cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(RESOURCES / "styles"), autoescape=True).get_template("indicator.qml.j2")


def stops(low: float, high: float, ramp: str = RAMP) -> list[Stop]:
    """Return the stops of the ramp from `low` to `high`, labelled with as many decimals as the span needs."""
    high = high if high > low else low + 1
    decimals = 0 if high - low >= 20 else 1 if high - low >= 5 else 2
    return [Stop(round(float(value), 6), f"{value:.{decimals}f}", colour)
            for value, colour in zip(np.linspace(low, high, STOPS), _colours(ramp), strict=True)]


@lru_cache
def _colours(ramp: str) -> tuple[str, ...]:
    """Return the colours of the stops, from the lowest on."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return tuple(to_hex(colour) for colour in colormaps[ramp](np.linspace(0, 1, STOPS)))
