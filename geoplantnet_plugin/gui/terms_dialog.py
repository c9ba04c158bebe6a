"""The terms of use of published maps, accepted with a tick and a button."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ..i18n import tr


class TermsDialog(QDialog):
    """`accepted` only after the tick."""

    def __init__(self, terms: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Before the first download"))
        self.text = QLabel(terms)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tick = QCheckBox(tr("I have read the terms of use and accept them"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("Accept"))
        self.ok.setEnabled(False)
        self.tick.toggled.connect(self.ok.setEnabled)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.text, self.tick, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(460)
