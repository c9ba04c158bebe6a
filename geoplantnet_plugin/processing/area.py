"""Turns the chosen polygons or rectangle into a file that the engine reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import (
    NULL,
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
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..geometry import buffered, lasting
from ..i18n import tr

AREA_NAME = "area_name"
"""Field of the written polygons that names areas to tell apart."""

EDGE_POINTS = 31
"""Points added to each side of a rectangle: its sides bend when it is projected."""


def crs_of(source: QgsFeatureSource, layer: QgsVectorLayer | None) -> QgsCoordinateReferenceSystem:
    """Return the CRS of a source of `layer`: QGIS gives a layer of collections none, even where its file does."""
    crs = source.sourceCrs()
    collections = QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.UnknownGeometry
    return layer.dataProvider().crs() if layer is not None and collections and not crs.isValid() else crs


def write_source(source: QgsFeatureSource, path: Path, buffer: float = 0.0, field: str = "",
                 crs: QgsCoordinateReferenceSystem | None = None) -> None:
    """Write a vector source (its selected features where the source says so) with `buffer` metres around.

    `crs` is that of `crs_of`, where the source's layer is known. With `field` the shapes keep its values as the field
    `AREA_NAME`.

    Raises:
        QgsProcessingException: points or lines without a buffer; no CRS; or the file cannot be written.
    """
    flat = QgsWkbTypes.geometryType(source.wkbType()) in (QgsWkbTypes.GeometryType.PointGeometry,
                                                          QgsWkbTypes.GeometryType.LineGeometry)
    if flat and not buffer:
        raise QgsProcessingException(tr("Points and lines have no area: give a buffer in metres around them."))
    shapes = ((feature.geometry(), _text(feature[field]) if field else None) for feature in source.getFeatures())
    _write(shapes, crs or source.sourceCrs(), path, buffer, field)


def write_extent(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, path: Path, buffer: float = 0.0) -> None:
    """Write a rectangle given in `crs` with `buffer` metres around."""
    _write(iter([(QgsGeometry.fromRect(extent).densifyByCount(EDGE_POINTS), None)]), crs, path, buffer)


def _name_field() -> QgsFields:
    """Return the one field of named areas: a memory layer's, whose text type has no name that changes with Qt."""
    return QgsVectorLayer(f"Point?field={AREA_NAME}:string", AREA_NAME, "memory").fields()


def _text(value: object) -> str | None:
    """Return a field's value as a name; None for no value, which QGIS gives as NULL."""
    return None if value is None or value == NULL else str(value)


def _write(shapes: Iterator[tuple[QgsGeometry, str | None]], crs: QgsCoordinateReferenceSystem, path: Path,
           buffer: float, field: str = "") -> None:
    crs = lasting(crs)
    if not crs.isValid():
        raise QgsProcessingException(tr("The area has no coordinate reference system: set that of its layer or project "
                                        "in QGIS (Set Layer CRS)."))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = path.stem
    fields = _name_field() if field else QgsFields()
    # of any type: the engine takes the land out of collections and curves as it does from a file
    writer = QgsVectorFileWriter.create(str(path), fields, QgsWkbTypes.Type.Unknown, crs,
                                        QgsCoordinateTransformContext(), options)
    try:
        for geometry, name in shapes:
            if geometry.isNull():
                continue
            feature = QgsFeature(fields)
            if field:
                feature.setAttribute(AREA_NAME, name)
            feature.setGeometry(_buffered(geometry, crs, buffer))
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
