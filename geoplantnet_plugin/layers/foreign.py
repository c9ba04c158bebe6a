"""Layers of files that may come from elsewhere: opened as what they must be, with nothing that they bring along."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree  # nosec B405

from osgeo import gdal
from qgis.core import QgsRasterLayer, QgsVectorLayer

from ..common.foreign import is_geopackage
from ..common.tiff import is_geotiff
from ..common.virtual import is_mosaic

VALUE_TIP = ("<b>[% @layer_name %]</b>: "
             "[% coalesce(round(raster_value(@layer_id, {band}, @layer_cursor_point), 3), '–') %]")
"""The map tip of the plugin's own rasters; QGIS writes it into each style that is saved of them."""
_OWN_TIP = re.compile(re.escape(VALUE_TIP).replace(re.escape("{band}"), "[0-9]{1,6}"))
EVALUATED = ("[%", 'name="expression"', "userNotes")
"""What a style holds that QGIS would evaluate or show as HTML; a person's own changes of colours hold nothing so."""
MOST_STYLE_BYTES = 1_000_000


def raster_layer(path: Path, name: str) -> QgsRasterLayer:
    """Open a GeoTIFF, or the mosaic of those of many tiles.

    The style beside it keeps QGIS from reading statistics for a default of its own.
    The layer is invalid where the file is something else.
    """
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = is_harmless_style(path.with_suffix(".qml"))
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


def is_harmless_style(path: Path) -> bool:
    """Return whether there is a style that holds nothing to be evaluated or shown but the plugin's own map tip."""
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= MOST_STYLE_BYTES else ""
        if "<!ENTITY" in text:
            return False
        style = ElementTree.fromstring(text)  # nosec B314
    except (OSError, ValueError, ElementTree.ParseError):
        return False
    for tip in style.iter("mapTip"):
        if (tip.text or "").strip() and not _OWN_TIP.fullmatch(tip.text):
            return False
        tip.text = ""
    read = ElementTree.tostring(style, encoding="unicode")  # as QGIS reads it: quotes and references of one kind
    return not any(mark in read for mark in EVALUATED)
