"""Metres around shapes and hectares of shapes, in any coordinate system; safe in any thread."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
    QgsUnitTypes,
)

ELLIPSOID = "EPSG:7030"
SEGMENTS = 16
"""Straight pieces in a quarter of a circle."""


def buffered(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, metres: float) -> QgsGeometry:
    """Return `geometry` (given in `crs`) with `metres` around it, as a polygon in `crs`; unchanged for 0.

    It is buffered in an equidistant projection around its own centre, so that degrees and distorted projections
    give the same metres.

    Raises:
        QgsCsException: the geometry cannot be expressed in degrees or metres.
    """
    if not metres:
        return geometry
    context = QgsCoordinateTransformContext()
    degrees = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), context)
    centre: QgsPointXY = degrees.transform(geometry.boundingBox().center())
    around = QgsCoordinateReferenceSystem.fromProj(
        f"+proj=aeqd +lat_0={centre.y():.6f} +lon_0={centre.x():.6f} +datum=WGS84 +units=m +no_defs")
    shape = QgsGeometry(geometry)
    shape.transform(QgsCoordinateTransform(crs, around, context))
    shape = shape.buffer(metres, SEGMENTS)
    shape.transform(QgsCoordinateTransform(around, crs, context))
    return shape


def hectares(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> float:
    """Return the area of `geometry` (given in `crs`) on the ellipsoid."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsCoordinateTransformContext())
    measure.setEllipsoid(ELLIPSOID)
    return measure.convertAreaMeasurement(measure.measureArea(geometry), QgsUnitTypes.AreaUnit.AreaHectares)
