"""How the survey's layers are drawn: what is planned, what was found."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

from ..common.messages import render
from ..common.survey import CODES
from .style import style_outline

VISIT_COLOURS = {"planned": "#ccbb44", "visited": "#228833", "inaccessible": "#aa3377"}
PRESENCE_COLOURS = {"present": "#117733", "absent": "#ee6677"}
"""Paul Tol's bright and muted schemes: they differ in lightness too, whatever the colour vision."""

FONTS = ("Open Sans", "Noto Sans", "DejaVu Sans", "Roboto", "Arial", "Helvetica")
"""Of which each system has one: QGIS warns of a font that is missing."""


def style_survey(layer: QgsVectorLayer, name: str, language: str) -> None:
    """Draw the layer of the survey's table `name`."""
    if name == "plan":
        _categorise(layer, "visit", "visit", VISIT_COLOURS, "circle", language)
        _label(layer, "point_id")
    elif name == "observations":
        _categorise(layer, "status", "presence", PRESENCE_COLOURS, "triangle", language)
    elif name == "releves":
        layer.setRenderer(QgsSingleSymbolRenderer(_marker("square", "#4477aa")))
    elif name == "outlines":
        layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(
            {"color": "68,119,170,40", "outline_color": "#4477aa", "outline_width": "0.5"})))
    else:
        style_outline(layer)


def _marker(shape: str, colour: str) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple({"name": shape, "color": colour, "size": "3.4", "outline_color": "#ffffff",
                                         "outline_width": "0.4"})


def _categorise(layer: QgsVectorLayer, column: str, codes: str, colours: dict[str, str], shape: str,
                language: str) -> None:
    layer.setRenderer(QgsCategorizedSymbolRenderer(column, [
        QgsRendererCategory(code, _marker(shape, colours[code]), render(f"survey_code_{codes}_{code}", {}, language))
        for code in CODES[codes]]))


def _label(layer: QgsVectorLayer, column: str) -> None:
    text, halo = QgsTextFormat(), QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setColor(QColor("#ffffff"))
    text.setFont(QFont(FONTS[0]))
    text.setFamilies(list(FONTS))
    text.setSize(9)
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = column
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
