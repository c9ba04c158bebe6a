"""The QGIS style beside every indicator raster: fixed bounds or classes, so that maps compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geoplantnet_plugin.common.assessment import SCORE_BOUNDS
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assessment.manifest import ClassEntry, IndicatorEntry, SpeciesEntry
from geoplantnet_plugin.engine.base.files import writing

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
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(RESOURCES / "styles"), autoescape=True)
    with writing(raster.with_suffix(".qml")) as path:
        text = templates.get_template("indicator.qml.j2").render(classes=classes, stops=ramp)
        path.write_text(text, encoding="utf-8")


def stops(low: float, high: float, ramp: str = RAMP) -> list[Stop]:
    """Return the stops of the ramp from `low` to `high`, labelled with as many decimals as the span needs."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    high = high if high > low else low + 1
    decimals = 0 if high - low >= 20 else 1 if high - low >= 5 else 2
    return [Stop(round(float(value), 6), f"{value:.{decimals}f}", to_hex(colormaps[ramp]((value - low) / (high - low))))
            for value in np.linspace(low, high, STOPS)]
