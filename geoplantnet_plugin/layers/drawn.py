"""The named parts that are kept with an assessment: their outlines and figures, as the engine wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsVectorLayer

from ..common.assessment import DRAWN_PARTS, DRAWN_TABLE
from ..common.foreign import MOST_NAME, harmless
from ..i18n import tr
from ..numbers import count_text, decimal_text
from .foreign import table_layer
from .manifest import Assessment

MEAN = "mean_"
"""Columns of the means of indicators begin so; the indicator's id follows."""


@dataclass(frozen=True)
class DrawnPart:
    """A part: its outline in `crs`, and a text for each of the `columns`."""

    name: str
    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem
    texts: tuple[str, ...]


@dataclass(frozen=True)
class DrawnParts:
    """The parts with the titles of what is told of each."""

    columns: tuple[str, ...]
    parts: tuple[DrawnPart, ...]


def drawn_parts(assessment: Assessment) -> DrawnParts:
    """Return the parts that are kept; none where the file is not there or something else."""
    layer = table_layer(assessment.folder / DRAWN_PARTS, DRAWN_TABLE, tr("Named parts"))
    if not layer.isValid() or layer.fields().indexOf("name") < 0:
        return DrawnParts((), ())
    titles = {"name": tr("Part"), "hectares": tr("Area (ha)"), "cells": tr("Cells"), "taxa": tr("Species"),
              **{f"{MEAN}{entry.id}": entry.title for entry in assessment.indicators}}
    known = [name for name in titles if layer.fields().indexOf(name) >= 0]
    return DrawnParts(tuple(titles[name] for name in known),
                      tuple(_part(layer, feature, known) for feature in layer.getFeatures()))


def _part(layer: QgsVectorLayer, feature, columns: list[str]) -> DrawnPart:
    return DrawnPart(harmless(str(feature["name"]), MOST_NAME), QgsGeometry(feature.geometry()), layer.crs(),
                     tuple(_text(column, feature[column]) for column in columns))


def _text(column: str, value: object) -> str:
    if column == "name":
        return harmless(str(value), MOST_NAME)
    if not isinstance(value, (int, float)):  # NULL: no cell of the part has a value
        return "–"
    if column in ("cells", "taxa"):
        return count_text(int(value))
    return decimal_text(value, 1 if column == "hectares" else 2)
