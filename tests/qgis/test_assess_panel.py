"""The panel's first page with real clicks: where, from what, warnings before a run, running, continuing."""

import json
import re
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt, QTranslator
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QListWidget,
    QTreeWidget,
    QWidget,
)
from samples import LEFT, TOP, drawn_layer
from scripted_engine import a_fit, a_light, checked, engine_that, use_engine

from geoplantnet_plugin.bridge.pace import Pace
from geoplantnet_plugin.bridge.unfinished import forget, unfinished_runs
from geoplantnet_plugin.gui.area_size import expected_text, time_text
from geoplantnet_plugin.gui.assess_panel import AssessPanel
from geoplantnet_plugin.gui.card_dialog import CardDialog

STOPS_HALFWAY = """
import os
os.makedirs(job["out"], exist_ok=True)
open(job["out"] + "/assessment.json", "w").write('{"schema": 1, "state": "unfinished"}')
say(event="progress", stage="scores", done=1, total=2, share=0.5, left=30.0)
sys.stdin.readline()
sys.exit(3)
"""


@pytest.fixture
def panel(plugin, qgis_iface, qgis_new_project, qtbot):
    for run in unfinished_runs():
        forget(run)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    canvas.setExtent(QgsRectangle(LEFT, TOP - 6000, LEFT + 6000, TOP))
    canvas.parentWidget().show()
    made = _another(qgis_iface, qtbot, lambda panel: _shut_down(panel, qtbot))
    qtbot.waitExposed(canvas)
    yield made
    if canvas.mapTool():
        canvas.unsetMapTool(canvas.mapTool())
    for run in unfinished_runs():
        forget(run)


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _choose_site(panel, qtbot, tmp_path):
    _click(qtbot, panel.area.draw.view_button)
    panel.model.predictors.add(str(tmp_path))
    panel.folder.setFilePath(str(tmp_path / "out"))


def _shut_down(panel, qtbot):
    """Before pytest-qt deletes the panel, which is earlier than any fixture ends: a deleted one hears of no end."""
    panel.shut_down()
    _wait_for_check(panel, qtbot)


def _another(qgis_iface, qtbot, before_close=None):
    made = AssessPanel(qgis_iface)
    qtbot.addWidget(made, before_close_func=before_close)
    made.set_runnable(True)
    made.show()
    return made


def _wait_for_check(panel, qtbot):
    qtbot.waitUntil(lambda: not panel.check.is_pending, timeout=30000)


class TestWhere:
    def test_a_rectangle_is_drawn_with_the_mouse(self, panel, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        _click(qtbot, panel.area.draw.rectangle_button)
        qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        qtbot.mouseMove(canvas.viewport(), QPoint(200, 200))
        qtbot.mouseMove(canvas.viewport(), QPoint(300, 250))
        qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
        layer = panel.area.layer.currentLayer()
        assert layer is not None and panel.area.cells > 0
        drawn = next(layer.getFeatures()).geometry().area()
        assert drawn == pytest.approx(200 * 150 * canvas.mapUnitsPerPixel() ** 2, rel=0.05)

    def test_points_need_a_buffer_and_get_one(self, panel, qtbot):
        panel.area.use_layer(drawn_layer("Point", "POINT (7 46)"))
        assert "buffer" in panel.area.size.text() and panel.area.is_blank()
        panel.area.buffer.setFocus()
        panel.area.buffer.selectAll()
        qtbot.keyClicks(panel.area.buffer, "1000")
        qtbot.keyClick(panel.area.buffer, Qt.Key.Key_Return)
        assert "313.7 ha" in panel.area.size.text() and panel.parameters()["BUFFER"] == 1000

    def test_selected_features_are_measured_alone(self, panel, qtbot):
        layer = drawn_layer("Polygon", "POLYGON ((7 46, 7.01 46, 7.01 46.01, 7 46.01, 7 46))",
                       "POLYGON ((8 46, 8.01 46, 8.01 46.01, 8 46.01, 8 46))")
        panel.area.use_layer(layer)
        both = panel.area.cells
        layer.selectByIds([1])
        _click(qtbot, panel.area.selected_only)
        assert panel.area.cells == pytest.approx(both / 2, abs=1)
        assert panel.area.parameter().selectedFeaturesOnly

    def test_in_a_project_in_degrees_the_size_is_in_hectares(self, panel, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        canvas.setExtent(QgsRectangle(7, 46, 7.02, 46.02))
        _click(qtbot, panel.area.draw.view_button)
        view = canvas.extent()
        metres = view.width() * 77_460 * view.height() * 111_150  # of a degree at 46° north
        assert panel.area.cells == pytest.approx(metres / 2500, rel=0.01)

    def test_a_huge_area_is_warned_of(self, panel):
        panel.area.use_layer(drawn_layer("Polygon", "POLYGON ((2 44, 6 44, 6 48, 2 48, 2 44))"))
        assert "huge" in panel.area.size.text()

    def test_time_and_size_are_told_from_what_was_measured(self):
        assert "first run" in expected_text(None, 1000)
        text = expected_text(Pace(cells=1000, seconds=10, startup=2, size=5_000_000), 10_000)
        assert "2 min" in text and "50 MB" in text
        assert [time_text(seconds) for seconds in (0.2, 75, 600, 7200)] == ["1 s", "75 s", "10 min", "2.0 h"]


class TestFromWhat:
    LIGHTS = (a_light("slope", "green"), a_light("height", "yellow", "fit_synonym", band="dem"),
              a_light("soil", "red", "cube_predictor_missing", bands=["slope"]))

    def test_each_predictor_has_a_light_and_red_stops_the_run(self, panel, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(*self.LIGHTS))))
        _choose_site(panel, qtbot, tmp_path)
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "no usable band yet" in panel.status.text(), timeout=30000)
        table = panel.model.lights.table
        names = [table.topLevelItem(row).data(0, Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
        assert names == ["slope: bound", "height: worth a look", "soil: not usable"]
        assert "1 of 3" in panel.model.checking.text()
        assert "No band is called soil" in panel.model.lights.note.text() or \
            "dem" in panel.model.lights.note.text()
        assert "50 cells" in panel.area.size.text(), "counted, no longer estimated"

    def test_a_band_is_chosen_for_a_red_one(self, panel, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, f"""
plan = next((path for path in job["predictors"] if path.endswith(".json")), None)
lights = {[*self.LIGHTS]!r}
if plan:
    (binding,) = json.load(open(plan))["bindings"]
    assert (binding["predictor"], binding["source"], binding["band"]) == ("soil", "/data/env.tif", 2)
    lights[2] = {a_light("soil", "green")!r}
say(event="result", **{{**{a_fit()!r}, "lights": lights}})
"""))
        _choose_site(panel, qtbot, tmp_path)
        _wait_for_check(panel, qtbot)
        lights = panel.model.lights
        item = lights.table.topLevelItem(2)
        lights.table.scrollToItem(item)
        qtbot.mouseClick(lights.table.viewport(), Qt.MouseButton.LeftButton,
                         pos=lights.table.visualItemRect(item).center())
        assert "No band is called soil" in lights.note.text()
        lights.band.setFocus()
        qtbot.keyClick(lights.band, Qt.Key.Key_Down)
        qtbot.keyClick(lights.band, Qt.Key.Key_Down)
        _wait_for_check(panel, qtbot)
        assert lights.table.currentItem().data(0, Qt.ItemDataRole.AccessibleTextRole) == "soil: bound"
        assert lights.band.currentText() == "env.tif:2 (height)"
        plan = Path(panel.parameters()["PLAN"])
        assert json.loads(plan.read_text())["bindings"][0]["band"] == 2
        panel.model.choose_model("western-swiss-alps")
        assert panel.parameters()["PLAN"] == "", "another model has other predictors"

    def test_doubted_values_can_be_taken_as_they_are(self, panel, qtbot, tmp_path, monkeypatch):
        doubted = a_light("slope", "red", "cube_units_implausible", unit="m", file="env.tif", low=1.0, high=2.0,
                          card_low=5.0, card_high=6.0)
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(doubted))))
        _choose_site(panel, qtbot, tmp_path)
        _wait_for_check(panel, qtbot)
        _click(qtbot, panel.model.lights.accept)
        (binding,) = json.loads(Path(panel.parameters()["PLAN"]).read_text())["bindings"]
        assert binding["accept_units"] is True and binding["source"] == "/data/env.tif"
        _wait_for_check(panel, qtbot)

    def test_an_area_outside_the_rasters_says_that_and_not_choose_a_band(self, panel, qtbot, tmp_path, monkeypatch):
        away = a_light("slope", "red", "cube_area_outside", file="env.tif", crs="EPSG:3035", area="0 0 1 1",
                       raster="5 5 6 6")
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(away))))
        _choose_site(panel, qtbot, tmp_path)
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "outside the rasters of 1 of 1" in panel.status.text(), timeout=30000)
        assert "outside the rasters" in panel.model.checking.text() and "band" not in panel.status.text()
        panel.area.buffer.setValue(50)
        assert not panel.status.text(), "another area, another answer"

    def test_a_site_far_from_the_training_data_needs_a_second_press(self, panel, qtbot, tmp_path, monkeypatch):
        lists = [{"indicator": "rare", "title": "Rare species", "share": 0.1}]
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(outside=0.4, lists=lists)) + STOPS_HALFWAY))
        _choose_site(panel, qtbot, tmp_path)
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "press Run again" in panel.status.text(), timeout=30000)
        assert "40 %" in panel.bar.concerns.text() and "Rare species" in panel.bar.concerns.text()
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "1 of 2" in panel.progress.text.text(), timeout=30000)
        _click(qtbot, panel.cancel_button)
        qtbot.waitUntil(panel.run_button.isEnabled, timeout=30000)

    def test_models_are_ordered_by_what_they_know_and_none_is_taken_where_none_fits(self, panel, qtbot, tmp_path,
                                                                                    monkeypatch):
        beyond = {"share": 0.0, "fits": False, "problem": {"code": "offer_territory", "params": {}}}
        offers = [{"name": "western-swiss-alps", "title": "Alps", "share": 0.4, "fits": False, "problem": None},
                  *({"name": name, "title": name, **beyond} for name in ("netherlands-lmf", "iberian-flora"))]
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit(
            model="", lights=[], offers=offers,
            notes=[{"code": "model_none_fits", "params": {"models": ["western-swiss-alps (40 %)"]}}]))))
        panel.model.choose_model("netherlands-lmf")
        _choose_site(panel, qtbot, tmp_path)
        _wait_for_check(panel, qtbot)
        models = panel.model.model
        assert [models.itemData(index).name for index in range(4)] == ["", *(offer["name"] for offer in offers)]
        assert "knows 40 % of the area" in models.itemText(1) and "outside the land" in models.itemText(2)
        assert models.chosen.name == "netherlands-lmf" and "published maps" in panel.bar.concerns.text()
        _click(qtbot, panel.run_button)
        assert "Choose a model first" in panel.status.text() and panel.run_button.isEnabled()

    def test_a_check_says_what_it_is_doing(self, panel, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, f"""
say(event="progress", stage="fit_values", done=0, total=0, share=0.5, left=1.0)
while not os.path.exists({str(tmp_path / "go on")!r}):
    time.sleep(0.02)
""" + checked(a_fit())))
        _choose_site(panel, qtbot, tmp_path)
        qtbot.waitUntil(lambda: panel.model.checking.text() == "Looking at the predictors' values …", timeout=30000)
        (tmp_path / "go on").touch()
        qtbot.waitUntil(lambda: panel.check.fit is not None, timeout=30000)
        assert "…" not in panel.model.checking.text()

    def test_a_check_that_is_stopped_does_not_begin_again(self, panel, qtbot, tmp_path, monkeypatch):
        """As when the panel goes while it checks: no engine may start after it."""
        begun = tmp_path / "begun"
        use_engine(monkeypatch, engine_that(tmp_path, f"""
open({str(begun)!r}, "a").write("once ")
sys.stdin.readline()
sys.exit(3)
"""))
        _choose_site(panel, qtbot, tmp_path)
        qtbot.waitUntil(begun.exists, timeout=30000)
        panel.check.stop()
        _wait_for_check(panel, qtbot)
        assert begun.read_text() == "once "

    def test_a_check_that_fails_says_why(self, panel, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, """
say(event="error", code="cube_source_empty", params={"path": "/empty"})
sys.exit(2)
"""))
        _choose_site(panel, qtbot, tmp_path)
        _wait_for_check(panel, qtbot)
        assert "/empty" in panel.model.checking.text()

    def test_the_card_opens_without_an_engine(self, panel, qtbot, tmp_path):
        panel.model.choose_model("western-swiss-alps")
        _click(qtbot, panel.model.card_button)
        text = panel.model.findChild(CardDialog).text.toPlainText()
        assert "Western Swiss Alps" in text and "55" in text and "random forest 0.792" in text and "ddeg0" in text
        panel.model.findChild(CardDialog).close()
        (tmp_path / "card.json").write_text('{"title": "<b>x"}')
        broken = CardDialog(str(tmp_path), panel)
        assert "cannot be read" in broken.text.toPlainText()
        broken.deleteLater()


class TestRunning:
    def test_what_stopped_is_offered_next_time(self, panel, qgis_iface, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit()) + STOPS_HALFWAY))
        first = _another(qgis_iface, qtbot)
        _choose_site(first, qtbot, tmp_path)
        _click(qtbot, first.run_button)
        qtbot.waitUntil(lambda: "1 of 2" in first.progress.text.text(), timeout=30000)
        first.shut_down()  # as when QGIS is closed
        qtbot.waitUntil(first.run_button.isEnabled, timeout=30000)
        QgsProject.instance().clear()
        use_engine(monkeypatch, engine_that(tmp_path, f"""
import shutil
shutil.copy(job["area"], {str(tmp_path / "again.gpkg")!r})
""" + STOPS_HALFWAY))
        again = _another(qgis_iface, qtbot)
        assert not again.resume.isHidden() and "“out”" in again.resume.text.text()
        _click(qtbot, again.resume.continue_button)
        qtbot.waitUntil(lambda: "1 of 2" in again.progress.text.text(), timeout=30000)
        assert (tmp_path / "again.gpkg").exists() and not again.resume.isEnabled()
        _click(qtbot, again.cancel_button)
        qtbot.waitUntil(again.run_button.isEnabled, timeout=30000)
        _click(qtbot, again.resume.forget_button)
        assert again.resume.isHidden() and (tmp_path / "out").exists()
        again.shut_down()

    def test_the_area_may_be_deleted_while_the_job_runs(self, panel, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit()) + STOPS_HALFWAY))
        _choose_site(panel, qtbot, tmp_path)
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "1 of 2" in panel.progress.text.text(), timeout=30000)
        QgsProject.instance().removeAllMapLayers()
        _click(qtbot, panel.cancel_button)
        qtbot.waitUntil(panel.run_button.isEnabled, timeout=30000)
        assert "continue" in panel.status.text()

    def test_two_runs_do_not_share_a_folder(self, panel, qgis_iface, qtbot, tmp_path, monkeypatch):
        use_engine(monkeypatch, engine_that(tmp_path, checked(a_fit()) + STOPS_HALFWAY))
        _choose_site(panel, qtbot, tmp_path)
        _click(qtbot, panel.run_button)
        qtbot.waitUntil(lambda: "1 of 2" in panel.progress.text.text(), timeout=30000)
        other = _another(qgis_iface, qtbot)
        _choose_site(other, qtbot, tmp_path)
        _click(qtbot, other.run_button)
        qtbot.waitUntil(lambda: "Another assessment is being written" in other.status.text(), timeout=30000)
        other.shut_down()
        _click(qtbot, panel.cancel_button)
        qtbot.waitUntil(panel.run_button.isEnabled, timeout=30000)


def test_a_folder_that_cannot_be_written_gets_a_sentence(engine, panel, qtbot, tmp_path):
    """The real engine: a file stands where the folder should be."""
    panel.fill_demo()
    (tmp_path / "file").touch()
    panel.folder.setFilePath(str(tmp_path / "file" / "out"))
    _click(qtbot, panel.run_button)
    qtbot.waitUntil(lambda: str(tmp_path / "file") in panel.status.text(), timeout=60000)
    assert "Traceback" not in panel.status.text() and len(panel.status.text()) < 300
    assert panel.check.fit.is_ready and "14,660 cells" in panel.area.size.text()


def test_inputs_belong_to_the_project(panel, qgis_iface, qtbot, tmp_path):
    layer = drawn_layer("Polygon", "POLYGON((7 46, 7.01 46, 7.01 46.01, 7 46.01, 7 46))")
    panel.area.use_layer(layer)
    panel.area.buffer.setValue(120)
    panel.model.choose_model("netherlands-lmf")
    panel.model.predictors.add(str(tmp_path))
    panel.rule.setCurrentIndex(panel.rule.findData("lambda:0.5"))
    panel.inputs.keep()
    project = str(tmp_path / "site.qgz")
    assert QgsProject.instance().write(project)
    panel.area.buffer.setValue(0)
    panel.model.choose_model("western-swiss-alps")
    panel.model.predictors.untick_all()
    panel.rule.setCurrentIndex(0)
    QgsProject.instance().clear()
    assert QgsProject.instance().read(project)
    assert panel.model.model_name() == "netherlands-lmf" and panel.model.predictors.ticked() == [str(tmp_path)]
    assert panel.rule.currentData() == "lambda:0.5" and panel.area.buffer.value() == 120
    QgsProject.instance().writeEntry("geoplantnet", "inputs", '{"layer": 5, "rasters": null}')
    panel.inputs._restore()
    assert panel.model.model_name() == "netherlands-lmf", "a project that holds something else changes nothing"


class Longer(QTranslator):
    """As long as German: vowels are doubled."""

    def translate(self, context, text, disambiguation=None, n=-1):
        parts = re.split(r"(\{[^}]*\})", text) if context == "@default" else []
        return "".join(part if part.startswith("{") else re.sub(r"([aeiou])", r"\1\1", part) for part in parts)

    def isEmpty(self):
        return False


@pytest.fixture
def longer():
    translator = Longer()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


class TestForEverybody:
    def _own(self, panel):
        """The widgets that take the keyboard, without the insides of QGIS's and Qt's own widgets."""
        kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QTreeWidget, QListWidget)
        inside = [widget for whole in panel.findChildren(QWidget)
                  if isinstance(whole, (QgsFileWidget, QComboBox, QAbstractSpinBox, QAbstractItemView))
                  for widget in whole.findChildren(QWidget)]
        found = [widget for widget in panel.findChildren(QWidget) if isinstance(widget, kinds)]
        return [widget for widget in found if widget not in inside and not widget.objectName().startswith("qt_")]

    def test_everything_has_a_name_a_tip_and_is_reached_with_the_keyboard(self, panel):
        for source in range(panel.source.count()):
            panel.sources.box_of(source)
        own = self._own(panel)
        assert len(own) > 15
        for widget in own:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text.strip("… "), f"{widget} has no name"
            assert widget.toolTip() or isinstance(widget, (QTreeWidget, QListWidget)), f"{widget} {text} has no tip"
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, f"{widget} {text} is not reached with Tab"

    def test_messages_and_progress_move_no_button(self, panel, qtbot):
        panel.resize(500, 900)
        panel.show()
        qtbot.waitExposed(panel)
        before = panel.run_button.mapTo(panel, QPoint())
        panel.bar.show_concerns(["A concern"])
        panel.status.setText("A message")
        panel.progress.show()
        qtbot.waitUntil(lambda: panel.status.y() > panel.progress.y() > 0)
        assert panel.run_button.mapTo(panel, QPoint()) == before

    def test_long_words_in_large_letters_fit(self, panel, longer, qgis_iface, qtbot):
        large = AssessPanel(qgis_iface)
        qtbot.addWidget(large)
        font = large.font()
        font.setPointSizeF(1.5 * font.pointSizeF())
        large.setFont(font)
        large.fill_demo()
        large.show()
        qtbot.waitExposed(large)
        large.resize(large.minimumSizeHint().width(), 1000)
        qtbot.waitUntil(lambda: large.height() == 1000)
        assert large.width() < 900
        for button in large.findChildren(QAbstractButton):
            if button.isVisible() and button in self._own(large):
                assert button.width() >= button.minimumSizeHint().width(), button.text()
        large.shut_down()
