"""Turns the chosen polygons or rectangle into a file that the engine reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsProcessingException,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from ..geometry import buffered
from ..i18n import tr

EDGE_POINTS = 31
"""Points added to each side of a rectangle: its sides bend when it is projected."""


def write_source(source: QgsFeatureSource, path: Path, buffer: float = 0.0) -> None:
    """Write a vector source (its selected features where the source says so) with `buffer` metres around.

    Raises:
        QgsProcessingException: points or lines without a buffer; or the file cannot be written.
    """
    polygons = QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry
    if not polygons and not buffer:
        raise QgsProcessingException(tr("Points and lines have no area: give a buffer in metres around them."))
    _write((feature.geometry() for feature in source.getFeatures()), source.sourceCrs(), path, buffer)


def write_extent(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, path: Path, buffer: float = 0.0) -> None:
    """Write a rectangle given in `crs` with `buffer` metres around."""
    _write(iter([QgsGeometry.fromRect(extent).densifyByCount(EDGE_POINTS)]), crs, path, buffer)


def _write(geometries: Iterator[QgsGeometry], crs: QgsCoordinateReferenceSystem, path: Path,
           buffer: float) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = path.stem
    writer = QgsVectorFileWriter.create(str(path), QgsFields(), QgsWkbTypes.Type.MultiPolygon, crs,
                                        QgsCoordinateTransformContext(), options)
    try:
        for geometry in geometries:
            if geometry.isNull():
                continue
            feature = QgsFeature()
            geometry = _buffered(geometry, crs, buffer)
            geometry.convertToMultiType()
            feature.setGeometry(geometry)
            writer.addFeature(feature)
        if writer.hasError():
            raise QgsProcessingException(tr("The area could not be written to {path}: {reason}").format(
                path=path, reason=writer.errorMessage()))
    finally:
        del writer  # closes the file


def _buffered(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, metres: float) -> QgsGeometry:
    try:
        return buffered(geometry, crs, metres)
    except QgsCsException as error:
        raise QgsProcessingException(tr("The buffer around the area could not be made: check the coordinate system of "
                                        "its layer ({reason}).").format(reason=error)) from error
