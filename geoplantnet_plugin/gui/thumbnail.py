"""A small map that is drawn beside the window's thread."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication, QSize, Qt
from qgis.PyQt.QtGui import QPixmap
from qgis.PyQt.QtWidgets import QLabel

from ..i18n import tr

LINES = 11
"""Height in lines of text."""
MARGIN = 1.05


class Thumbnail(QLabel):
    """Shows layers over an extent as soon as they are drawn; what is still being drawn is given up for what is next."""

    def __init__(self) -> None:
        super().__init__()
        self._job: QgsMapRendererParallelJob | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(tr("Where it is predicted"))

    def draw(self, layers: Sequence[QgsMapLayer], extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> None:
        """Draw `layers`, the first on top, over `extent` in `crs`."""
        self.stop()
        self.clear()
        high = LINES * self.fontMetrics().height()
        size = QSize(int(high * 1.5), high)
        settings = QgsMapSettings()
        settings.setLayers(list(layers))
        settings.setDestinationCrs(crs)
        grown = QgsRectangle(extent)
        grown.scale(MARGIN)
        settings.setExtent(grown)
        settings.setOutputSize(size)
        settings.setBackgroundColor(self.palette().base().color())
        self._job = QgsMapRendererParallelJob(settings)
        self._job.setParent(QCoreApplication.instance())  # what is given up ends by itself, nobody waits for it
        self._job.finished.connect(self._show)
        self._job.finished.connect(self._job.deleteLater)
        self._job.start()

    def stop(self) -> None:
        """Draw no more."""
        if self._job is not None:
            self._job.finished.disconnect(self._show)
            self._job.cancelWithoutBlocking()
            self._job = None

    @property
    def busy(self) -> bool:
        """Whether a map is being drawn."""
        return self._job is not None

    def _show(self) -> None:
        job, self._job = self._job, None
        self.setPixmap(QPixmap.fromImage(job.renderedImage()))
