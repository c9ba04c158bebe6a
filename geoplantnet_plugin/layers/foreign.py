"""Layers of files that may come from elsewhere: opened as what they must be, with nothing that they bring along."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree  # nosec B405

from osgeo import gdal
from qgis.core import QgsRasterLayer, QgsVectorLayer

from ..common.foreign import is_geopackage
from ..common.tiff import is_geotiff
from ..common.virtual import is_mosaic

EVALUATED = ("[%", 'name="expression"', "userNotes", "<!ENTITY")
"""What a style holds that QGIS would evaluate or show as HTML; a person's own changes of colours hold nothing so."""
MOST_STYLE_BYTES = 1_000_000


def raster_layer(path: Path, name: str) -> QgsRasterLayer:
    """Open a GeoTIFF, or the mosaic of those of many tiles.

    The style beside it keeps QGIS from reading statistics for a default of its own.
    The layer is invalid where the file is something else.
    """
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = _is_harmless_style(path.with_suffix(".qml"))
    known = is_geotiff(path) or is_mosaic(path)
    return QgsRasterLayer(str(path) if known else "", name, "gdal", options)


def tile_layer(path: Path, name: str) -> QgsRasterLayer:
    """Open the tiles of a GeoPackage without the style that it may bring along; invalid where it is something else."""
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO")  # QGIS 3.40 looks at values and would keep what it saw
    try:
        return QgsRasterLayer(str(path) if is_geopackage(path) else "", name, "gdal", options)
    finally:
        gdal.SetThreadLocalConfigOption("GDAL_PAM_ENABLED", None)


def table_layer(path: Path, table: str, name: str) -> QgsVectorLayer:
    """Open a table of a GeoPackage without the style that it may bring along, and its actions and forms.

    The layer is invalid where the file is something else.
    """
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    return QgsVectorLayer(f"{path}|layername={table}" if is_geopackage(path) else "", name, "ogr", options)


def _is_harmless_style(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= MOST_STYLE_BYTES else EVALUATED[0]
        if any(mark in text for mark in EVALUATED):
            return False
        return not any((tip.text or "").strip() for tip in ElementTree.fromstring(text).iter("mapTip"))  # nosec B314
    except (OSError, ValueError, ElementTree.ParseError):
        return False
