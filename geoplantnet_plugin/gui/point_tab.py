"""Results: one cell, chosen with a click on the map."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapToolEmitPoint, QgsRubberBand
from qgis.PyQt.QtGui import QColor, QGuiApplication
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.cell import Cell, cell_at
from ..layers.manifest import Assessment
from ..layers.service_info import answers, questions
from .background import Background
from .plain_label import plain_label
from .table_export import tab_separated

MARK = "#d81e05"


class PointTab(QWidget):
    """A button that starts the map tool; a click shows all that the assessment says of the cell, and marks it."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._assessment: Assessment | None = None
        self.tool = QgsMapToolEmitPoint(self._canvas)
        self._mark = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self._mark.setStrokeColor(QColor(MARK))
        self._mark.setFillColor(QColor(0, 0, 0, 0))
        self._mark.setWidth(2)
        self.button = QPushButton(tr("Pick a cell on the map"))
        self.button.setCheckable(True)
        self.button.setToolTip(tr("Then click on the map: the cell's species, indicators and predictors are listed"))
        self.copy_button = QToolButton()
        self.copy_button.setText(tr("Copy"))
        self.copy_button.setToolTip(tr("Copy what is said of this cell, for a spreadsheet"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("What the assessment says of the cell"))
        self.tree.setHeaderLabels([tr("In this cell"), tr("Value")])
        self.tree.setColumnWidth(0, 38 * self.tree.fontMetrics().averageCharWidth())
        self.work = Background(tr("Reading a cell"), self)
        self.services = Background(tr("Asking map services"), self)
        self._point: QgsPointXY | None = None
        self._arrange()
        self.button.clicked.connect(lambda: self._canvas.setMapTool(self.tool))
        self.copy_button.clicked.connect(self._copy)
        self.tool.canvasClicked.connect(self._read_cell)
        self._canvas.mapToolSet.connect(self._show_tool)
        self.work.done.connect(self._show_cell)
        self.work.failed.connect(self.message.setText)
        self.services.done.connect(self._show_services)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Ask another assessment from now on."""
        self.work.stop()
        self.services.stop()
        self._assessment = assessment
        self.tree.clear()
        self.message.clear()
        self._mark.reset(QgsWkbTypes.GeometryType.PolygonGeometry)

    def shut_down(self) -> None:
        """Give the canvas back."""
        self.work.stop()
        self.services.stop()
        self._canvas.mapToolSet.disconnect(self._show_tool)
        self._canvas.unsetMapTool(self.tool)
        self.tool.deleteLater()
        self._canvas.scene().removeItem(self._mark)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.button, 1)
        top.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(self.tree)

    def _show_tool(self, tool, *_: object) -> None:
        self.button.setChecked(tool is self.tool)

    def _read_cell(self, point: QgsPointXY, *_: object) -> None:
        assessment, crs = self._assessment, self._canvas.mapSettings().destinationCrs()
        self._point = point = QgsPointXY(point)  # the tool's own point is gone when the work begins
        self.services.stop()
        if assessment is not None:
            self.work.start(lambda stopped: cell_at(assessment, point, crs))
        else:
            self.tree.clear()
            self._ask_services()

    def _ask_services(self) -> None:
        """Ask the visible WMS layers of the project, below what the assessment says."""
        asked = questions(QgsProject.instance(), self._point, self._canvas.mapSettings().destinationCrs(),
                          self._canvas.mapUnitsPerPixel())
        if asked:
            self.services.start(lambda stopped: answers(asked))

    def _show_services(self, rows: tuple[tuple[str, str], ...]) -> None:
        self._branch(tr("Map services at this point"), rows)

    def _show_cell(self, cell: Cell | None) -> None:
        self.tree.clear()
        self.message.setText(_message(cell))
        self._ask_services()
        self._mark.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        if cell is None:
            return
        self._mark_cell(cell)
        scale = self._assessment.scale
        self._branch(tr("Species predicted present: {count}").format(count=len(cell.taxa)), _scores(cell.taxa))
        self._branch(tr("Indicators"), cell.indicators)
        self._branch(tr("How sure the indicators are"), cell.uncertainty, open_=False)
        self._branch(tr("The cell itself"), cell.quality)
        self._branch(tr("Predictors, from their source"), cell.predictors, open_=False)
        self._branch(tr("Not predicted present, highest scores"), _scores(cell.others), open_=False)
        self.tree.topLevelItem(0).setText(1, tr("score ({scale})").format(scale=scale))

    def _branch(self, title: str, rows: tuple[tuple[str, str], ...], open_: bool = True) -> None:
        if not rows and self.tree.topLevelItemCount():
            return
        branch = QTreeWidgetItem(self.tree, [title])
        for name, text in rows:
            item = QTreeWidgetItem(branch, [name, text])
            item.setToolTip(0, name)
            item.setToolTip(1, text)
        branch.setExpanded(open_)

    def _mark_cell(self, cell: Cell) -> None:
        half = self._assessment.resolution / 2
        box = QgsRectangle(cell.centre.x() - half, cell.centre.y() - half, cell.centre.x() + half,
                           cell.centre.y() + half)
        self._mark.setToGeometry(QgsGeometry.fromRect(box), QgsCoordinateReferenceSystem(self._assessment.crs))

    def _copy(self) -> None:
        rows = [[branch.text(0), row.text(0), row.text(1)]
                for branch in map(self.tree.topLevelItem, range(self.tree.topLevelItemCount()))
                for row in map(branch.child, range(branch.childCount()))]
        QGuiApplication.clipboard().setText(tab_separated([
            [tr("Group"), tr("In this cell"), tr("Value")], *rows]))


def _scores(taxa: tuple[tuple[str, float], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{score:.3f}") for name, score in taxa)


def _message(cell: Cell | None) -> str:
    if cell is None:
        return tr("This point lies outside the assessment.")
    text = tr("Cell centre {x:.0f}, {y:.0f}. Scores are predicted, not observed.").format(
        x=cell.centre.x(), y=cell.centre.y())
    if cell.outside:
        text += " <b>" + tr("This cell lies outside the conditions the model was trained on.") + "</b>"
    return text
