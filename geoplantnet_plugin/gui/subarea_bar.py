"""Above the species table: the whole area, or a part of it that a person draws or selects."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsMapLayerType,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.coverage import read_coverage
from ..layers.manifest import Assessment
from ..layers.subarea import SubArea, subarea_coverage
from ..numbers import count_text
from .background import Background
from .borrowed_canvas import BorrowedCanvas
from .part_name_bar import PartNameBar
from .plain_label import plain_label
from .polygon_tool import PolygonTool
from .species_columns import SpeciesRows, prepared

OUTLINE = "#d81e05"


class SubAreaBar(QWidget):
    """A menu of ways to choose a part of the area, and the name of what the table shows."""

    computed = pyqtSignal(object, object)
    """The `SubArea` whose coverage was computed and its rows as the table takes them; None for the whole area."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._assessment: Assessment | None = None
        self.tool = PolygonTool(self._canvas)
        self._borrowed = BorrowedCanvas(self._canvas, self.tool)
        self._band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self._band.setStrokeColor(QColor(OUTLINE))
        self._band.setFillColor(QColor(0, 0, 0, 0))
        self._band.setLineStyle(Qt.PenStyle.DashLine)
        self._band.setWidth(3)
        self.title = plain_label()
        self.title.setWordWrap(True)
        self.button = QPushButton(tr("Part of the area"))
        self.button.setToolTip(tr("Coverage of a polygon you draw, or of selected polygons of a layer"))
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self.naming = PartNameBar()
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.naming)
        self.work = Background(tr("Coverage of a part of the area"), self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.tool.drawn.connect(self._use_drawn)
        self.work.done.connect(self._show)
        self.work.failed.connect(self.title.setText)
        self.show_assessment(None)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Begin with the whole area of another assessment."""
        self.work.stop()
        self._assessment = assessment
        self.button.setEnabled(assessment is not None and assessment.species_file is not None)
        self._tell_whole_area()

    def shut_down(self) -> None:
        """Give the canvas back."""
        self.work.stop()
        self._borrowed.give_back()
        self.tool.remove_band()
        self.tool.deleteLater()
        self._canvas.scene().removeItem(self._band)

    def use_polygons(self, name: str, geometries: list[QgsGeometry], crs: QgsCoordinateReferenceSystem,
                     kept: bool = False) -> None:
        """Compute the coverage of polygons (in `crs`); the bar says when it is done.

        What is not `kept` with the assessment yet can then be named and saved.
        """
        assessment = self._assessment
        if assessment is None:
            return
        self.naming.clear()
        self._outline(geometries, crs)
        self.title.setText(tr("Computing the coverage of “{name}” …").format(name=name))
        copies = [QgsGeometry(geometry) for geometry in geometries]  # a signal's own is gone when the work begins
        self._to_name = None if kept else (assessment, copies, crs)
        self.work.start(lambda stopped: _with_rows(subarea_coverage(assessment, name, copies, crs,
                                                                    read_coverage(assessment), stopped)))

    def _fill_menu(self) -> None:
        self.menu.clear()
        self.menu.addAction(tr("Draw a polygon on the map")).triggered.connect(
            lambda: self._borrowed.take(self.tool))
        for layer in _with_selected_polygons():
            action = self.menu.addAction(tr("Selected polygons of {layer} ({count})").format(
                layer=layer.name(), count=layer.selectedFeatureCount()))
            action.triggered.connect(lambda _=False, layer=layer: self._use_selected(layer))
        self.menu.addSeparator()
        self.menu.addAction(tr("Whole area")).triggered.connect(self._use_whole_area)

    def _use_drawn(self, geometry: QgsGeometry) -> None:
        self._borrowed.give_back()
        self.use_polygons(tr("Polygon drawn"), [geometry], self._canvas.mapSettings().destinationCrs())

    def _use_selected(self, layer: QgsVectorLayer) -> None:
        geometries = [feature.geometry() for feature in layer.getSelectedFeatures() if feature.hasGeometry()]
        self.use_polygons(layer.name(), geometries, layer.crs())

    def _use_whole_area(self) -> None:
        self.work.stop()
        self._tell_whole_area()
        self.computed.emit(None, None)

    def _outline(self, geometries: list[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> None:
        """Show on the map which part the table is about."""
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        for geometry in geometries:
            self._band.addGeometry(geometry, crs)

    def _tell_whole_area(self) -> None:
        self.naming.clear()
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        self.title.setText(tr("Whole area: {cells} cells").format(cells=count_text(self._assessment.cells))
                           if self._assessment else "")

    def _show(self, computed: tuple[SubArea, SpeciesRows]) -> None:
        found, _ = computed
        self.title.setText(tr("{name}: {cells} cells of the assessment").format(
            name=found.name, cells=count_text(found.cells)))
        if self._to_name:
            self.naming.offer(*self._to_name)
        self.computed.emit(*computed)


def _with_rows(found: SubArea) -> tuple[SubArea, SpeciesRows]:
    return found, prepared(found.rows)


def _with_selected_polygons() -> list[QgsVectorLayer]:
    return [layer for layer in QgsProject.instance().mapLayers().values()
            if layer.type() == QgsMapLayerType.VectorLayer and layer.selectedFeatureCount()
            and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry]
