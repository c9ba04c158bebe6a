"""What tools/screenshots.py lets QGIS do: open the project, wait until the map is drawn, save the window."""

import os
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])


def _save(name):
    iface.mainWindow().grab().save(str(IMAGES / f"{name}.png"))


def _open():
    window = iface.mainWindow()
    window.setGeometry(0, 0, 1600, 1000)
    iface.addProject(os.environ["GEOPLANTNET_PROJECT"])
    QTimer.singleShot(6000, _map)


def _map():
    _save("map")
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


QTimer.singleShot(3000, _open)
