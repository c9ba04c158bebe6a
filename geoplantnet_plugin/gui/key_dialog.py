"""A small dialog for the Pl@ntNet API key, which goes into QGIS's authentication store and is not shown again."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..bridge.key import KeyNotStored, has_key, store_key
from ..i18n import tr


class KeyDialog(QDialog):
    """Stores the key that is typed, or takes the stored one away when nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Pl@ntNet API key"))
        self.text = QLabel(tr("A key of your own account at https://my.plantnet.org. It is kept, encrypted, in QGIS's "
                              "authentication store, and given to the engine alone."))
        self.text.setWordWrap(True)
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName(tr("Pl@ntNet API key"))
        self.key.setPlaceholderText(tr("A key is stored; blank removes it") if has_key() else tr("No key yet"))
        self.key.setToolTip(tr("Paste the key here"))
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.text, self.key, self.problem, self.buttons):
            layout.addWidget(widget)

    def accept(self) -> None:
        """Store and close; say what is wrong when it cannot be stored."""
        try:
            store_key(self.key.text())
        except KeyNotStored as error:
            self.problem.setText(f"⚠ {error}")
            return
        self.key.clear()
        super().accept()
