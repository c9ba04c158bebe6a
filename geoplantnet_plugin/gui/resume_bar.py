"""Offers to continue an assessment that was cancelled, or was running when QGIS was closed."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ..bridge.unfinished import Unfinished, forget, unfinished_runs
from ..i18n import tr
from .plain_label import plain_label


class ResumeBar(QFrame):
    """Shows the latest run that can be continued; hidden without one."""

    resumed = pyqtSignal(dict)
    """The parameters that continue the run."""

    def __init__(self) -> None:
        super().__init__()
        self._run: Unfinished | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.continue_button = QPushButton(tr("Continue"))
        self.continue_button.setToolTip(tr("Goes on where it stopped: what is finished is kept"))
        self.forget_button = QPushButton(tr("Do not ask again"))
        self.forget_button.setToolTip(tr("Leaves the folder as it is and offers it no more"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.continue_button)
        buttons.addWidget(self.forget_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.continue_button.clicked.connect(lambda: self.resumed.emit(self._run.parameters))
        self.forget_button.clicked.connect(self._forget)
        self.look()

    def look(self) -> None:
        """Look for a run that can be continued."""
        self._run = next(iter(unfinished_runs()), None)
        if self._run:
            self.text.setText(tr("The assessment “{name}” is not finished ({folder}).").format(
                name=self._run.out.name, folder=self._run.out))
        self.setVisible(self._run is not None)

    def _forget(self) -> None:
        forget(self._run)
        self.look()
