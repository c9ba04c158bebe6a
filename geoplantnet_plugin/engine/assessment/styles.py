"""The QGIS style beside every indicator raster: fixed bounds or classes, so that maps compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geoplantnet_plugin.engine.assessment.manifest import IndicatorEntry
from geoplantnet_plugin.engine.files import writing
from geoplantnet_plugin.resources import RESOURCES

RAMP = "viridis"
"""Even in lightness and readable with any colour vision; the map on paper has the same."""
STOPS = 5


@dataclass(frozen=True)
class Stop:
    """One stop of the colour ramp."""

    value: float
    label: str
    colour: str


def write_style(folder: Path, indicator: IndicatorEntry) -> None:
    """Write the ``.qml`` of an indicator beside its raster; QGIS applies it when the raster is opened."""
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(RESOURCES / "styles"), autoescape=True)
    text = templates.get_template("indicator.qml.j2").render(classes=indicator.classes, stops=stops(*indicator.bounds))
    with writing((folder / indicator.file).with_suffix(".qml")) as path:
        path.write_text(text, encoding="utf-8")


def stops(low: float, high: float) -> list[Stop]:
    """Return the stops of the ramp from `low` to `high`, labelled with as many decimals as the span needs."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    high = high if high > low else low + 1
    decimals = 0 if high - low >= 20 else 1 if high - low >= 5 else 2
    return [Stop(round(float(value), 6), f"{value:.{decimals}f}", to_hex(colormaps[RAMP]((value - low) / (high - low))))
            for value in np.linspace(low, high, STOPS)]
