"""Results: the indicators; the highlighted one is on the map, with what its values come to over the area."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.find import find_indicator_layer
from ..layers.manifest import Assessment, Indicator
from ..layers.show import is_on_map, show_indicator
from ..layers.statistics import Statistics, class_shares, statistics
from ..layers.style import YELLOW_TO_BLUE, style_continuous
from .background import Background
from .import_list import import_button
from .indicator_list import IndicatorList
from .legend import is_stretched
from .plain_label import plain_label
from .scrolling import scrolling
from .values_box import ValuesBox


class IndicatorsTab(QWidget):
    """A list of the indicators; below it the definition, the values and how the highlighted one is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._shown: Indicator | None = None
        self._statistics: Statistics | None = None
        self.work = Background(tr("Reading an indicator"), self)
        self.list = IndicatorList()
        self.definition = plain_label()
        self.definition.setWordWrap(True)
        self.definition.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.values = ValuesBox()
        self.import_button = import_button()
        self.version = QComboBox()
        self.version.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.version.setAccessibleName(tr("Value, bounds or uncertainty"))
        self.version.setToolTip(tr("Shows the value itself, or how low or high it may be"))
        self.stretch = QPushButton(tr("Stretch to this area"))
        self.stretch.setCheckable(True)
        self.stretch.setToolTip(tr("Spreads the colours over the values found here. The fixed bounds keep maps of "
                                   "different areas comparable."))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setToolTip(tr("Opacity of the layer"))
        self.opacity.setAccessibleName(tr("Opacity of the indicator layer"))
        self._arrange()
        self.opacity.valueChanged.connect(self._set_opacity)
        self.stretch.toggled.connect(self._draw)
        self.version.currentIndexChanged.connect(lambda: self._show(self.version.currentData()))
        self.list.itemSelectionChanged.connect(self._choose_highlighted)
        self.list.itemClicked.connect(self._choose)
        self.work.done.connect(self._tell)
        self.work.failed.connect(self.values.text.setText)
        self.show_assessment(None)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the indicators of another assessment."""
        self._assessment, self._shown, self._statistics = assessment, None, None
        self.work.stop()
        self.list.show_assessment(assessment)
        self.definition.setText(tr("Click an indicator to see it on the map"))
        self.values.forget()
        self._allow(None)
        if self.isVisible():
            self._follow_map()

    def showEvent(self, event) -> None:
        """Map what is highlighted again: another page may have mapped something else."""
        super().showEvent(event)
        self._follow_map()

    def shut_down(self) -> None:
        """Stop what runs."""
        self.work.stop()

    def _arrange(self) -> None:
        opacity = QLabel(tr("Opacity"))
        opacity.setBuddy(self.opacity)
        shown, row = QHBoxLayout(), QHBoxLayout()
        shown.addWidget(self.version, 1)
        shown.addWidget(self.stretch)
        row.addWidget(opacity)
        row.addWidget(self.opacity, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.definition)
        layout.addWidget(self.values)
        layout.addWidget(self.import_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(shown)
        layout.addLayout(row)
        layout.addStretch()
        page = QVBoxLayout(self)
        page.setContentsMargins(4, 4, 4, 4)
        page.addWidget(scrolling(content))

    def _follow_map(self) -> None:
        """Where nothing is highlighted, highlight what is on the map."""
        if self._assessment and not self.list.selectedItems():
            self.list.highlight_mapped(self._assessment)
        self._show(self._shown)

    def _choose_highlighted(self) -> None:
        for item in self.list.selectedItems():  # one at most, and none that the Tab key has merely passed
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        """Offer the indicator with its bounds, and show its value."""
        indicator = item.data(Qt.ItemDataRole.UserRole)
        if indicator is None:
            self._tell_absent(item.toolTip())
            return
        versions = [indicator, *(entry for entry in self._assessment.uncertainty
                                 if entry.file.stem.startswith(f"{indicator.file.stem}_"))]
        self.version.blockSignals(True)
        self.version.clear()
        for version in versions:
            self.version.addItem(tr("Value") if version is indicator else version.title, version)
        self.version.blockSignals(False)
        self._show(indicator)

    def _tell_absent(self, reason: str) -> None:
        """Say why there is no such layer, and what to do; the map stays."""
        self._shown = self._statistics = None
        self.work.stop()
        self.definition.setText(reason)
        self.values.forget()
        self._allow(None)
        self.import_button.setVisible(True)

    def _show(self, indicator: Indicator | None) -> None:
        if indicator is None or (indicator == self._shown and is_on_map(QgsProject.instance(), self._layer())):
            return
        layer = show_indicator(QgsProject.instance(), self._assessment, indicator)
        self.definition.setText(indicator.definition)
        self._shown = None  # slider and button take the layer's state, they do not set it
        self.opacity.setValue(round(100 * layer.renderer().opacity()))
        self.stretch.setChecked(is_stretched(layer, indicator.bounds))
        self._shown, self._statistics = indicator, None
        self.values.forget()
        self._allow(indicator)
        self.values.legend.show_layer(self._layer(), self._statistics)
        read = class_shares if indicator.is_class else statistics
        self.work.start(lambda stopped: read(indicator.file))

    def _allow(self, indicator: Indicator | None) -> None:
        self.import_button.setVisible(False)
        self.opacity.setEnabled(indicator is not None)
        self.stretch.setEnabled(False)
        self.version.setVisible(self.version.count() > 1 and indicator is not None)

    def _tell(self, found: Statistics | dict[int, float] | None) -> None:
        """Show the values; where all are one there is nothing to spread colours over."""
        self.values.tell(found, self._layer())
        if isinstance(found, Statistics):
            self._statistics = found
            self.stretch.setEnabled(found.high > found.low)

    def _layer(self) -> QgsRasterLayer | None:
        if self._assessment is None or self._shown is None:
            return None
        return find_indicator_layer(QgsProject.instance(), self._assessment, self._shown.file)

    def _draw(self, stretched: bool) -> None:
        """Spread the colours over the area's own values, or over the fixed bounds."""
        layer = self._layer()
        if layer is None or self._statistics is None:
            return
        opacity = layer.renderer().opacity()
        bounds = (self._statistics.low, self._statistics.high) if stretched else self._shown.bounds
        style_continuous(layer, 1, bounds, YELLOW_TO_BLUE)
        layer.renderer().setOpacity(opacity)
        layer.triggerRepaint()
        layer.emitStyleChanged()
        self.values.legend.show_layer(self._layer(), self._statistics)

    def _set_opacity(self, percent: int) -> None:
        layer = self._layer()
        if layer:
            layer.renderer().setOpacity(percent / 100)
            layer.triggerRepaint()
