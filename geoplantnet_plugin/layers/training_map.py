"""The map of a model's training data as a layer: squares, the darker the more plots."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsPointXY,
    QgsRendererRange,
    QgsVectorLayer,
)

from ..i18n import tr
from .problem import LayerProblem
from .style import GREENS

STEPS = (1, 10, 100, 1_000)
"""Lowest number of plots of each class."""
OPACITY = 0.6


def training_layer(document: dict[str, Any], title: str) -> QgsVectorLayer:
    """Return a new layer of a model's training squares (GeoJSON in degrees).

    Raises:
        LayerProblem: a square is none.
    """
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=plots:integer", tr("Training data: {title}").format(
        title=title), "memory")
    layer.setCustomProperty("skipMemoryLayersCheck", 1)  # made again by a click: no question when QGIS closes
    layer.dataProvider().addFeatures([_square(entry) for entry in document["features"]])
    layer.updateExtents()
    layer.setAttribution("; ".join(str(document[key]) for key in ("source", "licence") if document.get(key)))
    layer.setRenderer(_renderer())
    layer.setOpacity(OPACITY)
    return layer


def _square(entry: Any) -> QgsFeature:
    try:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(float(x), float(y)) for x, y in ring]
                                                       for ring in entry["geometry"]["coordinates"]]))
        feature.setAttributes([int(entry["properties"]["plots"])])
        return feature
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LayerProblem(tr("The map of the training data cannot be read ({reason}).").format(
            reason=error)) from error


def _renderer() -> QgsGraduatedSymbolRenderer:
    ends = [*(step - 1 for step in STEPS[1:]), 10**9]
    ranges = [QgsRendererRange(low, high, QgsFillSymbol.createSimple(
        {"color": color, "outline_color": "#444444", "outline_width": "0.1"}),
        tr("{low}–{high} plots").format(low=low, high=high) if high < 10**9 else tr("{low} plots and more").format(
            low=low)) for low, high, color in zip(STEPS, ends, GREENS[1:])]
    return QgsGraduatedSymbolRenderer("plots", ranges)
