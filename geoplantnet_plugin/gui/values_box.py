"""What the values of an indicator come to over the area: a sentence, a histogram, the legend of its layer."""

from __future__ import annotations

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.statistics import Statistics
from ..numbers import count_text, short_text
from .histogram import Histogram
from .legend import Legend
from .plain_label import plain_label


class ValuesBox(QWidget):
    """Empty until it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.histogram = Histogram()
        self.legend = Legend()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.text, self.histogram, self.legend):
            layout.addWidget(widget)

    def forget(self) -> None:
        """Tell nothing."""
        self.text.clear()
        self.histogram.show_statistics(None)
        self.legend.clear()

    def tell(self, found: Statistics | dict[int, float] | None, layer: QgsRasterLayer | None) -> None:
        """Tell what `layer` holds: the values of its cells, or the share in % that each class has of them."""
        if isinstance(found, dict):
            self.legend.show_layer(layer, None, found)
            return
        self.histogram.show_statistics(found)
        self.legend.show_layer(layer, found)
        if found is None:
            return
        if found.high == found.low:
            self.text.setText(tr("All {cells} cells have the same value, {value}: the map shows one colour.").format(
                cells=count_text(found.cells), value=short_text(found.low)))
            return
        self.text.setText(tr("Mean {mean}, from {low} to {high} in {cells} cells.").format(
            mean=short_text(found.mean), low=short_text(found.low), high=short_text(found.high),
            cells=count_text(found.cells)))
