"""The plugin: wires the rooms together, and nothing else."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication

from .expressions.functions import ExpressionFunctions
from .i18n import install_translator
from .processing.provider import Provider


class GeoPlantNetPlugin:
    """What QGIS loads; `iface` is None under qgis_process."""

    def __init__(self, iface) -> None:
        self._iface = iface
        self._translator = install_translator()
        self._expressions: ExpressionFunctions | None = None
        self._provider = None
        self._window = None

    def initProcessing(self) -> None:
        """Register the Processing provider and the expression functions; all that qgis_process asks for."""
        self._expressions = ExpressionFunctions()
        self._provider = Provider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Register the provider and build the window's parts."""
        self.initProcessing()
        if self._iface:
            from .gui.window import Window

            self._window = Window(self._iface)

    def unload(self) -> None:
        """Remove everything that was added."""
        if self._window:
            self._window.close()
            self._window = None
        if self._expressions:
            self._expressions.close()
            self._expressions = None
        if self._provider:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
