"""Brings an algorithm's layers into the project one at a time, so that QGIS answers in between."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingUtils
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .slices import Slices


class Loading(QObject):
    """Does what Processing does with the layers of `context` when an algorithm is done, in slices."""

    loaded = pyqtSignal(int, int)
    """How many layers are in the project by now, and how many there are."""
    done = pyqtSignal()

    def __init__(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._feedback = feedback
        self._slices = Slices(self)
        self._slices.done.connect(self.done)

    def start(self) -> None:
        """Begin; `done` tells the end."""
        self._slices.start(self._load_all())

    def _load_all(self) -> Iterator[None]:
        waiting = list(self._context.layersToLoadOnCompletion().items())
        for number, (key, details) in enumerate(waiting, 1):
            self._load(key, details)
            self.loaded.emit(number, len(waiting))
            yield

    def _load(self, key: str, details: QgsProcessingContext.LayerDetails) -> None:
        layer = QgsProcessingUtils.mapLayerFromString(key, self._context)
        if layer is None:
            return
        details.setOutputLayerName(layer)
        project = details.project
        project.addMapLayer(self._context.temporaryLayerStore().takeMapLayer(layer), False)
        if details.postProcessor():
            details.postProcessor().postProcessLayer(layer, self._context, self._feedback)
        if project.layerTreeRoot().findLayer(layer.id()) is None:
            project.layerTreeRoot().insertLayer(0, layer)
