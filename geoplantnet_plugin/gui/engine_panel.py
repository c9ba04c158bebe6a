"""The first thing a person without an engine sees: what is missing, how large it is, one button."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from ..bridge.environment import DOWNLOAD_MB, INSTALLED_MB
from ..bridge.settings import PluginSettings
from ..common.resources import demo_assessment
from ..i18n import tr


class EnginePanel(QFrame):
    """Opens the algorithm “Set up the engine”; `ready` when the engine may be there.

    `demo_wanted` asks for the finished assessment of the demo area, which needs no engine.
    """

    ready = pyqtSignal()
    demo_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.button = QPushButton(tr("Set up the engine …"))
        self.button.setToolTip(tr("Opens the algorithm that builds the engine's environment or takes one you have"))
        self.button.clicked.connect(self._set_up)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.button)
        self.demo_button = QPushButton(tr("Open the demo assessment"))
        self.demo_button.setToolTip(tr("The finished assessment of a small simulated valley; it needs no engine"))
        self.demo_button.setVisible(demo_assessment() is not None)
        self.demo_button.clicked.connect(self.demo_wanted)
        layout.addWidget(self.demo_button)

    def explain(self, reason: str) -> None:
        """Show why there is no engine and what setting it up means."""
        size = tr("Download: about {download} MB; on disk: about {installed} MB, in your QGIS profile.").format(
            download=DOWNLOAD_MB, installed=INSTALLED_MB)
        title = tr("One step before the first assessment")
        self.text.setText(f"<b>{title}</b><p>{reason}</p><p>{size}</p>")

    def _set_up(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog("geoplantnet:setupengine", {"WHEELS": PluginSettings.load().wheels})
        self.ready.emit()
