"""What the scripts that tools let QGIS run have in common: steps one after the other, the dock, pictures of the window.

Imported inside QGIS: `Headless.window` puts this folder on its path.
"""

import os
import sys
import traceback
from pathlib import Path

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])
SIZE = (1600, 1000)
TREE_WIDTH = 330
CLOSING_MS = 1500


def walk(steps, pause_ms=2500):
    """Do one step after the other, with time to draw in between, then leave QGIS.

    What returns False is tried again; what raises ends QGIS with an exit code, or it would wait beside a message.
    """
    def go(number):
        try:
            done = steps[number]() is not False
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        following = number + done
        QTimer.singleShot(pause_ms, (lambda: go(following)) if following < len(steps) else leave)

    QTimer.singleShot(pause_ms, lambda: go(0))


def dock():
    """Return the plugin's dock, None before it is there."""
    return iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock")


def open_window(size=SIZE):
    """Give the window its size, without the Browser panel beside the layers."""
    window = iface.mainWindow()
    window.setGeometry(0, 0, *size)
    window.findChild(QDockWidget, "Browser").close()
    iface.newProject()


def open_panel():
    """Open the panel by its button in the toolbar."""
    iface.mainWindow().findChild(QAction, "geoplantnet_panel").trigger()


def panel_opened():
    """Whether the panel is there, with its first page."""
    return dock() is not None and dock().assess_panel is not None


def widen_layers():
    """Give the layer tree room for its names."""
    window = iface.mainWindow()
    window.resizeDocks([window.findChild(QDockWidget, "Layers")], [TREE_WIDTH], Qt.Orientation.Horizontal)


def results():
    """Return the page of results."""
    return dock().results_panel


def save(name):
    """Save a picture of the window."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    iface.mainWindow().grab().save(str(IMAGES / f"{name}.png"))


def leave():
    """Close QGIS; an empty project, or it asks whether changes may be lost."""
    QgsApplication.taskManager().cancelAll()
    QgsProject.instance().clear()
    QTimer.singleShot(CLOSING_MS, iface.actionExit().trigger)
