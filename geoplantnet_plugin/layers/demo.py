"""The area of the demo as a layer in the coordinate system of its assessment, which an empty project then takes."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..bridge.settings import data_folder
from ..common.resources import RESOURCES
from ..i18n import tr
from .style import style_outline

CRS = "EPSG:3035"


def demo_area() -> QgsVectorLayer:
    """Return the layer; its file lies in the profile, because nothing is written beside the plugin."""
    path = data_folder() / "demo-area.gpkg"
    if not path.is_file():
        _write(QgsVectorLayer(str(RESOURCES / "demo" / "area.geojson"), "area", "ogr"), path)
    layer = QgsVectorLayer(str(path), tr("Demo area (simulated)"), "ogr")
    style_outline(layer)
    return layer


def _write(area: QgsVectorLayer, path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name("demo-area.part.gpkg")
    making.unlink(missing_ok=True)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "area"
    options.ct = QgsCoordinateTransform(area.crs(), QgsCoordinateReferenceSystem(CRS), QgsProject.instance())
    QgsVectorFileWriter.writeAsVectorFormatV3(area, str(making), QgsProject.instance().transformContext(), options)
    making.replace(path)
