"""How attribute tables of an assessment read: titles instead of the names of columns, numbers with their decimals."""

from __future__ import annotations

from qgis.core import QgsEditorWidgetSetup, QgsVectorLayer

from ..common.vernacular import NAME_COLUMNS, NAME_LANGUAGES
from ..i18n import tr

DECIMALS = {"hectares": 1, "expected_share": 1, "expected_low": 1, "expected_high": 1, "coverage": 1, "mean_score": 3,
            "max_score": 3, "chance": 3, "ratio": 1, "expected_richness": 1, "expected_richness_low": 1,
            "expected_richness_high": 1, "mean_richness": 1}
OTHER_DECIMALS = 2
MEAN = "mean_"
"""Columns of the means of indicators begin so; the indicator's id follows."""


def titles() -> dict[str, str]:
    """Return the titles of columns in the language of QGIS."""
    return {
        "name": tr("Name"), "accepted_name": tr("Accepted name"), "family": tr("Family"), "genus": tr("Genus"),
        "authorship": tr("Author"), "rank": tr("Rank"), "life_form": tr("Life form"), "gbif_id": tr("GBIF id"),
        "id": tr("Id in the model"), "iucn": tr("IUCN"), "origin": tr("Native or alien"), "cells": tr("Cells"),
        "expected_share": tr("Expected (%)"), "expected_low": tr("Expected, lower bound (%)"),
        "expected_high": tr("Expected, upper bound (%)"), "coverage": tr("In set (%)"), "mean_score": tr("Mean score"),
        "max_score": tr("Highest score"), "area": tr("Area"), "hectares": tr("Area (ha)"), "taxa": tr("Species"),
        "expected_richness": tr("Expected richness"), "mean_richness": tr("Mean richness"),
        "expected_richness_low": tr("Expected richness, lower bound"),
        "expected_richness_high": tr("Expected richness, upper bound"), "grp": tr("Group"), "reasons": tr("Why"),
        "endemic": tr("Endemic"), "chance": tr("Chance"), "ratio": tr("× mean"), "recorded": tr("Recorded"),
        "rare": tr("Rarely recorded"), "weak": tr("Weak"), "tier": tr("Habitat"), "seasonal": tr("Seasonal"),
        "months": tr("When to look"),
        **{column: tr("Common name ({language})").format(language=language)
           for column, language in zip(NAME_COLUMNS, NAME_LANGUAGES)}}


def describe_columns(layer: QgsVectorLayer, indicators: dict[str, str]) -> None:
    """Give the columns of a table their titles (`indicators`: by id) and decimals; the feature id is hidden."""
    known = {**titles(), **{f"{MEAN}{id}": title for id, title in indicators.items()}}
    for index, field in enumerate(layer.fields()):
        if field.name() in known:
            layer.setFieldAlias(index, known[field.name()])
        if field.typeName() == "Real":
            decimals = DECIMALS.get(field.name(), OTHER_DECIMALS)
            layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("Range", {"Precision": decimals, "AllowNull": True}))
    hidden = layer.attributeTableConfig()
    hidden.update(layer.fields())
    columns = hidden.columns()
    for column in columns:
        column.hidden = column.name == "fid"
    hidden.setColumns(columns)
    layer.setAttributeTableConfig(hidden)
