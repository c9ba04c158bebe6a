"""What tools/screenshots_of_set_up.py lets QGIS do: one click for the engine, one for the demo, pictures in between."""

import json
import os
import time
from pathlib import Path

from geoplantnet.geoplantnet_plugin.bridge.interpreter import environment_folder
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from window_steps import dock, open_panel, open_window, panel_opened, results, save, walk

PAUSE_MS = 1500
TOLD = {}
STAGES = set()


def begin():
    open_window()
    open_panel()


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
    return dock().tabs.currentIndex() == 1 and results().species.model.rowCount() > 30


def tell():
    save("4-demo")
    TOLD["seconds of demo"] = round(time.time() - TOLD.pop("demo began"))
    TOLD["species of the demo"] = results().species.model.rowCount()
    TOLD.pop("began")
    Path(os.environ["GEOPLANTNET_TOLD"]).write_text(json.dumps(TOLD), encoding="utf-8")


walk((begin, panel_opened, set_up, follow, run_demo, follow_demo, tell), PAUSE_MS)
