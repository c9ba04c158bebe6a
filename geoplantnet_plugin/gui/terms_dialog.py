"""The terms of use of what is downloaded, accepted with one button that says so."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ..i18n import tr


class TermsDialog(QDialog):
    """`accepted` by the button whose text is the consent; Enter does not press it."""

    def __init__(self, terms: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Before the first download"))
        self.text = QLabel(terms)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("I have read the terms and accept them"))
        for button in self.buttons.buttons():
            button.setAutoDefault(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.text, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(460)
