"""What tools/screenshots.py lets QGIS do: three assessments, and each page of the results, saved as pictures."""

import os

from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface
from window_steps import dock, open_panel, open_window, panel_opened, results, save, walk, widen_layers


def open_land():
    """A real province: its map and its survey list."""
    open_window()
    iface.addProject(os.environ["GEOPLANTNET_LAND"])
    open_panel()


def show_results():
    dock().show_results()
    widen_layers()


def filled():
    """Wait until every page shows the assessment, and the map is drawn."""
    return results().tabs.is_filled and not iface.mapCanvas().isDrawing()


def open_site():
    """A site smaller than the model's squares: a list, no map."""
    save("land")
    iface.addProject(os.environ["GEOPLANTNET_SITE"])


def open_demo():
    save("site")
    iface.addProject(os.environ["GEOPLANTNET_PROJECT"])


def show_summary():
    results().tabs.setCurrentWidget(results().summary)


def show_species():
    save("summary")
    results().tabs.setCurrentWidget(results().species)


def map_species():
    save("results")
    table = results().species.table
    table.clicked.emit(table.model().index(0, 0))


def open_card():
    save("species")
    results().species.card_button.click()
    results().card.look.button.click()


def looked():
    """Wait for the closer look, and bring it into sight."""
    card = results().card
    if not card.look.button.isEnabled():
        return False
    card.scroll.ensureWidgetVisible(card.look, 0, card.look.height())
    return True


def pick_cell():
    save("card")
    results().tabs.setCurrentWidget(results().point)
    results().point.tool.canvasClicked.emit(iface.mapCanvas().extent().center(), Qt.MouseButton.LeftButton)


def take_part():
    save("point")
    results().tabs.setCurrentWidget(results().species)
    extent = iface.mapCanvas().extent()
    extent.scale(0.3)
    results().species.subarea.use_polygons("Meadow", [QgsGeometry.fromRect(extent)],
                                           iface.mapCanvas().mapSettings().destinationCrs())
    results().species.bar.presence.click()


def make_report():
    if not results().species.subarea.naming.isVisible():
        return False
    save("part")
    results().tabs.setCurrentWidget(results().report)
    results().report.make_button.click()
    return True


def show_field():
    if not results().report.make_button.isEnabled():
        return False
    save("report")
    results().tabs.setCurrentWidget(results().field)
    return True


def fill_demo():
    save("field")
    dock().tabs.setCurrentIndex(0)
    dock().assess_panel.fill_demo()


def show_lights():
    if dock().assess_panel.check.is_pending:
        return False
    save("assess")
    return True


walk((open_land, panel_opened, show_results, filled, open_site, filled, open_demo, filled, show_summary, show_species,
      map_species, open_card, looked, pick_cell, take_part, make_report, show_field, fill_demo, show_lights))
