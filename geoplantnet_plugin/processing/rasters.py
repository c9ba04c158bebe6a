"""The predictor rasters of an algorithm: project layers and files, which are not opened as layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingUtils,
    QgsRasterLayer,
)

from ..common.addresses import is_address
from ..i18n import tr


class RastersParameter(QgsProcessingParameterMultipleLayers):
    """Takes files as they are.

    QGIS would open each as a layer on its main thread, compute histograms and write them beside the file.
    """

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description, QgsProcessing.SourceType.TypeRaster, optional=True)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:
        """Return whether every entry is a text, of which the engine tells what is wrong, or what QGIS accepts."""
        if isinstance(value, (list, tuple)):
            value = [entry for entry in value if not _is_text(entry)]
        return _is_text(value) or super().checkValueIsAcceptable(value, context)


def raster_sources(value: Any, context: QgsProcessingContext) -> tuple[str, ...] | None:
    """Return what the entries of a value stand for, None when one is neither a layer of the project nor a text.

    Raises:
        QgsProcessingException: a layer is no raster file.
    """
    found = []
    for entry in value if isinstance(value, (list, tuple)) else [value] if value else []:
        layer = entry if isinstance(entry, QgsRasterLayer) else None
        if isinstance(entry, str):
            layer = QgsProcessingUtils.mapLayerFromString(entry, context, False)
        if layer is not None:
            found.append(_source(layer))
        elif _is_text(entry):
            found.append(str(Path(entry).absolute()) if _is_there(entry) else entry)
        else:
            return None
    return tuple(found)


def _source(layer: Any) -> str:
    if layer.providerType() != "gdal":
        raise QgsProcessingException(tr("The layer “{name}” is no raster file: save it as a GeoTIFF first.").format(
            name=layer.name()))
    return str(layer.source())


def _is_text(entry: Any) -> bool:
    return isinstance(entry, str) and bool(entry.strip())


def _is_there(entry: str) -> bool:
    """Whether a text is a path, which may be relative to QGIS's own folder, and not an address or nothing."""
    try:
        return not is_address(entry) and Path(entry).exists()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False
