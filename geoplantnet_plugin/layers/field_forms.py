"""The survey's forms: widgets, defaults and constraints from ``common.survey``, all such as QField has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import (
    Qgis,
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsDefaultValue,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsFieldConstraints,
    QgsRelation,
    QgsVectorLayer,
)

from ..common.messages import render
from ..common.survey import CODES, TABS, Column, Table

WIDGETS = {"text": "TextEdit", "note": "TextEdit", "codes": "ValueMap", "taxon": "ValueRelation", "range": "Range",
           "checkbox": "CheckBox", "moment": "DateTime", "photo": "ExternalResource", "hidden": "Hidden"}
"""QGIS's names of the widgets; QField has each of them."""

RELATIVE_TO_PROJECT = 1
"""QgsFileWidget's storage of paths: relative to the project."""
SHOWN_AS_IMAGE = 1
"""QgsExternalResourceWidget's viewer for photos."""
CONTAINS = 1
"""Qt's MatchContains: typing any part of a scientific or common name finds the species."""


class FormMaker:
    """Makes forms in one language; `values` fill the braces of the survey's expressions."""

    def __init__(self, language: str, values: Mapping[str, object], taxa: QgsVectorLayer) -> None:
        self._language = language
        self._values = values
        self._taxa = taxa

    def said(self, kind: str, name: str) -> str:
        """Return the title of a table, column, code or tab."""
        return render(f"survey_{kind}_{name}", {}, self._language)

    def set_up(self, layer: QgsVectorLayer, table: Table, relations: list[QgsRelation]) -> None:
        """Give `layer` the form of `table`, with the rows that belong to it by `relations`."""
        for column in table.columns:
            self._set_up_column(layer, layer.fields().indexFromName(column.name), column)
        layer.setEditFormConfig(self._form(layer, table, relations))

    def _set_up_column(self, layer: QgsVectorLayer, index: int, column: Column) -> None:
        layer.setFieldAlias(index, self.said("column", column.name))
        layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup(WIDGETS[column.widget], self._options(column)))
        if column.default:
            layer.setDefaultValueDefinition(index, QgsDefaultValue(self._filled(column.default), column.renewed))
        if column.constraint:
            layer.setConstraintExpression(index, self._filled(column.constraint),
                                          self.said("constraint", column.name))
            layer.setFieldConstraint(index, QgsFieldConstraints.Constraint.ConstraintExpression,
                                     QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard)
        if column.required:
            layer.setFieldConstraint(index, QgsFieldConstraints.Constraint.ConstraintNotNull,
                                     QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard)

    def _options(self, column: Column) -> dict[str, Any]:
        if column.widget == "codes":
            return {"map": [{self.said(f"code_{column.codes}", code): code} for code in CODES[column.codes]]}
        if column.widget == "taxon":
            return {"Layer": self._taxa.id(), "LayerName": self._taxa.name(), "LayerProviderName": "ogr", "Key": "id",
                    "Value": "label", "AllowNull": True, "AllowMulti": False, "OrderByValue": True,
                    "UseCompleter": True, "CompleterMatchFlags": CONTAINS,
                    "FilterExpression": self._filled(column.codes)}
        if column.widget == "range" and column.bounds:
            least, most, step = column.bounds
            return {"Min": least, "Max": most, "Step": step, "AllowNull": True, "Style": "SpinBox"}
        return {
            "note": {"IsMultiline": True, "UseHtml": False}, "text": {"IsMultiline": False, "UseHtml": False},
            "moment": {"display_format": "yyyy-MM-dd HH:mm", "field_format": "yyyy-MM-dd HH:mm:ss",
                       "calendar_popup": True, "allow_null": True},
            "photo": {"DocumentViewer": SHOWN_AS_IMAGE, "RelativeStorage": RELATIVE_TO_PROJECT, "StorageMode": 0,
                      "FileWidget": True, "FileWidgetButton": True},
        }.get(column.widget, {})

    def _filled(self, expression: str) -> str:
        for name, value in self._values.items():
            expression = expression.replace("{" + name + "}", str(value))
        return expression

    def _form(self, layer: QgsVectorLayer, table: Table, relations: list[QgsRelation]) -> QgsEditFormConfig:
        config = layer.editFormConfig()
        config.setLayout(Qgis.AttributeFormLayout.DragAndDrop if hasattr(Qgis, "AttributeFormLayout")
                         else QgsEditFormConfig.EditorLayout.TabLayout)
        config.clearTabs()
        root = config.invisibleRootContainer()
        for tab in TABS:
            columns = [column for column in table.columns if column.tab == tab and column.widget != "hidden"]
            if columns:
                container = _tab(self.said("tab", tab), root)
                for column in columns:
                    index = layer.fields().indexFromName(column.name)
                    container.addChildElement(QgsAttributeEditorField(column.name, index, container))
                config.addTab(container)
        for relation in relations:
            container = _tab(relation.name(), root)
            rows = QgsAttributeEditorRelation(relation, container)
            rows.setRelationWidgetTypeId("relation_editor")
            container.addChildElement(rows)
            config.addTab(container)
        return config


def _tab(title: str, root: QgsAttributeEditorContainer) -> QgsAttributeEditorContainer:
    container = QgsAttributeEditorContainer(title, root)
    container.setIsGroupBox(False)
    return container
