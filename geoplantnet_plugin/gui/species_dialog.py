"""The card of one species: names, figures of this area, statuses with their sources, links."""

from __future__ import annotations

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.species_card import SpeciesCard, card_html


class SpeciesDialog(QDialog):
    """Shows a card; a link is opened in the browser when its button is clicked, and never by itself."""

    def __init__(self, card: SpeciesCard, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(card.row.name)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setHtml(card_html(card, where))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for name, address in card.links:
            button = QPushButton(name)
            button.setToolTip(tr("Opens {address} in the browser").format(address=address))
            button.clicked.connect(lambda _, url=address: QDesktopServices.openUrl(QUrl(url)))
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(520, 480)
