"""A drawn part gets a name, is kept, listed, shown again and removed: real clicks, an engine that follows a script."""

import csv

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication
from samples import CELL, LEFT, TOP, show_in_project
from scripted_engine import engine_that, use_engine

from geoplantnet_plugin.gui.results_panel import ResultsPanel

ENGINE = """
import shutil, sqlite3
out = job["folder"] + "/drawn_parts.gpkg"
if job["remove"]:
    os.remove(out)
elif job["name"] == "bad":
    say(event="error", code="parts_no_cell", params={"name": "bad"})
    sys.exit(2)
else:
    shutil.copy(job["polygons"], out)
    with sqlite3.connect(out) as tables:
        for name, in tables.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            tables.execute(f'DROP TRIGGER "{name}"')
        for column in ("name TEXT", "hectares REAL", "cells INTEGER", "taxa INTEGER", "mean_richness REAL"):
            tables.execute(f"ALTER TABLE part ADD COLUMN {column}")
        tables.execute("UPDATE part SET name = ?, hectares = 1.5, cells = 1234, taxa = 3, mean_richness = 2.25",
                       (job["name"],))
say(event="result", parts=[] if job["remove"] else [1])
"""


@pytest.fixture
def results(plugin, qgis_iface, qgis_new_project, qtbot, assessment_folder, tmp_path, monkeypatch):
    use_engine(monkeypatch, engine_that(tmp_path, ENGINE))
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    made = ResultsPanel(qgis_iface)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.tabs.setCurrentWidget(made.species)
    made.show()
    with qtbot.waitSignal(made.species.work.done, timeout=120_000):
        show_in_project(assessment_folder)
    yield made
    made.shut_down()


def _show_part(results, qtbot):
    """Choose 3 × 2 cells, as drawing them does."""
    corner = QgsRectangle(LEFT + 3 * CELL, TOP - 4 * CELL, LEFT + 6 * CELL, TOP - 2 * CELL)
    with qtbot.waitSignal(results.species.subarea.computed, timeout=120_000):
        results.species.subarea.use_polygons("Polygon drawn", [QgsGeometry.fromRect(corner)],
                                             QgsCoordinateReferenceSystem("EPSG:3035"))


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _save(results, qtbot, name):
    qtbot.keyClicks(results.species.subarea.naming.name, name)
    _click(qtbot, results.species.subarea.naming.save_button)


def test_a_part_is_named_kept_listed_and_shown_again(results, qtbot, assessment_folder, tmp_path):
    naming = results.species.subarea.naming
    assert not naming.isVisible()
    _show_part(results, qtbot)
    assert naming.isVisible() and not naming.save_button.isEnabled(), "it needs a name"
    with qtbot.waitSignal(naming.saved, timeout=30000):
        _save(results, qtbot, "<b>Meadow")
    assert not naming.isVisible()
    results.tabs.setCurrentWidget(results.parts)
    table = results.parts.table
    titles = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    assert titles == ["Part", "Area (ha)", "Cells", "Species", "Species richness"]
    assert [table.item(0, column).text() for column in range(5)] == ["<b>Meadow", "1.5", "1,234", "3", "2.25"]
    table.selectRow(0)
    with qtbot.waitSignal(results.species.subarea.computed, timeout=120_000):
        _click(qtbot, results.parts.show_button)
    assert results.tabs.currentWidget() is results.species and "6 cells" in results.species.subarea.title.text()
    assert not naming.isVisible(), "it has its name"


def test_what_is_shown_is_copied_and_exported(results, qtbot, tmp_path):
    _show_part(results, qtbot)
    with qtbot.waitSignal(results.species.subarea.naming.saved, timeout=30000):
        _save(results, qtbot, "=1+1")
    results.tabs.setCurrentWidget(results.parts)
    _click(qtbot, results.parts.copy_button)
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("'=1+1\t1.5\t")
    results.parts.export_to(tmp_path / "parts.csv")
    with (tmp_path / "parts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Part"] for row in csv.DictReader(file)] == ["'=1+1"]
    results.parts.export_to(tmp_path / "no" / "parts.csv")
    assert "could not be written" in results.parts.note.text()


def test_a_part_is_removed_and_what_cannot_be_kept_says_why(results, qtbot):
    naming = results.species.subarea.naming
    _show_part(results, qtbot)
    _save(results, qtbot, "bad")
    qtbot.waitUntil(lambda: "no assessed cell" in naming.message.text(), timeout=30000)
    assert naming.isVisible() and naming.save_button.isEnabled()
    naming.name.clear()
    with qtbot.waitSignal(naming.saved, timeout=30000):
        _save(results, qtbot, "Meadow")
    results.tabs.setCurrentWidget(results.parts)
    results.parts.table.selectRow(0)
    _click(qtbot, results.parts.remove_button)
    qtbot.waitUntil(lambda: results.parts.table.rowCount() == 0, timeout=30000)
    assert "No part is named yet" in results.parts.note.text()
