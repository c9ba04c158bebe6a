"""The indicators of an assessment and those that are absent, no higher than the entries need."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QRect, QSignalBlocker, Qt
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QListWidget, QListWidgetItem

from ..i18n import tr
from ..layers.find import find_indicator_layer
from ..layers.manifest import Assessment
from ..layers.show import is_on_map

LISTED_ROWS = 6
"""So many rows are in sight, however small the window."""


class IndicatorList(QListWidget):
    """An entry's user data is its `Indicator`, None for an absent one; its tip is the definition, or the reason."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Indicators"))
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(LISTED_ROWS * (self.fontMetrics().height() + 4))

    def show_assessment(self, assessment: Assessment | None) -> None:
        """List another assessment's; none is highlighted, and nobody is told of it."""
        with QSignalBlocker(self):
            self.clear()
            for indicator in assessment.indicators if assessment else ():
                item = QListWidgetItem(indicator.title_with_unit, self)
                item.setData(Qt.ItemDataRole.UserRole, indicator)
                item.setToolTip(indicator.definition)
            for title, reason in assessment.absent if assessment else ():
                item = QListWidgetItem(tr("{title}: not assessed").format(title=title), self)
                item.setForeground(self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))
                item.setToolTip(reason)
        self._fit()

    def resizeEvent(self, event) -> None:
        """Be as high as the entries are at this width."""
        super().resizeEvent(event)
        self._fit()

    def highlight_mapped(self, assessment: Assessment) -> None:
        """Highlight the indicator that is on the map, if one is."""
        project = QgsProject.instance()
        for row, indicator in enumerate(assessment.indicators):
            if is_on_map(project, find_indicator_layer(project, assessment, indicator.file)):
                self.setCurrentRow(row)

    def _fit(self) -> None:
        last = self.visualItemRect(self.item(self.count() - 1)) if self.count() else QRect()
        needed = last.bottom() + 1 + self.verticalScrollBar().value() + 2 * self.frameWidth()
        self.setMaximumHeight(max(needed, self.minimumHeight()))
