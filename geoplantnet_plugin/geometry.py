"""Metres around shapes, hectares and shares of shapes, in any coordinate system; safe in any thread."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
    QgsUnitTypes,
    QgsVectorLayer,
)

ELLIPSOID = "EPSG:7030"
SEGMENTS = 16
"""Straight pieces in a quarter of a circle."""


def lasting(crs: QgsCoordinateReferenceSystem) -> QgsCoordinateReferenceSystem:
    """Return `crs` as it can be written and transformed, made anew where it must be; invalid where that cannot be done.

    QGIS forgets what a CRS is when the thread that read it has ended, in its cache too, and still calls it valid (seen
    in 3.22): areas would reach the engine without one.
    """
    if crs.toWkt():
        return crs
    anew = QgsCoordinateReferenceSystem(crs.authid())
    if not anew.toWkt():
        QgsCoordinateReferenceSystem.invalidateCache()
        anew = QgsCoordinateReferenceSystem(crs.authid())
    return anew


def buffered(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, metres: float) -> QgsGeometry:
    """Return `geometry` (given in `crs`) with `metres` around it, as a polygon in `crs`; unchanged for 0.

    It is buffered in an equidistant projection around its own centre, so that degrees and distorted projections
    give the same metres.

    Raises:
        QgsCsException: the geometry cannot be expressed in degrees or metres.
    """
    if not metres:
        return geometry
    crs, context = lasting(crs), QgsCoordinateTransformContext()
    degrees = QgsCoordinateTransform(crs, lasting(QgsCoordinateReferenceSystem("EPSG:4326")), context)
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
    measure.setSourceCrs(lasting(crs), QgsCoordinateTransformContext())
    measure.setEllipsoid(ELLIPSOID)
    return measure.convertAreaMeasurement(measure.measureArea(geometry), QgsUnitTypes.AreaUnit.AreaHectares)


def shares_inside(area: Path, features: Iterable[dict[str, Any]]) -> list[float | None]:
    """Return how much of the polygons in the file `area` lies inside each GeoJSON feature (longitude, latitude).

    In percent; None for a feature without a geometry that can be read.
    """
    layer = QgsVectorLayer(str(area), area.stem, "ogr")
    degrees = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"),
                                     QgsCoordinateTransformContext())
    whole = QgsGeometry.unaryUnion([feature.geometry().makeValid() for feature in layer.getFeatures()])
    whole.transform(degrees)
    shapes = [_from_geojson(feature.get("geometry")) for feature in features]
    return [None if shape is None else 100 * shape.intersection(whole).area() / whole.area() for shape in shapes]


def _from_geojson(geometry: Any) -> QgsGeometry | None:
    read = ogr.CreateGeometryFromJson(json.dumps(geometry)) if geometry else None
    shape = QgsGeometry.fromWkt(read.ExportToWkt()) if read is not None else QgsGeometry()
    return None if shape.isEmpty() else shape.makeValid()
