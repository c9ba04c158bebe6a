"""The choice of the set rule; what can say nothing of a model is greyed out."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox

from ..i18n import tr


class RuleChoice(QComboBox):
    """Each entry's data is the rule as ``geoplantnet:assess`` takes it, blank for the source's own."""

    def __init__(self) -> None:
        super().__init__()
        for text, value in ((tr("The model's own rule"), ""), (tr("The 25 best species of a cell"), "topk:25"),
                            (tr("The 50 best species of a cell"), "topk:50"),
                            (tr("Score above 0.5"), "lambda:0.5")):
            self.addItem(text, value)
        self.setAccessibleName(tr("Species present"))
        self.setToolTip(tr("Which species are taken as present in a cell; recorded in every output"))

    def allow(self, taxa: int) -> None:
        """Grey out the rules that cannot say anything of so few taxa (0: not known), with the reason."""
        for index in range(self.count()):
            name, _, value = self.itemData(index).partition(":")
            useless = name == "topk" and bool(taxa) and 2 * int(value) >= taxa
            self.model().item(index).setEnabled(not useless)
            reason = tr("The model has {taxa} species: the {best} best of them would be taken nearly everywhere.")
            self.setItemData(index, reason.format(taxa=taxa, best=value) if useless else None,
                             Qt.ItemDataRole.ToolTipRole)
            if useless and index == self.currentIndex():
                self.setCurrentIndex(0)
