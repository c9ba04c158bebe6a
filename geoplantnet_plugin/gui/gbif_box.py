"""The part of a species card that asks the net: photos and months from GBIF, after a tick and a click."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout

from ..i18n import tr
from ..layers.manifest import Assessment
from ..layers.species_card import SpeciesCard
from .months_part import MonthsPart
from .photos_part import PhotosPart
from .plain_label import plain_label


class GbifBox(QGroupBox):
    """Nothing is asked before the tick and the click."""

    def __init__(self) -> None:
        super().__init__(tr("From GBIF"))
        self.agree = QCheckBox(tr("GBIF may be asked"))
        self.agree.setToolTip(tr("What leaves this computer is the name or the GBIF key of the species"))
        self.photos, self.months = PhotosPart(), MonthsPart()
        said = plain_label(tr("Nothing is fetched before you tick and click; what leaves this computer is the name of "
                              "the species, and for months the country, to api.gbif.org."))
        said.setWordWrap(True)
        layout = QVBoxLayout(self)
        for widget in (said, self.agree, self.photos, self.months):
            layout.addWidget(widget)
        for part in (self.photos, self.months):
            self.agree.toggled.connect(part.allow)
            part.allow(False)

    def use(self, assessment: Assessment, card: SpeciesCard) -> None:
        """Ask about another species from now on."""
        self.months.look_in(str(assessment.folder))
        for part in (self.photos, self.months):
            part.use(card.row.name, card.values.get("gbif_id", ""))

    def shut_down(self) -> None:
        """Ask no more, and forget what was fetched."""
        for part in (self.photos, self.months):
            part.shut_down()
