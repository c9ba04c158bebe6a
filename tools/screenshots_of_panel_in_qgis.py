"""What tools/screenshots_of_panel.py lets QGIS do: one state of the panel after the other, each saved as a picture."""

import os
from pathlib import Path

from geoplantnet.geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet.geoplantnet_plugin.gui.model_box import ModelBox
from qgis.core import QgsApplication, QgsGeometry, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QScrollArea, QWidget
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])
ASSESSMENT = os.environ["GEOPLANTNET_ASSESSMENT"]
PAUSE_MS = 2500


def dock():
    return iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock")


def save(name):
    IMAGES.mkdir(parents=True, exist_ok=True)
    iface.mainWindow().grab().save(str(IMAGES / f"{name}.png"))


def open_panel():
    window = iface.mainWindow()
    window.setGeometry(QgsApplication.primaryScreen().geometry())
    window.findChild(QDockWidget, "Browser").close()
    iface.newProject()
    window.findChild(QAction, "geoplantnet_panel").trigger()


def draw():
    dock().assess_panel.area.draw.polygon_button.click()


def run_demo():
    save("draw")
    dock().assess_panel.area.draw.polygon_button.click()
    dock().assess_panel.fill_demo()
    dock().assess_panel.run()


def look_at_run():
    """Wait until cells are scored; a machine that is quicker than a pause has finished by then."""
    panel = dock().assess_panel
    if panel.check.is_pending:
        return False
    save("run")
    panel.cancel_button.click()
    return True


def stopped():
    return dock().assess_panel.run_button.isEnabled()


def open_results():
    QgsProject.instance().clear()
    dock().open_assessment(ASSESSMENT)


def name_part():
    save("summary")
    results = dock().results_panel
    results.tabs.setCurrentWidget(results.species)
    extent = iface.mapCanvas().extent()
    extent.scale(0.3)
    results.species.subarea.use_polygons("Meadow", [QgsGeometry.fromRect(extent)],
                                         iface.mapCanvas().mapSettings().destinationCrs())


def save_part():
    naming = dock().results_panel.species.subarea.naming
    if not naming.isVisible():
        return False
    naming.name.setText("Meadow")
    save("species")
    naming.save_button.click()
    return True


def list_parts():
    if dock().results_panel.species.subarea.naming.isVisible():
        return False
    dock().results_panel.tabs.setCurrentWidget(dock().results_panel.parts)
    return True


def look_at_indicators():
    save("parts")
    dock().results_panel.tabs.setCurrentWidget(dock().results_panel.indicators)


def look_at_absent():
    save("indicators")
    listed = dock().results_panel.indicators.list
    listed.setCurrentRow(listed.count() - 1)


def open_card():
    save("absent")
    results = dock().results_panel
    results.tabs.setCurrentWidget(results.species)
    results.species.table.selectRow(0)
    results.species.card_button.click()


def look_closely():
    if dock().results_panel.card.map.busy:
        return False
    save("card")
    look = dock().results_panel.card.look
    heights = QgsRasterLayer(str(RESOURCES / "demo" / "elevation.tif"), "Altitude")
    QgsProject.instance().addMapLayer(heights, False)
    look.dem.setLayer(heights)
    look.button.click()
    return True


def scroll_to_charts():
    card = dock().results_panel.card
    charts = card.findChildren(QWidget, "chart")
    if not charts or not card.look.button.isEnabled():
        return False
    for chart in (charts[-1], charts[0]):
        card.scroll.ensureWidgetVisible(chart)
    return True


def compare():
    save("closer-look")
    results = dock().results_panel
    results.tabs.setCurrentWidget(results.compare)
    results.compare.add_folder(Path(ASSESSMENT).parent / "granada")


def choose_model():
    save("compare")
    dock().tabs.setCurrentIndex(0)
    model = dock().assess_panel.findChild(ModelBox)
    model.choose_model("western-swiss-alps")
    dock().assess_panel.findChild(QScrollArea).ensureWidgetVisible(model.quality)


def set_up():
    save("model")
    dock().engine_panel.explain("…")
    dock().engine_panel.show()


def leave():
    save("set-up")
    QgsApplication.taskManager().cancelAll()
    QgsProject.instance().clear()
    QTimer.singleShot(1500, iface.actionExit().trigger)


STEPS = (open_panel, draw, run_demo, look_at_run, stopped, open_results, name_part, save_part, list_parts,
         look_at_indicators, look_at_absent, open_card, look_closely, scroll_to_charts, compare, choose_model, set_up,
         leave)
"""What is done, one after the other; what returns False is tried again."""


def go(number=0):
    if STEPS[number]() is not False:
        number += 1
    if number < len(STEPS):
        QTimer.singleShot(PAUSE_MS, lambda: go(number))


QTimer.singleShot(4000, go)
