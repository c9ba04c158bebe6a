"""Get it, Get all: what no band gives is fetched after consent, and its light turns green."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.PyQt.QtCore import Qt
from samples import LEFT, TOP
from scripted_engine import a_fit, a_light, engine_that, use_engine

from geoplantnet_plugin.gui.assess_panel import AssessPanel
from geoplantnet_plugin.gui.get_box import _place

RED = {**a_light("rain", "red", "cube_predictor_missing"), "fetch": "chelsa:bio12"}
GREEN = {**a_light("rain", "green"), "fetch": "chelsa:bio12"}
SCRIPT = f"""
from pathlib import Path
NET = {{"estimate": {{"files": 1, "requests": 4, "megabytes": 0.5, "minutes": 0.1, "pixels": 9}}, "products": [],
        "limit_megabytes": 5000, "terms": [{{"source": "chelsa", "title": "CHELSA V2.1", "attribution": "Karger",
                                            "licence": "CC0", "terms": "https://example.org"}}]}}
if job["job"] == "check_fit":
    say(event="result", **({a_fit(GREEN, model="own")!r} if job["predictors"] else {a_fit(RED, model="own")!r}))
elif job["job"] == "fetch_estimate":
    assert job["sources"] == WANTED[0] and job["model"] == WANTED[1], job
    FAULT
    say(event="result", **NET)
elif job["job"] == "fetch":
    assert job["accepted"]
    out = Path(job["out"])
    out.mkdir(parents=True, exist_ok=True)
    (out / "bio12.tif").write_bytes(b"a raster")
    say(event="result", out=str(out), files=[str(out / "bio12.tif")], **NET)
sys.exit(0)
"""


@pytest.fixture
def panel(plugin, qgis_iface, qgis_new_project, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("geoplantnet_plugin.gui.get_box.data_folder", lambda: tmp_path / "data")
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    canvas.setExtent(QgsRectangle(LEFT, TOP - 6000, LEFT + 6000, TOP))
    made = AssessPanel(qgis_iface)
    qtbot.addWidget(made)
    made.set_runnable(True)
    made.show()
    yield made
    made.shut_down()
    qtbot.waitUntil(lambda: not made.check.is_pending, timeout=30000)


def _use(monkeypatch, tmp_path, sources, model, fault="pass"):
    script = SCRIPT.replace("WANTED[0]", repr(sources)).replace("WANTED[1]", repr(model)).replace("FAULT", fault)
    use_engine(monkeypatch, engine_that(tmp_path, script))


def _missing(panel, qtbot):
    qtbot.mouseClick(panel.area.draw.view_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.check.fit is not None, timeout=30000)
    assert not panel.model.get.isHidden() and panel.model.get.one.isEnabled()


def _dialog(panel, qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: getattr(panel.model.get, "_dialog", None) is not None, timeout=30000)
    return panel.model.get._dialog


@pytest.mark.parametrize(("button", "sources", "model"), [("one", ["chelsa:bio12"], ""), ("all", [], "own")])
def test_after_consent_the_light_is_green(panel, qtbot, tmp_path, monkeypatch, button, sources, model):
    _use(monkeypatch, tmp_path, sources, model)
    _missing(panel, qtbot)
    dialog = _dialog(panel, qtbot, getattr(panel.model.get, button))
    assert "0.5 MB in 4 requests" in dialog.text.text() and "Karger (CC0" in dialog.text.text()
    assert "accept" in dialog.ok.text() and not (tmp_path / "data").exists(), "nothing before consent"
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.check.fit is not None and panel.check.fit.is_ready, timeout=60000)
    assert [path.name for path in (tmp_path / "data" / "predictors" / "own").glob("*/*")] == ["bio12.tif"]
    assert panel.model.get.isHidden()


def test_a_recipe_is_asked_for_with_its_model_and_another_area_has_its_own_folder(panel, qtbot, tmp_path, monkeypatch):
    red = {**RED, "fetch": "recipe:rain"}
    script = SCRIPT.replace(repr(RED), repr(red)).replace("WANTED[0]", repr(["recipe:rain"])).replace(
        "WANTED[1]", repr("own")).replace("FAULT", "pass")
    use_engine(monkeypatch, engine_that(tmp_path, script.replace(f"{a_fit(RED, model='own')!r}",
                                                                 f"{a_fit(red, model='own')!r}")))
    _missing(panel, qtbot)
    dialog = _dialog(panel, qtbot, panel.model.get.one)
    assert "CHELSA" in dialog.text.text()
    dialog.reject()
    first = _place(panel.model.get._site())
    panel.area.buffer.setValue(100)
    assert first == _place({**panel.model.get._site(), "BUFFER": 0}) != _place(panel.model.get._site())


def test_without_consent_nothing_is_downloaded(panel, qtbot, tmp_path, monkeypatch):
    _use(monkeypatch, tmp_path, ["chelsa:bio12"], "")
    _missing(panel, qtbot)
    _dialog(panel, qtbot, panel.model.get.one).reject()
    assert panel.model.get.note.text() == "Nothing was downloaded." and not (tmp_path / "data").exists()


def test_offline_is_told_in_the_engines_sentence(panel, qtbot, tmp_path, monkeypatch):
    _use(monkeypatch, tmp_path, ["chelsa:bio12"], "", 'say(event="error", code="job_no_model", params={}); sys.exit(2)')
    _missing(panel, qtbot)
    qtbot.mouseClick(panel.model.get.one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "No model" in panel.model.get.note.text(), timeout=30000)
    assert panel.model.get.all.isEnabled()
