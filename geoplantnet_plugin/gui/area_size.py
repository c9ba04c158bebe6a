"""How large an area is, measured while a person waits: only what takes no time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qgis.core import QgsCsException, QgsFeatureRequest, QgsVectorLayer

from ..bridge.pace import Pace
from ..bridge.settings import PluginSettings
from ..geometry import buffered, hectares
from ..i18n import tr
from ..numbers import count_text, decimal_text, length_text

MEASURED_FEATURES = 1000
MEASURED_CORNERS = 20_000
"""Larger layers are measured by the engine, when it checks them."""

HUGE_CELLS = 5_000_000
CELL = 50.0
"""Side of a cell of the default grid in metres."""


@dataclass(frozen=True)
class AreaSize:
    """Hectares and cells of `resolution` metres; `exact` where the engine has counted them."""

    hectares: float
    cells: int
    resolution: float
    exact: bool

    @property
    def text(self) -> str:
        """The size in a sentence, with a warning when it is huge."""
        cells = count_text(self.cells) if self.exact else tr("about {cells}").format(cells=count_text(self.cells))
        text = tr("{area}, {cells} cells of {size}").format(
            area=area_text(self.hectares), cells=cells, size=length_text(self.resolution))
        return text if self.cells < HUGE_CELLS else tr("{text}. This is huge: consider larger cells.").format(text=text)


def measure(layer: QgsVectorLayer, selected: bool, buffer: float) -> AreaSize | None:
    """Return the size of a layer's shapes with `buffer` metres around them; None when it takes too long to say.

    Raises:
        ValueError: the layer's coordinate system gives no size.
    """
    count = layer.selectedFeatureCount() if selected else layer.featureCount()
    if count > MEASURED_FEATURES:
        return None
    request = QgsFeatureRequest().setNoAttributes()
    total, corners = 0.0, 0
    for feature in layer.getSelectedFeatures(request) if selected else layer.getFeatures(request):
        shape = feature.geometry()
        if shape.isNull():
            continue
        corners += shape.constGet().nCoordinates()
        if corners > MEASURED_CORNERS:
            return None
        try:
            total += hectares(buffered(shape, layer.crs(), buffer), layer.crs())
        except QgsCsException as error:
            raise ValueError(str(error)) from error
    if not math.isfinite(total):
        raise ValueError(layer.crs().authid())
    return AreaSize(total, max(round(total * 10_000 / CELL**2), 1), CELL, False)


def area_text(size: float) -> str:
    """Return hectares in the unit of the settings."""
    if PluginSettings.load().area_unit == "km2":
        return tr("{area} km²").format(area=decimal_text(size / 100, 2))
    return tr("{area} ha").format(area=decimal_text(size, 1))


def expected_text(pace: Pace | None, cells: int) -> str:
    """Return how long an assessment of so many cells takes and how large it gets, going by the last run here."""
    if pace is None:
        return tr("Time and size on disk: known after the first run with this model on this computer.")
    return tr("Expected: {time} and {size} on disk, going by a run of {cells} cells here.").format(
        time=time_text(pace.seconds_for(cells)), size=bytes_text(pace.bytes_for(cells)), cells=count_text(pace.cells))


def time_text(seconds: float) -> str:
    """Return a time as people say it.

    >>> time_text(8.2)
    '8 s'
    """
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(round(seconds), 1))
    if seconds < 5400:
        return tr("{minutes} min").format(minutes=round(seconds / 60))
    return tr("{hours} h").format(hours=decimal_text(seconds / 3600, 1))


def bytes_text(size: float) -> str:
    """Return an amount of data as people say it."""
    if size < 1e9:
        return tr("{megabytes} MB").format(megabytes=max(round(size / 1e6), 1))
    return tr("{gigabytes} GB").format(gigabytes=decimal_text(size / 1e9, 1))
