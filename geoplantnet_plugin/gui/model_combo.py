"""The models to choose from, those that know the area first."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import QComboBox

from ..bridge.fit import Offer
from ..bridge.models import ModelSummary, available_models
from ..i18n import tr


class ModelCombo(QComboBox):
    """First *the model that fits the area*, then the models at hand; each says how much of the area it knows."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Model"))
        self.setToolTip(tr("The species distribution model that gives the scores"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add(ModelSummary("", tr("The model that fits the area"), tr(
            "Of the models below the one that knows the area and has its predictors. Where several or none do, they "
            "are named."), 0.0, False, False))
        for model in available_models():
            self.add(model)

    @property
    def chosen(self) -> ModelSummary:
        """The chosen model; its name is blank where the one that fits is taken."""
        return self.currentData()

    def named(self, name: str) -> ModelSummary:
        """Return the model of that name or path, the first entry where there is none."""
        return next((model for model in (self.itemData(index) for index in range(self.count()))
                     if model.name == name), self.itemData(0))

    def add(self, model: ModelSummary) -> None:
        """Add a model at the end."""
        self.addItem(model.title, model)

    def choose(self, name: str) -> None:
        """Choose a model by name or path."""
        for index in range(self.count()):
            if self.itemData(index).name == name:
                self.setCurrentIndex(index)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Put the models in the order of `offers`, with what each says of the area; the chosen one stays chosen."""
        place = {offer.name: number for number, offer in enumerate(offers)}
        name = self.chosen.name
        first, *models = (self.itemData(index) for index in range(self.count()))
        blocker = QSignalBlocker(self)
        self.clear()
        self.add(first)
        for model in sorted(models, key=lambda model: place.get(model.name, len(place))):
            self.add(model)
            if model.name in place:
                self._tell(self.count() - 1, model, offers[place[model.name]])
        self.choose(name)
        blocker.unblock()

    def _tell(self, index: int, model: ModelSummary, offer: Offer) -> None:
        self.setItemText(index, f"{model.title}: {offer.text}")
        self.setItemData(index, offer.text, Qt.ItemDataRole.ToolTipRole)
