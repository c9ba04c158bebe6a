"""How values are drawn: fixed bounds, so that maps compare; ramps that colour-blind people can read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.core import (
    QgsColorRampShader,
    QgsFillSymbol,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..i18n import tr
from .manifest import Category

YELLOW_TO_BLUE = ("#ffffd9", "#c7e9b4", "#41b6c4", "#225ea8", "#081d58")
"""ColorBrewer's YlGnBu (Apache 2.0): readable with any colour vision, and light at its low end, where most cells lie
when the bounds are those of what is possible, such as all taxa of a model."""

GREENS = ("#f7fcf5", "#c7e9c0", "#74c476", "#238b45", "#00441b")
"""ColorBrewer's sequential Greens (Apache 2.0): one hue, light to dark."""

PURPLE_TO_ORANGE = ("#b35806", "#f1a340", "#f7f7f7", "#998ec3", "#542788")
"""ColorBrewer's diverging PuOr (Apache 2.0), safe for colour-blind people: orange is less, purple is more."""

BLUE_TO_RED = ("#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b")
"""ColorBrewer's diverging RdBu (Apache 2.0): red where the first assessment scores higher, blue where the second."""

CATEGORY_COLORS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")
"""Paul Tol's bright qualitative scheme, for classes that bring no colour of their own."""

PRESENT, ABSENT = "#117733", "#e8e4dc"
"""A dark green (Paul Tol's muted scheme) on a light grey: they differ in lightness, whatever the colour vision."""


def style_continuous(layer: QgsRasterLayer, band: int, bounds: tuple[float, float],
                     colors: Sequence[str]) -> None:
    """Draw `band` with a ramp over `bounds`."""
    low, high = bounds if bounds[1] > bounds[0] else (bounds[0], bounds[0] + 1.0)
    ramp = QgsColorRampShader(low, high)
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList([
        QgsColorRampShader.ColorRampItem(value, QColor(color), _number(value, high - low))
        for value, color in zip(_steps(low, high, len(colors)), colors)])
    shader = QgsRasterShader()
    shader.setMinimumValue(low)
    shader.setMaximumValue(high)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    layer.setRenderer(renderer)


def style_presence(layer: QgsRasterLayer, band: int, threshold: float) -> None:
    """Draw `band` in two colours: present above `threshold`, and not."""
    shown = f"{threshold:.4g}"
    ramp = QgsColorRampShader(0.0, threshold)
    ramp.setColorRampType(QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList([
        QgsColorRampShader.ColorRampItem(threshold, QColor(ABSENT), tr("not predicted present: score up to {score}")
                                         .format(score=shown)),
        QgsColorRampShader.ColorRampItem(math.inf, QColor(PRESENT), tr("predicted present: score above {score}")
                                         .format(score=shown))])
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader))


def style_classes(layer: QgsRasterLayer, band: int, categories: Sequence[Category]) -> None:
    """Draw `band` as classes with labels."""
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), band, [
        QgsPalettedRasterRenderer.Class(
            category.value, QColor(category.color or CATEGORY_COLORS[index % len(CATEGORY_COLORS)]), category.label)
        for index, category in enumerate(categories)]))


def style_outline(layer: QgsVectorLayer) -> None:
    """Draw polygons as a dark outline with a light halo, so that the map below stays readable."""
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "#ffffff", "outline_width": "1.4"})
    line = QgsFillSymbol.createSimple({"style": "no", "outline_color": "#1a1a1a", "outline_width": "0.6"})
    symbol.appendSymbolLayer(line.takeSymbolLayer(0))
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def _steps(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * index / (count - 1) for index in range(count)]


def _number(value: float, span: float) -> str:
    decimals = 0 if span >= 20 else 1 if span >= 5 else 2
    return f"{value:.{decimals}f}"
