"""Results: the indicators; a click shows one on the map."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.manifest import Assessment
from ..layers.show import show_indicator


class IndicatorsTab(QWidget):
    """A list of the indicators with their definitions."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self.list = QListWidget()
        self.definition = QLabel(tr("Click an indicator to see it on the map"))
        self.definition.setWordWrap(True)
        self.definition.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.list)
        layout.addWidget(self.definition)
        self.list.itemClicked.connect(self._show)
        self.list.itemActivated.connect(self._show)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the indicators of another assessment."""
        self._assessment = assessment
        self.list.clear()
        for indicator in assessment.indicators if assessment else ():
            unit = f" ({indicator.unit})" if indicator.unit and not indicator.is_class else ""
            item = QListWidgetItem(f"{indicator.title}{unit}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, indicator)
            item.setToolTip(indicator.definition)

    def _show(self, item: QListWidgetItem) -> None:
        indicator = item.data(Qt.ItemDataRole.UserRole)
        show_indicator(QgsProject.instance(), self._assessment, indicator)
        self.definition.setText(indicator.definition)
