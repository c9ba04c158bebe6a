"""Below the chosen model: its line of quality, and the map of what it was trained on."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ..bridge.model_quality import has_training_map, quality_line, training_squares
from ..bridge.models import CardUnreadable, ModelSummary, read_card
from ..i18n import tr
from ..layers.problem import LayerProblem
from ..layers.training_map import training_layer
from .plain_label import plain_label


class QualityRow(QWidget):
    """Hidden while the model is left to the area; a click puts the map of the training data into the project."""

    def __init__(self) -> None:
        super().__init__()
        self._model: ModelSummary | None = None
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.map_button = QPushButton(tr("Training map"))
        self.map_button.setToolTip(_tip(True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        layout.addWidget(self.map_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.map_button.clicked.connect(self._add_map)

    def show_model(self, model: ModelSummary) -> None:
        """Tell of another model."""
        if model == self._model:
            return
        self._model = model
        self.setVisible(bool(model.name))
        if not model.name:
            return
        try:
            self.text.setText(quality_line(read_card(model.name)))
        except (CardUnreadable, KeyError, TypeError, ValueError, AttributeError):
            self.text.setText(tr("Quality on new land: not stated. Treat the scores as a guess."))
        has_map = has_training_map(model.name)
        self.map_button.setEnabled(has_map)
        self.map_button.setToolTip(_tip(has_map))

    def _add_map(self) -> None:
        try:
            layer = training_layer(training_squares(self._model.name), self._model.title)
        except (CardUnreadable, LayerProblem) as problem:
            self.text.setText(f"⚠ {problem}")
            return
        QgsProject.instance().addMapLayer(layer)


def _tip(has_map: bool) -> str:
    return tr("Shows on the map where the model's training data lie") if has_map else tr(
        "The model's package has no map of its training data")
