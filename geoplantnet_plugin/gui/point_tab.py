"""Results: one cell, chosen with a click on the map."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapToolEmitPoint
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers.cell import Cell, cell_at
from ..layers.manifest import Assessment


class PointTab(QWidget):
    """A button that starts the map tool; a click shows the cell's species and indicators."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._assessment: Assessment | None = None
        self.tool = QgsMapToolEmitPoint(self._canvas)
        self.button = QPushButton(tr("Pick a cell on the map"))
        self.button.setCheckable(True)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([tr("In this cell"), tr("Value")])
        self.tree.setColumnWidth(0, 34 * self.tree.fontMetrics().averageCharWidth())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        for widget in (self.button, self.message, self.tree):
            layout.addWidget(widget)
        self.button.clicked.connect(lambda: self._canvas.setMapTool(self.tool))
        self.tool.canvasClicked.connect(self._show_cell)
        self._canvas.mapToolSet.connect(self._show_tool)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Ask another assessment from now on."""
        self._assessment = assessment
        self.tree.clear()
        self.message.clear()

    def shut_down(self) -> None:
        """Give the canvas back."""
        self._canvas.mapToolSet.disconnect(self._show_tool)
        self._canvas.unsetMapTool(self.tool)
        self.tool.deleteLater()

    def _show_tool(self, tool, *_: object) -> None:
        self.button.setChecked(tool is self.tool)

    def _show_cell(self, point: QgsPointXY, *_: object) -> None:
        if self._assessment is None:
            return
        cell = cell_at(self._assessment, point, self._canvas.mapSettings().destinationCrs())
        self.tree.clear()
        self.message.setText(_message(cell))
        if cell:
            self._branch(tr("Species predicted present: {count}").format(count=len(cell.taxa)),
                         [(name, f"{score:.3f}") for name, score in cell.taxa])
            self._branch(tr("Indicators"), list(cell.indicators))

    def _branch(self, title: str, rows: list[tuple[str, str]]) -> None:
        branch = QTreeWidgetItem(self.tree, [title])
        branch.addChildren([QTreeWidgetItem(list(row)) for row in rows])
        branch.setExpanded(True)


def _message(cell: Cell | None) -> str:
    if cell is None:
        return tr("This point lies outside the assessment.")
    return tr("Cell centre {x:.0f}, {y:.0f}. Scores are predicted, not observed.").format(
        x=cell.centre.x(), y=cell.centre.y())
