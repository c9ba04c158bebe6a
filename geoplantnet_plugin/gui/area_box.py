"""Step 1, *Where*: draw, take the view, or choose a layer; says how large the area is."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsMapLayerProxyModel,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QGroupBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from ..bridge.fit import SiteFit
from ..i18n import tr
from ..layers.style import style_outline
from .area_size import AreaSize, measure
from .draw_bar import DrawBar

MOST_BUFFER = 100_000


class AreaBox(QGroupBox):
    """The area is always a vector layer; drawing makes one. `changed` when it is another or looks different."""

    changed = pyqtSignal()

    def __init__(self, iface) -> None:
        super().__init__(tr("1  Where"))
        self._canvas = iface.mapCanvas()
        self.draw = DrawBar(iface)
        self.draw.drawn.connect(self.use_geometry)
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.HasGeometry)
        self.layer.setAllowEmptyLayer(True, tr("No area yet"))
        self.layer.setCurrentIndex(0)
        self.layer.setAccessibleName(tr("Area layer"))
        self.layer.setToolTip(tr("Polygons, or points and lines with a buffer around them"))
        self.selected_only = QCheckBox(tr("Selected features only"))
        self.selected_only.setToolTip(tr("Take the features that are selected on the map"))
        self.buffer = QSpinBox()
        self.buffer.setRange(0, MOST_BUFFER)
        self.buffer.setSingleStep(50)
        self.buffer.setSuffix(tr(" m"))
        self.buffer.setSpecialValueText(tr("none"))
        self.buffer.setToolTip(tr("Metres on the ground added around the area, or around points and lines"))
        self.buffer.setAccessibleName(tr("Buffer in metres"))
        self.size = QLabel()
        self.size.setWordWrap(True)
        self.cells = 0
        self.layer.layerChanged.connect(self._follow_layer)
        self.selected_only.toggled.connect(self._measure)
        self.buffer.valueChanged.connect(self._measure)
        self._arrange()
        self._watched: QgsVectorLayer | None = None
        self._follow_layer(self.layer.currentLayer())

    def parameter(self) -> Any:
        """Return the value of the algorithm's area parameter, None without an area."""
        layer = self.layer.currentLayer()
        if layer is None:
            return None
        return QgsProcessingFeatureSourceDefinition(layer.id(), self.selected_only.isChecked())

    def is_blank(self) -> bool:
        """Whether there is nothing yet that has an area."""
        layer = self.layer.currentLayer()
        return layer is None or (layer.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry
                                 and not self.buffer.value())

    def show_counted(self, fit: SiteFit) -> None:
        """Show the size that the engine has counted."""
        self.cells = fit.cells
        self.size.setText(AreaSize(fit.hectares, fit.cells, fit.resolution, True).text)

    def name(self) -> str:
        """Return the name of the area's layer, blank without one."""
        layer = self.layer.currentLayer()
        return layer.name() if layer else ""

    def use_geometry(self, geometry: QgsGeometry) -> None:
        """Take a polygon in the canvas's coordinate system as the area: a new layer of the project holds it."""
        crs = self._canvas.mapSettings().destinationCrs()
        layer = QgsVectorLayer(f"Polygon?crs={crs.authid() or 'wkt:' + crs.toWkt()}", tr("Area drawn"), "memory")
        feature = QgsFeature()
        feature.setGeometry(geometry)
        layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        style_outline(layer)
        QgsProject.instance().addMapLayer(layer)
        self.use_layer(layer)

    def use_layer(self, layer: QgsVectorLayer) -> None:
        """Choose a polygon layer of the project."""
        self.selected_only.setChecked(False)
        self.layer.setLayer(layer)

    def shut_down(self) -> None:
        """Give the canvas back."""
        self.draw.shut_down()
        self._watch(None)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self.draw)
        layout.addWidget(self.layer)
        options = QHBoxLayout()
        options.addWidget(self.selected_only)
        options.addStretch()
        label = QLabel(tr("Buffer"))
        label.setBuddy(self.buffer)
        options.addWidget(label)
        options.addWidget(self.buffer)
        layout.addLayout(options)
        layout.addWidget(self.size)

    def _follow_layer(self, layer: QgsVectorLayer | None) -> None:
        self._watch(layer)
        if layer is None or not layer.selectedFeatureCount():
            self.selected_only.setChecked(False)
        self._measure()

    def _watch(self, layer: QgsVectorLayer | None) -> None:
        """Follow the selection and the edits of the chosen layer."""
        if self._watched is not None:
            for signal in (self._watched.selectionChanged, self._watched.geometryChanged):
                signal.disconnect(self._measure)
            self._watched.willBeDeleted.disconnect(self._forget)
        self._watched = layer
        if layer is not None:
            for signal in (layer.selectionChanged, layer.geometryChanged):
                signal.connect(self._measure)
            layer.willBeDeleted.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def _measure(self, *_: object) -> None:
        layer = self.layer.currentLayer()
        self.selected_only.setEnabled(layer is not None and layer.selectedFeatureCount() > 0)
        self.size.setText(self._size_text(layer))
        self.changed.emit()

    def _size_text(self, layer: QgsVectorLayer | None) -> str:
        self.cells = 0
        if layer is None:
            return tr("Draw an area on the map, or choose a layer.")
        if self.is_blank():
            return tr("Points and lines have no area: give a buffer around them.")
        try:
            size = measure(layer, self.selected_only.isChecked(), self.buffer.value())
        except ValueError:
            return tr("The size of this area is not known: check the coordinate system of its layer.")
        if size is None:
            return tr("Many shapes: their size is told when they have been checked.")
        self.cells = size.cells
        return size.text
