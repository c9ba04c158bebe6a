"""Brings an algorithm's layers into the project one at a time, so that QGIS answers in between."""

from __future__ import annotations

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingUtils
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal


class Loading(QObject):
    """Does what Processing does with the layers of `context` when an algorithm is done, in slices."""

    loaded = pyqtSignal(int, int)
    """How many layers are in the project by now, and how many there are."""
    done = pyqtSignal()

    def __init__(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._feedback = feedback
        self._waiting = list(context.layersToLoadOnCompletion().items())
        self._all = len(self._waiting)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._load_next)

    def start(self) -> None:
        """Begin; `done` tells the end."""
        self._timer.start(0)

    def _load_next(self) -> None:
        if self._waiting:
            self._load(*self._waiting.pop(0))
            self.loaded.emit(self._all - len(self._waiting), self._all)
            return
        self._timer.stop()
        self.done.emit()

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
