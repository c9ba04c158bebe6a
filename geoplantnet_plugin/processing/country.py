"""The country of a site, from the world map that comes with QGIS (Natural Earth, 1:10 million)."""

from __future__ import annotations

from pathlib import Path

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsVectorLayer,
)

MARGIN = 0.05
"""Degrees around a site that must lie in the country too: the map's borders are generalised."""


def country_of(area: Path) -> str:
    """Return the ISO 3166 code of the country that holds the polygons of `area`; blank near a border or unknown."""
    world = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
    layer = QgsVectorLayer(str(area), "area", "ogr")
    if not world.is_file() or not layer.isValid():
        return ""
    transform = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"),
                                       QgsCoordinateTransformContext())
    try:
        extent = transform.transformBoundingBox(layer.extent()).buffered(MARGIN)
    except QgsCsException:
        return ""
    return _holder(world, ogr.CreateGeometryFromWkt(extent.asWktPolygon()))


def _holder(world: Path, site: ogr.Geometry) -> str:
    source = ogr.Open(str(world))
    countries = source.GetLayerByName("countries") if source else None
    if countries is None:
        return ""
    countries.SetSpatialFilter(site)
    for country in countries:
        code = country.GetField("iso_a2") or ""
        if len(code) == 2 and code.isalpha() and country.GetGeometryRef().Contains(site):
            return code
    return ""
