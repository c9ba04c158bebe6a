"""Background maps from the XYZ connections that the person has in QGIS; no address comes from the plugin."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsProject, QgsRasterLayer, QgsSettings

from ..i18n import tr
from .problem import LayerProblem

GROUPS = ("connections/xyz/items", "qgis/connections-xyz")
"""Where QGIS keeps the connections: from 3.30 on, and before."""

PASSED_ON = ("authcfg", "username", "password", "referer", "http-header:referer")
TILES = "EPSG:3857"


@dataclass(frozen=True)
class Basemap:
    """A connection by its name, and the source of a layer that shows it."""

    name: str
    source: str


def basemaps() -> list[Basemap]:
    """Return the XYZ connections of the profile."""
    found: dict[str, Basemap] = {}
    for group in GROUPS:
        settings = QgsSettings()
        settings.beginGroup(group)
        for name in settings.childGroups():
            if settings.value(f"{name}/url", "", str):
                found.setdefault(name, Basemap(name, _source(settings, name)))
    return [found[name] for name in sorted(found, key=str.casefold)]


def _source(settings: QgsSettings, name: str) -> str:
    uri = QgsDataSourceUri()
    uri.setParam("type", "xyz")
    uri.setParam("url", settings.value(f"{name}/url", "", str))
    for key in ("zmin", "zmax"):
        level = str(settings.value(f"{name}/{key}", "") or "")
        if level.isdigit():
            uri.setParam(key, level)
    for key in PASSED_ON:
        if value := settings.value(f"{name}/{key}", "", str):
            uri.setParam(key, value)
    return bytes(uri.encodedUri()).decode()


def is_blank(project: QgsProject) -> bool:
    """Whether the project shows no map yet."""
    return not any(layer.isSpatial() for layer in project.mapLayers().values())


def add_basemap(project: QgsProject, basemap: Basemap) -> QgsRasterLayer:
    """Put a background map below everything; a project without a map takes its coordinate system.

    Raises:
        LayerProblem: QGIS cannot use the connection.
    """
    layer = QgsRasterLayer(basemap.source, basemap.name, "wms")
    if not layer.isValid():
        raise LayerProblem(tr("QGIS cannot open the connection “{name}”: check it under XYZ Tiles in the Browser "
                              "panel.").format(name=basemap.name))
    if is_blank(project):
        project.setCrs(QgsCoordinateReferenceSystem(TILES))
    project.addMapLayer(layer, False)
    project.layerTreeRoot().addLayer(layer)
    return layer
