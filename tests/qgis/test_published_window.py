"""Published maps in the dock, with real clicks against the real local server."""

import csv
import json
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication
from test_published import KEY, own_cache, server, truth  # noqa: F401 (fixtures)

from geoplantnet_plugin.bridge import key
from geoplantnet_plugin.bridge.settings import PluginSettings
from geoplantnet_plugin.gui.key_dialog import KeyDialog


@pytest.fixture
def panel(own_cache, opened_dock, qgis_iface, server, tmp_path):  # noqa: F811
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    made = opened_dock.assess_panel
    made.area.use_geometry(QgsGeometry.fromRect(QgsRectangle(775000, 5825000, 781000, 5830000)))
    made.source.setCurrentIndex(1)
    made.published.catalogue.setText(server[0])
    made.folder.setFilePath(str(tmp_path / "out"))
    yield made
    settings = PluginSettings.load()
    settings.catalogue = ""
    settings.save()


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _estimated(qtbot, box):
    qtbot.waitUntil(lambda: box._run is None and bool(box.cost.text()), timeout=120_000)


def test_published_maps_take_the_place_of_the_model(panel):
    assert panel.model.isHidden() and not panel.published.isHidden()
    assert "endorses" in panel.published.note.text()
    assert panel.parameters()["SOURCE"] == 1 and "MODEL" not in panel.parameters()
    panel.source.setCurrentIndex(0)
    assert not panel.model.isHidden() and panel.published.isHidden() and "MODEL" in panel.parameters()


def test_from_consent_to_the_results(panel, qtbot, tmp_path, truth):  # noqa: F811
    listed = tmp_path / "species.txt"
    listed.write_text("\n".join(truth), encoding="utf-8")
    box = panel.published
    box.species.setFilePath(str(listed))
    _click(qtbot, panel.run_button)  # asks for terms first, downloads nothing
    _estimated(qtbot, box)
    dialog = box._dialog
    assert dialog.isVisible() and "unofficial" in dialog.text.text() and "accept" in dialog.ok.text()
    box._wants_run = False  # as if the size was asked for alone
    _click(qtbot, dialog.ok)
    _estimated(qtbot, box)
    assert box.is_ready() and f"{len(truth)} species" in box.cost.text() and "MB" in box.cost.text()
    panel.rule.addItem("test", "lambda:1.5")
    panel.rule.setCurrentIndex(panel.rule.count() - 1)
    with qtbot.waitSignal(panel.assessed, timeout=120_000) as done:
        _click(qtbot, panel.run_button)
    with (Path(done.args[0]) / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["Name"]: float(row["Coverage %"]) for row in csv.DictReader(file)}
    assert found == pytest.approx({name: share for name, share in truth.items() if share > 0}, abs=0.06)
    assert any(layer.name().startswith("Species richness") for layer in QgsProject.instance().mapLayers().values())
    origin = json.loads((Path(done.args[0]) / "assessment.json").read_text(encoding="utf-8"))["score_source"]
    assert origin["kind"] == "published maps"


def test_the_first_maps_take_six_clicks(panel, clicks, qtbot, qgis_iface, tmp_path, truth):  # noqa: F811
    """The species list stands for maps that are few."""
    panel.published.species.setFilePath(str(_list_of(truth, tmp_path)))
    panel.source.setCurrentIndex(0)
    QgsProject.instance().removeAllMapLayers()
    qgis_iface.mapCanvas().setExtent(QgsRectangle(775000, 5825000, 781000, 5830000))
    for button in (panel.area.draw.view_button, panel.source):
        _click(qtbot, button)
    choices = panel.source.view()
    qtbot.waitUntil(choices.isVisible)
    qtbot.wait(QApplication.doubleClickInterval() + 100)  # a list that has just opened takes no click
    qtbot.mouseClick(choices.viewport(), Qt.MouseButton.LeftButton,
                     pos=choices.visualRect(choices.model().index(1, 0)).center())
    panel.folder.setFilePath(str(tmp_path / "out"))
    panel.rule.addItem("test", "lambda:1.5")  # the 50 best of the test's few species would say nothing
    panel.rule.setCurrentIndex(panel.rule.count() - 1)
    qtbot.waitUntil(lambda: panel.box is panel.published)
    _click(qtbot, panel.run_button)
    qtbot.waitUntil(lambda: getattr(panel.published, "_dialog", None) is not None
                    and panel.published._dialog.isVisible(), timeout=120_000)
    with qtbot.waitSignal(panel.assessed, timeout=120_000):
        _click(qtbot, panel.published._dialog.ok)
    assert clicks.count == 6


def test_a_large_download_waits_for_run(panel, qtbot, monkeypatch):
    monkeypatch.setattr("geoplantnet_plugin.gui.published_box.LITTLE_MEGABYTES", 0.0)
    _click(qtbot, panel.run_button)
    _estimated(qtbot, panel.published)
    _click(qtbot, panel.published._dialog.ok)
    _estimated(qtbot, panel.published)
    assert panel.published.is_ready() and "Press Run" in panel.published.cost.text()
    assert panel.run_button.isEnabled() and not panel.progress.isVisible(), "nothing has begun"


def _list_of(names, folder):
    path = folder / "few.txt"
    path.write_text("\n".join(names), encoding="utf-8")
    return path


def test_declining_downloads_nothing_and_another_choice_needs_another_estimate(panel, qtbot):
    box = panel.published
    _click(qtbot, box.ask_button)
    _estimated(qtbot, box)
    box._dialog.reject()
    assert not box._wants_run
    assert not box.is_ready() and "Nothing was downloaded" in box.cost.text()
    box.estimate(accepted=True)
    _estimated(qtbot, box)
    assert box.is_ready()
    box.families.setText("Inventaceae")
    assert not box.is_ready() and not box.cost.text()


def test_a_wrong_address_is_one_sentence(panel, qtbot):
    box = panel.published
    box.catalogue.setText("http://127.0.0.1:9/catalog.json")
    box.estimate(accepted=True)
    _estimated(qtbot, box)
    assert box.cost.text().startswith("⚠") and "127.0.0.1" in box.cost.text()
    assert not box.is_ready()


def test_the_key_is_typed_hidden_and_kept_in_the_store(qgis_app, qtbot, monkeypatch):
    from qgis.core import QgsApplication
    from qgis.PyQt.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

    monkeypatch.delenv("PLANTNET_API_KEY", raising=False)
    if not QgsApplication.authManager().masterPasswordIsSet():
        QgsApplication.authManager().setMasterPassword("master", False)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = KeyDialog(parent)
    dialog.show()
    assert dialog.key.echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(dialog.key, KEY)
    _click(qtbot, dialog.buttons.button(QDialogButtonBox.StandardButton.Save))
    assert not dialog.isVisible() and dialog.key.text() == ""
    assert key.has_key() and key.key_environment() == {"PLANTNET_API_KEY": KEY}
    again = KeyDialog(parent)
    assert again.key.text() == ""
    again.accept()
    assert not key.has_key() and key.key_environment() == {}
