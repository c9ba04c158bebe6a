"""Results: the card of one species: names, figures, statuses, links; where; a closer look; GBIF."""

from __future__ import annotations

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.manifest import Assessment
from ..layers.species_card import SpeciesCard, card_html, statuses_html
from .closer_look import CloserLook
from .gbif_box import GbifBox
from .scrolling import scrolling
from .thumbnail import Thumbnail


class CardPage(QWidget):
    """Shows one species at a time; a link is opened in the browser when its button is clicked, never by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel(tr("Highlight a species on the page “Species” and choose “Species card”."))
        self.statuses = QLabel()
        for label in (self.text, self.statuses):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.map = Thumbnail()
        self.links = QHBoxLayout()
        self.look = CloserLook()
        self.gbif = GbifBox()
        self.scroll = scrolling(self._content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.scroll)
        self._show_parts(False)

    def show_card(self, assessment: Assessment, card: SpeciesCard, where: str, layer: QgsRasterLayer | None) -> None:
        """Show a species; `where` names the area or part that its figures speak of, `layer` maps it."""
        self.text.setText(card_html(card, where))
        self.statuses.setText(statuses_html(card))
        self._show_parts(True)
        self._show_links(card)
        self.map.setVisible(layer is not None)
        if layer is not None:
            self.map.draw([layer], layer.extent(), layer.crs())
        self.look.use(assessment, card.row.id)
        self.gbif.use(assessment, card)
        self.scroll.verticalScrollBar().setValue(0)

    def forget(self) -> None:
        """Show no species: another assessment is shown."""
        self.shut_down()
        self.text.setText(tr("Highlight a species on the page “Species” and choose “Species card”."))
        self._show_parts(False)

    def shut_down(self) -> None:
        """Stop what runs."""
        self.map.stop()
        self.look.shut_down()
        self.gbif.shut_down()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        layout.addWidget(self.map)
        layout.addLayout(self.links)
        layout.addWidget(self.statuses)
        layout.addWidget(self.look)
        layout.addWidget(self.gbif)
        layout.addStretch()
        return content

    def _show_parts(self, shown: bool) -> None:
        for part in (self.map, self.statuses, self.look, self.gbif):
            part.setVisible(shown)
        self._show_links(None)

    def _show_links(self, card: SpeciesCard | None) -> None:
        while self.links.count():
            item = self.links.takeAt(0)
            if item.widget():
                item.widget().deleteLater()
        for name, address in card.links if card else ():
            button = QPushButton(name)
            button.setToolTip(tr("Opens {address} in the browser").format(address=address))
            button.clicked.connect(lambda _, url=address: QDesktopServices.openUrl(QUrl(url)))
            self.links.addWidget(button)
        self.links.addStretch()
