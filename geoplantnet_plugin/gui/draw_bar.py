"""Draws an area on the map: how it is done, a way to the place, and a map to draw on where there is none."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsRectangle
from qgis.gui import QgsMapTool, QgsMapToolExtent
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..layers.basemap import add_basemap, basemaps, is_blank
from ..layers.problem import LayerProblem
from .borrowed_canvas import BorrowedCanvas
from .plain_label import plain_label
from .polygon_tool import PolygonTool

PLACES = ">"
"""The prefix of QGIS's locator for places (OpenStreetMap's Nominatim)."""

DEGREES = "EPSG:4326"


class DrawBar(QWidget):
    """Buttons, and below them, while something is drawn, what helps with it."""

    drawn = pyqtSignal(QgsGeometry)
    """A polygon in the canvas's coordinate system."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self.polygon_tool, self.rectangle_tool = PolygonTool(self._canvas), QgsMapToolExtent(self._canvas)
        self._borrowed = BorrowedCanvas(self._canvas, self.polygon_tool, self.rectangle_tool)
        self.polygon_button = tool_button(tr("Draw polygon"), tr(
            "Left click adds a corner, right click finishes, Backspace takes one back"))
        self.rectangle_button = tool_button(tr("Draw rectangle"), tr("Drag a rectangle on the map"))
        self.view_button = tool_button(tr("Current view"), tr("Take what the map shows now"))
        self.hint, self.message = plain_label(), plain_label()
        self.place = QLineEdit()
        self.place.setPlaceholderText(tr("Go to a place"))
        self.place.setAccessibleName(tr("Go to a place"))
        self.place.setToolTip(tr("Press Enter: QGIS's own locator asks OpenStreetMap's Nominatim for it"))
        self.map = QComboBox()
        self.map.setAccessibleName(tr("Background map"))
        self.map.setToolTip(tr("The XYZ connections of your QGIS"))
        self.add_button = QPushButton(tr("Add"))
        self.add_button.setToolTip(tr("Add this background map to the project: its tiles come from the net"))
        self._arrange()
        for button, tool in self._tools():
            button.setCheckable(True)
            button.clicked.connect(lambda down, tool=tool: self._draw(tool) if down else self._borrowed.give_back())
        self.view_button.clicked.connect(lambda: self._take_rectangle(self._canvas.extent()))
        self.polygon_tool.drawn.connect(self._take)
        self.rectangle_tool.extentChanged.connect(self._take_rectangle)
        self._canvas.mapToolSet.connect(self._show_tool)
        self.place.returnPressed.connect(self._search)
        self.add_button.clicked.connect(self._add)

    def shut_down(self) -> None:
        """Give the canvas back."""
        self._canvas.mapToolSet.disconnect(self._show_tool)
        self._borrowed.give_back()
        for _, tool in self._tools():
            tool.deleteLater()
        self.polygon_tool.remove_band()

    def _tools(self) -> tuple[tuple[QToolButton, QgsMapTool], ...]:
        return (self.polygon_button, self.polygon_tool), (self.rectangle_button, self.rectangle_tool)

    def _arrange(self) -> None:
        buttons, maps = QHBoxLayout(), QHBoxLayout()
        for button in (self.polygon_button, self.rectangle_button, self.view_button):
            buttons.addWidget(button)
        buttons.addStretch()
        self.maps, self.help = QWidget(), QWidget()
        self.maps.setLayout(maps)
        maps.setContentsMargins(0, 0, 0, 0)
        maps.addWidget(QLabel(tr("Background map")))
        maps.addWidget(self.map, 1)
        maps.addWidget(self.add_button)
        below = QVBoxLayout(self.help)
        below.setContentsMargins(0, 0, 0, 0)
        for widget in (self.hint, self.place, self.maps, self.message):
            below.addWidget(widget)
        for label in (self.hint, self.message):
            label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(buttons)
        layout.addWidget(self.help)
        self.help.hide()

    def _draw(self, tool: QgsMapTool) -> None:
        """Let a person draw; a project without a coordinate system gets one, or the drawing would lie nowhere."""
        if not QgsProject.instance().crs().isValid():
            QgsProject.instance().setCrs(QgsCoordinateReferenceSystem(DEGREES))
        self._borrowed.take(tool)
        self.hint.setText(tr("Click the corners on the map; right click ends, Backspace takes one back, Esc begins "
                             "anew.") if tool is self.polygon_tool else tr("Drag a rectangle on the map."))
        self._offer_maps()
        self.help.show()

    def _show_tool(self, active: QgsMapTool | None, *_: object) -> None:
        for button, tool in self._tools():
            button.setChecked(active is tool)
        if active not in (self.polygon_tool, self.rectangle_tool):
            self.help.hide()

    def _take_rectangle(self, rectangle: QgsRectangle) -> None:
        """Take a rectangle with points along its sides, which stay in place in another coordinate system."""
        if not rectangle.isEmpty():
            self._take(QgsGeometry.fromRect(rectangle).densifyByCount(15))

    def _take(self, geometry: QgsGeometry) -> None:
        self._borrowed.give_back()
        self.drawn.emit(geometry)

    def _offer_maps(self) -> None:
        blank = is_blank(QgsProject.instance())
        known = basemaps() if blank else []
        self.map.clear()
        for basemap in known:
            self.map.addItem(basemap.name, basemap)
        self.maps.setVisible(bool(known))
        self._tell(tr("The project shows no map. Add a layer to draw on, or a connection under XYZ Tiles in the "
                      "Browser panel.") if blank and not known else "")

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _add(self) -> None:
        try:
            add_basemap(QgsProject.instance(), self.map.currentData())
            self._offer_maps()
        except LayerProblem as problem:
            self._tell(str(problem))

    def _search(self) -> None:
        if self.place.text().strip():
            self._iface.locatorSearch(f"{PLACES} {self.place.text().strip()}")


def tool_button(text: str, tip: str) -> QToolButton:
    """Return a button that shows its name."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button
