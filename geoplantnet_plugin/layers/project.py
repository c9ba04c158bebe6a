"""Writes ``project.qgz`` into an assessment: everything in it, relative paths, a map that says what it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtXml import QDomDocument

from ..common.assessment import PROJECT
from ..i18n import tr
from .build import assessment_layers
from .manifest import Assessment
from .tree import add_to_project

BOTTOM_LEFT = 0
"""QgsDecorationItem's number for the corner that the title leaves free."""

ATTRIBUTION_CHARACTERS = 60
"""Longer lines of the attribution would run over the scale bar."""

CANVAS = "theMapCanvas"
"""The name under which QGIS keeps the view of its main map in a project."""


class ProjectNotWritten(Exception):
    """The project file could not be written; the text is for the user."""


def write_project(assessment: Assessment) -> Path:
    """Write the project of `assessment` and return its path; safe in any thread (it is a project of its own)."""
    project = QgsProject()
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setCrs(QgsCoordinateReferenceSystem(assessment.crs))
    project.setTitle(assessment.display_title)
    layers = assessment_layers(assessment)
    add_to_project(project, assessment.display_title, layers)
    decorate(project, assessment.display_title, tr("Predicted, not observed. {source}\n{attribution}").format(
        source=assessment.source_title, attribution=assessment.attribution).strip())
    _publish(project)
    return save(project, ground_of(entry.layer for entry in layers), assessment.folder / PROJECT)


def ground_of(layers: Iterable[QgsMapLayer]) -> QgsRectangle:
    """Return the extent of an assessment's shapes: its area, and the square around a site smaller than it."""
    extent = QgsRectangle()
    for layer in layers:
        if isinstance(layer, QgsVectorLayer) and layer.isSpatial():
            extent.combineExtentWith(layer.extent())
    return extent


def _publish(project: QgsProject) -> None:
    """Let a QGIS Server that is given this project serve its maps as tiles and its tables and shapes as features."""
    features = [layer.id() for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    project.writeEntry("WFSLayers", "/", features)
    for layer in features:
        project.writeEntry("WFSLayersPrecision", f"/{layer}", 8)
    project.writeEntry("WMTSLayers", "Project", True)
    project.writeEntry("WMTSPngLayers", "Project", True)


def save(project: QgsProject, extent: QgsRectangle, path: Path) -> Path:
    """Write `project`, which will open on `extent`, and clear it; return `path`.

    Raises:
        ProjectNotWritten: the file could not be written.
    """
    crs, view = project.crs(), _view(extent)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(view, crs))
    project.writeProject.connect(lambda document: _write_view(document, crs, view))
    written, reason = project.write(str(path)), project.error()
    project.writeProject.disconnect()
    project.clear()  # here and now, in this thread: its layers must not outlive it
    if not written:
        raise ProjectNotWritten(tr("The project could not be written to {path}: {reason}").format(
            path=path, reason=reason))
    return path


def _view(extent: QgsRectangle) -> QgsRectangle:
    return extent.buffered(0.08 * max(extent.width(), extent.height()))


def _write_view(document: QDomDocument, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> None:
    settings = QgsMapSettings()
    settings.setOutputSize(QSize(1200, 900))
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    node = document.createElement("mapcanvas")
    node.setAttribute("name", CANVAS)
    document.documentElement().appendChild(node)
    settings.writeXml(node, document)


def decorate(project: QgsProject, title: str, copyright: str) -> None:
    """Turn on QGIS's own title, scale bar and copyright decorations; lines are broken beside the scale bar."""
    lines = (textwrap.fill(line, ATTRIBUTION_CHARACTERS) for line in copyright.splitlines())
    project.writeEntry("TitleLabel", "/Enabled", True)
    project.writeEntry("TitleLabel", "/Label", title)
    project.writeEntry("ScaleBar", "/Enabled", True)
    project.writeEntry("ScaleBar", "/Placement", BOTTOM_LEFT)
    project.writeEntry("CopyrightLabel", "/Enabled", True)
    project.writeEntry("CopyrightLabel", "/Label", "\n".join(lines))
