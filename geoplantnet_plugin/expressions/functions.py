"""``gpn_score`` and ``gpn_indicator`` in the expressions of QGIS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionFunction,
    QgsGeometry,
    QgsPointXY,
)

from ..i18n import tr
from ..layers.problem import LayerProblem
from .lookup import Lookup

GROUP = "GeoPl@ntNet"

Ask = Callable[[str, str, QgsPointXY, QgsCoordinateReferenceSystem], "float | None"]


class ExpressionFunctions:
    """The functions while the plugin is loaded; `close` takes them away."""

    def __init__(self) -> None:
        self._lookup = Lookup()
        self._functions = [
            AtFeature("gpn_score", tr("taxon"), _score_help(), self._lookup.score),
            AtFeature("gpn_indicator", tr("indicator"), _indicator_help(), self._lookup.indicator)]
        for function in self._functions:
            QgsExpression.registerFunction(function)

    def close(self) -> None:
        """Unregister."""
        for function in self._functions:
            QgsExpression.unregisterFunction(function.name())
        self._functions = []
        self._lookup.close()


class AtFeature(QgsExpressionFunction):
    """A function of a name, and perhaps of an assessment, at the place of the feature."""

    def __init__(self, name: str, what: str, help_text: str, ask: Ask) -> None:
        parameters = [QgsExpressionFunction.Parameter(what),
                      QgsExpressionFunction.Parameter("assessment", True, "")]
        super().__init__(name, parameters, GROUP, help_text)
        self._ask = ask

    def usesGeometry(self, node) -> bool:
        """Tell QGIS to read geometries."""
        return True

    def referencedColumns(self, node) -> set[str]:
        """No attribute is needed."""
        return set()

    def func(self, values: list[Any], context: QgsExpressionContext, parent: QgsExpression, node: Any) -> Any:
        """Return the value at the feature, NULL outside the assessment; a sentence where the question is wrong."""
        try:
            name, assessment = (str(value) if value else "" for value in values)
            place = _place(context)
            return None if place is None else self._ask(name, assessment, *place)
        except LayerProblem as problem:
            parent.setEvalErrorString(str(problem))
        return None


def _place(context: QgsExpressionContext) -> tuple[QgsPointXY, QgsCoordinateReferenceSystem] | None:
    """Return a point of the feature, inside it when it is a polygon, and its coordinate system."""
    geometry: QgsGeometry = context.geometry() if not context.hasFeature() else context.feature().geometry()
    if geometry.isNull() or geometry.isEmpty():
        return None
    crs = QgsCoordinateReferenceSystem(str(context.variable("layer_crs") or ""))
    if not crs.isValid():
        raise LayerProblem(tr("The coordinate system of the layer is not known: set it in its properties."))
    return geometry.pointOnSurface().asPoint(), crs


def _score_help() -> str:
    return _help("gpn_score", tr("Returns the score of a taxon in the cell in which the feature lies: predicted, not "
                                 "observed. For a line or polygon, one point of it counts."),
                 [("taxon", tr("accepted name of the taxon, with or without author"))], "gpn_score('Salix alba')")


def _indicator_help() -> str:
    return _help("gpn_indicator", tr("Returns the value of an indicator in the cell in which the feature lies. For a "
                                     "line or polygon, one point of it counts."),
                 [("indicator", tr("id or title of the indicator, such as 'richness' or 'shannon'"))],
                 "gpn_indicator('shannon')")


def _help(name: str, text: str, arguments: list[tuple[str, str]], example: str) -> str:
    rows = [*arguments, ("assessment", tr("folder of an assessment, or the name of a folder that the project shows; "
                                          "not needed when the project shows one assessment"))]
    listed = "".join(f"<tr><td><code>{argument}</code></td><td>{meaning}</td></tr>" for argument, meaning in rows)
    outside = tr("NULL outside the assessment and where the cell has no data.")
    below = tr("Where a score was too low to be kept, it is the lowest value of the scale.") if "score" in name else ""
    return (f"<h3>{name}(…)</h3><p>{text}</p><p>{outside} {below}</p><table>{listed}</table>"
            f"<p><code>{example}</code></p>")
