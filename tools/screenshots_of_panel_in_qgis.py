"""What tools/screenshots_of_panel.py lets QGIS do: one state of the panel after the other, each saved as a picture."""

import os
from pathlib import Path

from geoplantnet.geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet.geoplantnet_plugin.gui.model_box import ModelBox
from qgis.core import QgsApplication, QgsGeometry, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QScrollArea, QWidget
from qgis.utils import iface
from window_steps import dock, open_panel, open_window, panel_opened, results, save, walk

ASSESSMENT = os.environ["GEOPLANTNET_ASSESSMENT"]


def begin():
    """Fill the screen, whatever its size."""
    screen = QgsApplication.primaryScreen().geometry()
    open_window((screen.width(), screen.height()))
    open_panel()


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


def opened():
    return results().tabs.is_filled and results().species.model.rowCount() > 0


def name_part():
    save("summary")
    results().tabs.setCurrentWidget(results().species)
    extent = iface.mapCanvas().extent()
    extent.scale(0.3)
    results().species.subarea.use_polygons("Meadow", [QgsGeometry.fromRect(extent)],
                                           iface.mapCanvas().mapSettings().destinationCrs())


def save_part():
    naming = results().species.subarea.naming
    if not naming.isVisible():
        return False
    naming.name.setText("Meadow")
    save("species")
    naming.save_button.click()
    return True


def list_parts():
    if results().species.subarea.naming.isVisible():
        return False
    results().tabs.setCurrentWidget(results().parts)
    return True


def look_at_indicators():
    save("parts")
    results().tabs.setCurrentWidget(results().indicators)


def look_at_absent():
    save("indicators")
    listed = results().indicators.list
    listed.setCurrentRow(listed.count() - 1)


def open_card():
    save("absent")
    results().tabs.setCurrentWidget(results().species)
    results().species.table.selectRow(0)
    results().species.card_button.click()


def look_closely():
    if results().card.map.busy:
        return False
    save("card")
    look = results().card.look
    heights = QgsRasterLayer(str(RESOURCES / "demo" / "elevation.tif"), "Altitude")
    QgsProject.instance().addMapLayer(heights, False)
    look.dem.setLayer(heights)
    look.button.click()
    return True


def scroll_to_charts():
    card = results().card
    charts = card.findChildren(QWidget, "chart")
    if not charts or not card.look.button.isEnabled():
        return False
    for chart in (charts[-1], charts[0]):
        card.scroll.ensureWidgetVisible(chart)
    return True


def compare():
    save("closer-look")
    results().tabs.setCurrentWidget(results().compare)
    results().compare.other.add_folder(Path(os.environ["GEOPLANTNET_OTHER"]))


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


def finish():
    save("set-up")


walk((begin, panel_opened, draw, run_demo, look_at_run, stopped, open_results, opened, name_part, save_part, list_parts,
      look_at_indicators, look_at_absent, open_card, look_closely, scroll_to_charts, compare, choose_model, set_up,
      finish))
