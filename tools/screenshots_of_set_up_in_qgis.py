"""What tools/screenshots_of_set_up.py lets QGIS do: one click for the engine, one for the demo, pictures in between."""

import json
import os
import time
from pathlib import Path

from geoplantnet.geoplantnet_plugin.bridge.interpreter import environment_folder
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from qgis.utils import iface

IMAGES = Path(os.environ["GEOPLANTNET_IMAGES"])
PAUSE_MS = 1500
TOLD = {}
STAGES = set()


def dock():
    return iface.mainWindow().findChild(QDockWidget, "geoplantnet_dock")


def save(name):
    IMAGES.mkdir(parents=True, exist_ok=True)
    iface.mainWindow().grab().save(str(IMAGES / f"{name}.png"))


def open_panel():
    window = iface.mainWindow()
    window.setGeometry(0, 0, 1600, 1000)
    window.findChild(QDockWidget, "Browser").close()
    iface.newProject()
    window.findChild(QAction, "geoplantnet_panel").trigger()


def set_up():
    panel = dock().engine_panel
    save("1-before")
    TOLD["said before"] = panel.text.text()
    TOLD["began"] = time.time()
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    panel.log_link.click()


def follow():
    """Take a picture of each stage, until it is over."""
    panel = dock().engine_panel
    stage = panel.progress.text.text().partition(":")[0].partition(",")[0]
    if stage and stage not in STAGES and panel.cancel_button.isVisible():
        STAGES.add(stage)
        save(f"2-stage-{len(STAGES)}")
        TOLD[f"stage {len(STAGES)}"] = f"{panel.progress.text.text()} ({panel.progress.bar.value()} %)"
    if panel.isVisible() and not panel.message.text():
        return False
    TOLD["seconds of set-up"] = round(time.time() - TOLD["began"])
    TOLD["problem"] = panel.message.text()
    TOLD["MB on disk"] = round(sum(file.stat().st_size for file in environment_folder().rglob("*")
                                   if file.is_file() and not file.is_symlink()) / 1e6)
    save("3-after")
    return True


def run_demo():
    TOLD["demo began"] = time.time()
    QTest.mouseClick(dock().assess_panel.demo_button, Qt.MouseButton.LeftButton)


def follow_demo():
    if time.time() - TOLD["demo began"] > 900:
        return True
    return dock().tabs.currentIndex() == 1 and dock().results_panel.species.model.rowCount() > 30


def leave():
    save("4-demo")
    TOLD["seconds of demo"] = round(time.time() - TOLD.pop("demo began"))
    TOLD["species of the demo"] = dock().results_panel.species.model.rowCount()
    TOLD.pop("began")
    Path(os.environ["GEOPLANTNET_TOLD"]).write_text(json.dumps(TOLD), encoding="utf-8")
    QgsProject.instance().clear()
    QTimer.singleShot(1500, iface.actionExit().trigger)


STEPS = (open_panel, set_up, follow, run_demo, follow_demo, leave)
"""What is done, one after the other; what returns False is tried again."""


def go(number=0):
    if STEPS[number]() is not False:
        number += 1
    if number < len(STEPS):
        QTimer.singleShot(PAUSE_MS, lambda: go(number))


QTimer.singleShot(4000, go)
