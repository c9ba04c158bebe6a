"""Below the species table: how the species that was clicked last is drawn on the map."""

from __future__ import annotations

from html import escape

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QRadioButton, QSlider, QVBoxLayout, QWidget

from ..common.assessment import SCORE_BOUNDS
from ..i18n import tr
from ..layers.build import set_threshold
from ..layers.find import THRESHOLD, find_species_layer
from ..layers.manifest import Assessment, SpeciesBand
from ..layers.problem import LayerProblem
from ..layers.show import show_presence, show_species
from ..numbers import locale


class SpeciesLayerBar(QWidget):
    """Score or presence, its threshold, and the layer's opacity; each species keeps a layer of either kind."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self.species: SpeciesBand | None = None
        self.name = QLabel()
        self.name.setWordWrap(True)
        self.score = QRadioButton(tr("Score"))
        self.score.setToolTip(tr("Show the score of every cell"))
        self.score.setChecked(True)
        self.presence = QRadioButton(tr("Present above"))
        self.presence.setToolTip(tr("Show two colours: predicted present above the threshold, and not"))
        self.threshold = QDoubleSpinBox()
        self.threshold.setLocale(locale())
        self.threshold.setDecimals(4)
        self.threshold.setSingleStep(0.01)
        self.threshold.setKeyboardTracking(False)
        self.threshold.setAccessibleName(tr("Threshold of presence"))
        self.threshold.setToolTip(tr("The score above which the layer shows the species as present"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setToolTip(tr("Opacity of the layer"))
        self.opacity.setAccessibleName(tr("Opacity of the species layer"))
        self._arrange()
        self.score.toggled.connect(self._show)
        self.threshold.valueChanged.connect(self._set_threshold)
        self.opacity.valueChanged.connect(self._set_opacity)
        self.use(None, None)

    def use(self, assessment: Assessment | None, species: SpeciesBand | None) -> None:
        """Show a species on the map and its settings here; nothing without one."""
        self._assessment, self.species = assessment, species
        if assessment:
            self.threshold.blockSignals(True)
            self.threshold.setRange(*SCORE_BOUNDS[assessment.scale])
            self.threshold.blockSignals(False)
        self._show()

    def layer(self) -> QgsRasterLayer | None:
        """Return the layer that is shown, if it is still in the project."""
        if self._assessment is None or self.species is None:
            return None
        return find_species_layer(QgsProject.instance(), self._assessment, self.species.band,
                                  "presence" if self.presence.isChecked() else "species")

    def _arrange(self) -> None:
        opacity = QLabel(tr("Opacity"))
        opacity.setBuddy(self.opacity)
        row = QHBoxLayout()
        for widget in (self.score, self.presence, self.threshold, opacity):
            row.addWidget(widget)
        row.addWidget(self.opacity, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.name)
        layout.addLayout(row)

    def _show(self, *_: object) -> None:
        layer = None
        self.name.setText(tr("Click a species to see it on the map"))
        if self._assessment and self.species:
            self.name.setText(f"<i>{escape(self.species.name)}</i>")
            try:
                make = show_presence if self.presence.isChecked() else show_species
                layer = make(QgsProject.instance(), self._assessment, self.species)
            except LayerProblem as problem:
                self.name.setText(str(problem))
        self._show_settings(layer)

    def _show_settings(self, layer: QgsRasterLayer | None) -> None:
        for widget in (self.score, self.presence, self.opacity):
            widget.setEnabled(layer is not None)
        threshold = layer.customProperty(THRESHOLD) if layer else None
        self.threshold.setEnabled(threshold is not None)
        for widget in (self.threshold, self.opacity):
            widget.blockSignals(True)
        if layer:
            self.opacity.setValue(round(100 * layer.renderer().opacity()))
        if threshold is not None:
            self.threshold.setValue(float(threshold))
        for widget in (self.threshold, self.opacity):
            widget.blockSignals(False)

    def _set_threshold(self, threshold: float) -> None:
        layer = self.layer()
        if layer and self.presence.isChecked():
            set_threshold(layer, self._assessment, self.species, threshold)
            layer.triggerRepaint()

    def _set_opacity(self, percent: int) -> None:
        layer = self.layer()
        if layer:
            layer.renderer().setOpacity(percent / 100)
            layer.triggerRepaint()
