"""What tools/screenshots.py lets QGIS do: open the project, wait until the map is drawn, save the window."""

import os
from pathlib import Path

from qgis.core import QgsApplication, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])


def _save(name):
    iface.mainWindow().grab().save(str(IMAGES / f"{name}.png"))


def _open():
    window = iface.mainWindow()
    window.setGeometry(0, 0, 1600, 1000)
    window.findChild(QDockWidget, "Browser").close()
    iface.addProject(os.environ["GEOPLANTNET_LAND"])
    window.findChild(QAction, "geoplantnet_panel").trigger()
    window.resizeDocks([window.findChild(QDockWidget, "Layers")], [330], Qt.Orientation.Horizontal)
    QTimer.singleShot(8000, _land)


def _land():
    """A real province: its map and its survey list."""
    _dock().tabs.setCurrentIndex(1)
    _then(_land_shown)


def _land_shown():
    _save("land")
    iface.addProject(os.environ["GEOPLANTNET_SITE"])
    QTimer.singleShot(6000, _site_shown)


def _site_shown():
    """A site smaller than the model's squares: a list, no map."""
    _save("site")
    iface.addProject(os.environ["GEOPLANTNET_PROJECT"])
    QTimer.singleShot(6000, _results)


def _dock():
    return iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock")


def _results():
    _dock().tabs.setCurrentIndex(1)
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.summary)
    _then(_summary_shown)


def _summary_shown():
    _save("summary")
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.species)
    _then(_results_shown)


def _results_shown():
    _save("results")
    table = _dock().results_panel.species.table
    table.clicked.emit(table.model().index(0, 0))
    _then(_species_shown)


def _species_shown():
    _save("species")
    results = _dock().results_panel
    results.species.card_button.click()
    results.card.look.button.click()
    QTimer.singleShot(20000, _card_shown)


def _card_shown():
    card = _dock().results_panel.card
    card.scroll.ensureWidgetVisible(card.look, 0, card.look.height())
    _then(_closer_look_shown)


def _closer_look_shown():
    _save("card")
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.point)
    results.point.tool.canvasClicked.emit(iface.mapCanvas().extent().center(), Qt.MouseButton.LeftButton)
    _then(_point_shown)


def _point_shown():
    _save("point")
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.species)
    extent = iface.mapCanvas().extent()
    extent.scale(0.3)
    results.species.subarea.use_polygons("Meadow", [QgsGeometry.fromRect(extent)],
                                         iface.mapCanvas().mapSettings().destinationCrs())
    results.species.bar.presence.click()
    _then(_part_shown)


def _part_shown():
    _save("part")
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.report)
    results.report.make_button.click()
    QTimer.singleShot(20000, _report_shown)


def _report_shown():
    _save("report")
    results = _dock().results_panel
    results.tabs.setCurrentWidget(results.field)
    _then(_field_shown)


def _field_shown():
    _save("field")
    _dock().tabs.setCurrentIndex(0)
    _dock().assess_panel.fill_demo()
    _then(_predictors_checked)


def _predictors_checked():
    _then(_predictors_checked if _dock().assess_panel.check.is_pending else _assess_shown)


def _assess_shown():
    _save("assess")
    QgsApplication.taskManager().cancelAll()
    QgsProject.instance().clear()  # or QGIS asks whether the drawn area may be lost
    QTimer.singleShot(3000, iface.actionExit().trigger)


def _then(step):
    """Go on when the window has been drawn."""
    QTimer.singleShot(2500, step)


QTimer.singleShot(3000, _open)
