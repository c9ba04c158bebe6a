"""The assessments that one can be compared with: those of the project, and folders that were added."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import QComboBox

from ..i18n import tr
from ..layers.find import assessment_folders
from ..layers.manifest import Assessment


class OtherCombo(QComboBox):
    """An entry's data is the folder; its tip names it in full."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Assessment to compare with"))

    def add_folder(self, folder: Path) -> None:
        """Offer the assessment in `folder` and choose it."""
        if self.findData(str(folder)) < 0:
            self.addItem(folder.name, str(folder))
        self.setCurrentIndex(self.findData(str(folder)))

    def list_others(self, assessment: Assessment | None) -> None:
        """Offer all but `assessment`; the chosen one stays chosen, and nobody is told."""
        own = str(assessment.folder) if assessment else ""
        offered = {self.itemData(index) for index in range(self.count())}
        folders = {str(folder) for folder in assessment_folders(QgsProject.instance())} | offered
        chosen = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for folder in sorted(folders - {own}):
                self.addItem(Path(folder).name, folder)
                self.setItemData(self.count() - 1, folder, Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(max(self.findData(chosen), 0) if self.count() else -1)
