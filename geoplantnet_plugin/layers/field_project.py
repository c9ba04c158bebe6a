"""Writes the project of a field package: it opens in QField and in QGIS, without network and without the plugin."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProject,
    QgsProjectMetadata,
    QgsRasterLayer,
    QgsRelation,
    QgsRelationContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ..common.fieldpackage import BASEMAP, FieldPackage, RasterEntry, project_file, read_package
from ..common.messages import render
from ..common.survey import GEOPACKAGE, PHOTO_TABLE, PLAN, SURVEY, TABLES, Table
from ..i18n import tr
from . import style
from .build import PlacedLayer
from .field_forms import FormMaker
from .field_styles import style_survey
from .foreign import raster_layer, table_layer, tile_layer
from .manifest import Category
from .project import ProjectNotWritten, decorate, save
from .tree import add_to_project

LISTS = ("taxa", "expected", "coverage")
"""Tables that are read in the field, not edited."""
BUTTONS_UP_TO = 8
"""QField shows code lists up to so long as buttons."""

PHOTO_NAME = "'DCIM/' || left(\"photo_id\", 13) || '_' || format_date(now(),'yyyyMMddhhmmss') || '.{extension}'"
"""With a part of the photo's own id, so that photos of two tablets never have the same name."""


def write_field_project(folder: Path, credit: str = "") -> Path:
    """Write the project into a field package and return its path; safe in any thread (a project of its own).

    `credit` says who made the background map.

    Raises:
        PackageUnreadable: the folder is no field package.
        ProjectNotWritten: the project could not be written.
    """
    package = read_package(folder)
    project = QgsProject()
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setCrs(QgsCoordinateReferenceSystem(package.grid.crs))
    project.setTitle(package.title)
    tables = {name: _table(folder, name, package) for name in (*(table.name for table in TABLES), *LISTS, "area")}
    placed = [*_vectors(tables), *_rasters(folder, package, credit)]
    for layer in (entry.layer for entry in placed):
        if not layer.isValid():
            raise ProjectNotWritten(tr("{file} of the field package cannot be opened.").format(
                file=layer.source() or layer.name()))
    add_to_project(project, package.title, placed)
    _make_forms(project, package, tables)
    _tell_sources(project, package)
    decorate(project, package.title, render("survey_attribution", {
        "rule": package.rule, "attribution": package.attribution, "date": package.created[:10]}, package.language))
    project.writeProject.connect(_name_relations)
    return save(project, tables["area"].extent(), folder / project_file(package.name))


def _table(folder: Path, name: str, package: FieldPackage) -> QgsVectorLayer:
    title = render(f"survey_table_{name}", {}, package.language)
    layer = table_layer(folder / GEOPACKAGE, name, title)
    edited = name in {table.name for table in TABLES}
    _let_sync(layer, "offline" if edited else "no_action")
    layer.setCustomProperty("QFieldSync/value_map_button_interface_threshold", BUTTONS_UP_TO)
    layer.setReadOnly(not edited)
    if layer.isSpatial():
        style_survey(layer, name, package.language)
    return layer


def _let_sync(layer: QgsMapLayer, in_cloud: str) -> None:
    """Say what QFieldSync and QFieldCloud do with a layer, should the folder pass through them."""
    layer.setCustomProperty("QFieldSync/action", "copy")
    layer.setCustomProperty("QFieldSync/cloud_action", in_cloud)


def _vectors(tables: dict[str, QgsVectorLayer]) -> list[PlacedLayer]:
    """Return the survey's layers from top to bottom."""
    order = (PLAN.name, *(table.name for table in SURVEY), "area", *LISTS)
    return [PlacedLayer(tables[name], "", tables[name].isSpatial(), False) for name in order]


def _rasters(folder: Path, package: FieldPackage, credit: str) -> list[PlacedLayer]:
    groups = {kind: render(f"survey_group_{kind}", {}, package.language) for kind in ("indicator", "species")}
    placed = [PlacedLayer(_raster(folder, entry), groups[entry.kind], False, False) for entry in package.rasters]
    if (folder / BASEMAP).is_file():
        basemap = tile_layer(folder / BASEMAP, render("survey_table_basemap", {}, package.language))
        _let_sync(basemap, "no_action")
        basemap.setAttribution(credit)
        placed.append(PlacedLayer(basemap, "", True, False))
    return placed


def _raster(folder: Path, entry: RasterEntry) -> QgsRasterLayer:
    layer = raster_layer(folder / entry.file, entry.title)
    _let_sync(layer, "no_action")
    if layer.isValid():
        if entry.classes:
            style.style_classes(layer, 1, [Category(*item) for item in entry.classes])
        else:
            style.style_continuous(layer, 1, entry.bounds,
                                   style.GREENS if entry.kind == "species" else style.YELLOW_TO_BLUE)
        layer.setAbstract(entry.definition)
    return layer


def _make_forms(project: QgsProject, package: FieldPackage, tables: dict[str, QgsVectorLayer]) -> None:
    grid = package.grid
    forms = FormMaker(package.language, {
        "left": grid.left, "top": grid.top, "resolution": grid.resolution, "width": grid.width, "height": grid.height,
        "package": package.id, "plot_area": package.plot_area,
        **{name: tables[name].id() for name in ("plan", "expected", "releves")}}, tables["taxa"])
    relations = [_relation(project, table, column, parent, tables)
                 for table in SURVEY for column, parent in table.links]
    for table in TABLES:
        layer = tables[table.name]
        forms.set_up(layer, table, [relation for relation in relations if relation.referencedLayer() == layer])
    photos = tables[PHOTO_TABLE.name]
    photos.setCustomProperty("QFieldSync/attachment_naming", json.dumps({"path": PHOTO_NAME}))


def _relation(project: QgsProject, table: Table, column: str, parent: str,
              tables: dict[str, QgsVectorLayer]) -> QgsRelation:
    relation = QgsRelation(QgsRelationContext(project))
    relation.setId(f"{parent}_{table.name}")
    relation.setName(tables[table.name].name())
    relation.setReferencingLayer(tables[table.name].id())
    relation.setReferencedLayer(tables[parent].id())
    key = next(entry.key for entry in TABLES if entry.name == parent)
    relation.addFieldPair(column, key)
    project.relationManager().addRelation(relation)
    return relation


def _name_relations(document: QDomDocument) -> None:
    """Give relations in forms their ids: QGIS looks them up in the open project, of which these are no part."""
    elements = document.elementsByTagName("attributeEditorRelation")
    for index in range(elements.count()):
        element = elements.at(index).toElement()
        element.setAttribute("relation", element.attribute("name"))


def _tell_sources(project: QgsProject, package: FieldPackage) -> None:
    metadata = QgsProjectMetadata()
    metadata.setTitle(package.title)
    metadata.setAbstract("\n".join(text for text in (package.rule, package.attribution, package.licence) if text))
    project.setMetadata(metadata)
