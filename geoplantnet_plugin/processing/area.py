"""Turns the chosen polygons or rectangle into a file that the engine reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsProcessingException,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from ..i18n import tr

EDGE_POINTS = 31
"""Points added to each side of a rectangle: its sides bend when it is projected."""


def write_source(source: QgsFeatureSource, path: Path) -> None:
    """Write the polygons of a vector source (its selected features where the source says so)."""
    _write((feature.geometry() for feature in source.getFeatures()), source.sourceCrs(), path)


def write_extent(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, path: Path) -> None:
    """Write a rectangle given in `crs`."""
    _write(iter([QgsGeometry.fromRect(extent).densifyByCount(EDGE_POINTS)]), crs, path)


def _write(geometries: Iterator[QgsGeometry], crs: QgsCoordinateReferenceSystem, path: Path) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = path.stem
    writer = QgsVectorFileWriter.create(str(path), QgsFields(), QgsWkbTypes.Type.MultiPolygon, crs,
                                        QgsCoordinateTransformContext(), options)
    for geometry in geometries:
        feature = QgsFeature()
        geometry.convertToMultiType()
        feature.setGeometry(geometry)
        writer.addFeature(feature)
    if writer.hasError():
        raise QgsProcessingException(tr("The area could not be written to {path}: {reason}").format(
            path=path, reason=writer.errorMessage()))
    del writer  # closes the file
