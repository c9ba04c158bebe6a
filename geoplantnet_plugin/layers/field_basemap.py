"""The background map of a field package: a layer of the user's as raster tiles, for use without a network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from ..geometry import lasting
from ..i18n import tr
from .problem import LayerProblem

EQUATOR = 2 * math.pi * 6378137.0
"""Metres around the world: 256 pixels at zoom 0 of maps on the net, whose pixels shrink with the cosine of latitude."""
TILE = 1024
LEAST_ZOOM = 10
BYTES_A_PIXEL = 0.4
"""What a pixel takes in JPEG tiles with their overviews: an estimate on the safe side."""
LOCAL = ("gdal", "ogr", "memory", "spatialite", "delimitedtext", "virtual", "mdal")
"""Providers that read files of one's own; all others fetch from somebody else's service."""


@dataclass(frozen=True)
class BasemapPlan:
    """The rectangle in `crs`, metres a pixel, the zoom of maps on the net that this is like, and the size in pixels.

    The map is in the project's CRS: a tablet need not reproject it, and QGIS asks nobody how to.
    """

    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    resolution: float
    zoom: int
    width: int
    height: int

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return int(self.width * self.height * BYTES_A_PIXEL)


def needs_rights(layer: QgsMapLayer) -> bool:
    """Return whether a layer comes from a service, whose terms may forbid copying."""
    return layer.providerType() not in LOCAL


def plan_basemap(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, margin: float, zoom: int,
                 budget: int) -> BasemapPlan:
    """Return the largest map up to `zoom` around `extent` with `margin` metres that stays within `budget` bytes.

    Raises:
        LayerProblem: not even the coarsest fits.
    """
    wanted = extent.buffered(margin)
    to_degrees = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"),
                                        QgsProject.instance().transformContext())
    shrunk = math.cos(math.radians(to_degrees.transform(wanted.center()).y()))
    for level in range(zoom, LEAST_ZOOM - 1, -1):
        resolution = EQUATOR / 256 / 2 ** level * shrunk
        plan = BasemapPlan(crs, wanted, resolution, level, math.ceil(wanted.width() / resolution),
                           math.ceil(wanted.height() / resolution))
        if plan.size <= budget:
            return plan
    raise LayerProblem(tr("The background map does not fit into the size budget, not even at zoom {zoom}.").format(
        zoom=LEAST_ZOOM))


def write_basemap(layer: QgsMapLayer, plan: BasemapPlan, path: Path, feedback: QgsProcessingFeedback) -> None:
    """Draw `layer` into a GeoPackage of tiles; nothing is left of it when it fails or is cancelled.

    Raises:
        LayerProblem: the layer cannot be drawn, or there is nothing to see of it here.
    """
    image, finished = f"/vsimem/{path.stem}.tif", path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        if _draw(layer, plan, image, feedback):
            _to_tiles(image, finished)
            finished.replace(path)
    finally:
        gdal.Unlink(image)
        finished.unlink(missing_ok=True)


def _draw(layer: QgsMapLayer, plan: BasemapPlan, image: str, feedback: QgsProcessingFeedback) -> bool:
    """Draw into a GeoTIFF, one square after the other; return whether it was not cancelled."""
    dataset = gdal.GetDriverByName("GTiff").Create(image, plan.width, plan.height, 3, gdal.GDT_Byte, [
        "TILED=YES", "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "JPEG_QUALITY=90"])
    dataset.SetProjection(lasting(plan.crs).toWkt())
    dataset.SetGeoTransform((plan.extent.xMinimum(), plan.resolution, 0, plan.extent.yMaximum(), 0, -plan.resolution))
    squares, seen = list(_squares(plan)), False
    for done, (column, row, width, height) in enumerate(squares, 1):
        if feedback.isCanceled():
            return False
        drawn = _square(layer, plan, column, row, width, height)
        seen = seen or _shows_something(drawn)
        _store(dataset, drawn, column, row)
        feedback.setProgress(100.0 * done / len(squares))
    dataset.FlushCache()
    if not seen:
        raise LayerProblem(tr("The layer “{layer}” shows nothing here: choose another background, or check the "
                              "network.").format(layer=layer.name()))
    return True


def _squares(plan: BasemapPlan) -> Iterator[tuple[int, int, int, int]]:
    for row in range(0, plan.height, TILE):
        for column in range(0, plan.width, TILE):
            yield column, row, min(TILE, plan.width - column), min(TILE, plan.height - row)


def _square(layer: QgsMapLayer, plan: BasemapPlan, column: int, row: int, width: int, height: int) -> QImage:
    left, top = plan.extent.xMinimum() + column * plan.resolution, plan.extent.yMaximum() - row * plan.resolution
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(plan.crs)
    settings.setBackgroundColor(QColor(Qt.GlobalColor.white))
    settings.setOutputSize(QSize(width, height))
    settings.setExtent(QgsRectangle(left, top - height * plan.resolution, left + width * plan.resolution, top))
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(image)
    job = QgsMapRendererCustomPainterJob(settings, painter)
    job.renderSynchronously()
    errors = job.errors()
    painter.end()
    if errors:
        raise LayerProblem(tr("The layer “{layer}” cannot be drawn: {reason}").format(
            layer=layer.name(), reason=errors[0].message))
    return image


def _pixels(image: QImage) -> bytes:
    """Return the pixels row by row, three bytes each, without the bytes that fill up a row in memory."""
    raw = bytes(image.constBits().asarray(image.sizeInBytes()))
    stride, used = image.bytesPerLine(), 3 * image.width()
    return b"".join(raw[line * stride:line * stride + used] for line in range(image.height()))


def _shows_something(image: QImage) -> bool:
    pixels = _pixels(image)
    return pixels != pixels[:3] * (len(pixels) // 3)


def _store(dataset: gdal.Dataset, image: QImage, column: int, row: int) -> None:
    width, height = image.width(), image.height()
    dataset.WriteRaster(column, row, width, height, _pixels(image), width, height, gdal.GDT_Byte, [1, 2, 3],
                        buf_pixel_space=3, buf_line_space=3 * width, buf_band_space=1)


def _to_tiles(image: str, path: Path) -> None:
    gdal.Translate(str(path), image, format="GPKG",
                   creationOptions=["TILE_FORMAT=JPEG", "RASTER_TABLE=basemap", "VERSION=1.2"])
    tiles = gdal.OpenEx(str(path), gdal.OF_RASTER | gdal.OF_UPDATE)
    tiles.BuildOverviews("AVERAGE", [2, 4, 8, 16])
    del tiles
