"""Step 3, *What for*: habitats on the site, which species count as present, where the result goes."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox

from ..i18n import tr
from .habitats_box import HabitatsBox
from .new_folder import NewFolder
from .rule_choice import RuleChoice


class PurposeBox(QGroupBox):
    """Habitats are asked for where the model brings records for a survey list."""

    def __init__(self) -> None:
        super().__init__(tr("3  What for"))
        self.rule, self.habitats, self.folder = RuleChoice(), HabitatsBox(), NewFolder()
        self.habitats.hide()
        form = QFormLayout(self)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.habitats)
        form.addRow(tr("Species present"), self.rule)
        form.addRow(tr("Assessment folder"), self.folder)

    def parameters(self) -> dict[str, Any]:
        """Return the algorithm's parameters as chosen here."""
        return {"SET_RULE": self.rule.currentData(), "PRESENT": self.habitats.present(),
                "OUTPUT": self.folder.filePath()}
