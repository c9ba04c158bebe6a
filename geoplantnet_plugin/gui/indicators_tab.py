"""Results: the indicators; a click shows one on the map."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSlider, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.find import find_indicator_layer
from ..layers.manifest import Assessment, Indicator
from ..layers.show import show_indicator


class IndicatorsTab(QWidget):
    """A list of the indicators with their definitions."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._shown: Indicator | None = None
        self.list = QListWidget()
        self.definition = QLabel(tr("Click an indicator to see it on the map"))
        self.definition.setWordWrap(True)
        self.definition.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setEnabled(False)
        self.opacity.setToolTip(tr("Opacity of the layer"))
        self.opacity.setAccessibleName(tr("Opacity of the indicator layer"))
        opacity = QLabel(tr("Opacity"))
        opacity.setBuddy(self.opacity)
        row = QHBoxLayout()
        row.addWidget(opacity)
        row.addWidget(self.opacity, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.list)
        layout.addWidget(self.definition)
        layout.addLayout(row)
        self.opacity.valueChanged.connect(self._set_opacity)
        self.list.itemClicked.connect(self._show)
        self.list.itemActivated.connect(self._show)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the indicators of another assessment."""
        self._assessment, self._shown = assessment, None
        self.opacity.setEnabled(False)
        self.list.clear()
        for indicator in assessment.indicators if assessment else ():
            item = QListWidgetItem(indicator.title_with_unit, self.list)
            item.setData(Qt.ItemDataRole.UserRole, indicator)
            item.setToolTip(indicator.definition)

    def _show(self, item: QListWidgetItem) -> None:
        indicator = item.data(Qt.ItemDataRole.UserRole)
        layer = show_indicator(QgsProject.instance(), self._assessment, indicator)
        self.definition.setText(indicator.definition)
        self._shown = None  # the slider takes the layer's opacity, it does not set it
        self.opacity.setValue(round(100 * layer.renderer().opacity()))
        self._shown = indicator
        self.opacity.setEnabled(True)

    def _set_opacity(self, percent: int) -> None:
        if self._assessment is None or self._shown is None:
            return
        layer = find_indicator_layer(QgsProject.instance(), self._assessment, self._shown.file)
        if layer:
            layer.renderer().setOpacity(percent / 100)
            layer.triggerRepaint()
