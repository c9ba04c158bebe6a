"""Two assessments: the difference of an indicator or species, and the swipe tool."""

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from samples import (
    CELL,
    HEIGHT,
    LEFT,
    RICHNESS,
    SPECIES,
    TOP,
    WIDTH,
    change_manifest,
    manifest,
    show_in_project,
    write_assessment,
)

from geoplantnet_plugin.gui.compare_tab import CompareTab
from geoplantnet_plugin.layers.apart import apart
from geoplantnet_plugin.layers.difference import check_grids, comparables, write_difference
from geoplantnet_plugin.layers.manifest import read_assessment
from geoplantnet_plugin.layers.problem import LayerProblem


@pytest.fixture
def other_folder(tmp_path):
    """The same area, two columns further east and one row further north, with one more species in each cell."""
    folder = write_assessment(tmp_path / "other")
    for file in ("indicators/richness.tif", "species.tif"):
        dataset = gdal.Open(str(folder / file), gdal.GA_Update)
        dataset.SetGeoTransform((LEFT + 2 * CELL, CELL, 0, TOP + CELL, 0, -CELL))
        if "richness" in file:
            dataset.GetRasterBand(1).WriteArray(RICHNESS + 1)
        dataset = None
    _change_grid(folder, left=LEFT + 2 * CELL, top=TOP + CELL)
    return folder


def _change_grid(folder, **values):
    grid = json.loads((folder / "assessment.json").read_text())["grid"]
    change_manifest(folder, grid={**grid, **values})


@pytest.fixture
def pair(assessment_folder, other_folder):
    return read_assessment(assessment_folder), read_assessment(other_folder)


def _chosen(pair, title):
    return next(entry for entry in comparables(*pair) if entry.title == title)


RULE = {"id": "topk", "params": {"k": 2}, "text": "The 2 best."}
MODEL = {**manifest()["score_source"], "version": "2"}
DIGEST = {**manifest()["score_source"], "digest": "sha256:other"}


@pytest.mark.parametrize(("changes", "told"), [
    ({"set_rule": RULE}, "“The 2 best.”. Scores and expected shares can be compared"),
    ({"score_source": MODEL}, "Test model 1, and Test model 2. Ranks and the species that both know"),
    ({"score_source": DIGEST}, "(0), and Test model 1 (sha256:other)"),
    ({"model": {"effort": {"level": 400, "measure": "records"}}}, "not stated, and 400. The order of"),
    ({"score_source": {**MODEL, "scale": "relative"}}, "scales: sigmoid, and relative.")])
def test_what_was_made_differently_is_told_with_both_folders(pair, other_folder, changes, told):
    assert apart(*pair) == ""
    change_manifest(other_folder, **changes)
    found = apart(pair[0], read_assessment(other_folder))
    assert told in found and str(pair[0].folder) in found and str(other_folder) in found


def test_what_both_have_can_be_compared(pair):
    assert [entry.title for entry in comparables(*pair)] == ["Species richness (species)", *sorted(SPECIES)]


def test_the_difference_is_that_of_cells_on_each_other(pair):
    path = write_difference(*pair, _chosen(pair, "Species richness (species)"))
    dataset = gdal.Open(str(path))
    found = dataset.ReadAsArray()
    expected = np.full((HEIGHT, WIDTH), np.nan)
    for row in range(HEIGHT):
        for col in range(WIDTH):
            there_row, there_col = row + 1, col - 2
            if 0 <= there_row < HEIGHT and 0 <= there_col < WIDTH:
                expected[row, col] = RICHNESS[row, col] - (RICHNESS[there_row, there_col] + 1)
    np.testing.assert_array_equal(found, expected)
    assert dataset.GetGeoTransform() == (LEFT, CELL, 0, TOP, 0, -CELL)
    assert list(path.parent.iterdir()) == [path]


def test_cells_without_scores_have_no_difference(pair):
    found = gdal.Open(str(write_difference(*pair, _chosen(pair, SPECIES[2])))).ReadAsArray()
    assert np.isnan(found[0, 0]) and np.isnan(found[:, :2]).all() and np.isnan(found[HEIGHT - 1]).all()
    assert found[3, 5] == 0


def test_it_is_not_computed_twice(pair):
    chosen = _chosen(pair, SPECIES[0])
    first = write_difference(*pair, chosen)
    before = first.stat().st_mtime_ns
    assert write_difference(*pair, chosen) == first and first.stat().st_mtime_ns == before


def test_a_stopped_difference_leaves_nothing(pair):
    assert write_difference(*pair, _chosen(pair, SPECIES[0]), lambda: True) is None
    assert list((pair[0].folder / "comparisons").iterdir()) == []


def test_a_folder_that_cannot_be_written_gets_a_sentence(pair):
    (pair[0].folder / "comparisons").write_text("in the way")
    with pytest.raises(LayerProblem, match="could not be written"):
        write_difference(*pair, _chosen(pair, SPECIES[0]))


@pytest.mark.parametrize(("change", "sentence"), [
    ({"left": LEFT + 20}, "different grids"), ({"resolution": 100.0}, "different grids"),
    ({"crs": "EPSG:25832"}, "different grids"), ({"left": LEFT + 1000 * CELL}, "no cell in common")])
def test_other_grids_get_a_sentence(pair, change, sentence):
    _change_grid(pair[1].folder, **change)
    with pytest.raises(LayerProblem, match=sentence):
        check_grids(pair[0], read_assessment(pair[1].folder))


class TestTab:
    @pytest.fixture
    def tab(self, plugin, pair, qgis_iface, qgis_new_project, qtbot):
        for assessment in pair:
            show_in_project(assessment.folder)
        made = CompareTab(qgis_iface)
        qtbot.addWidget(made)
        made.show_assessment(pair[0])
        made.show()
        yield made
        made.shut_down()

    @pytest.fixture
    def canvas(self, tab, qgis_iface, qtbot):
        canvas = qgis_iface.mapCanvas()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
        canvas.setExtent(QgsRectangle(LEFT, TOP - 600, LEFT + 600, TOP))
        canvas.parentWidget().show()
        qtbot.waitExposed(canvas)
        return canvas

    def test_the_difference_comes_onto_the_map(self, tab, qtbot):
        assert [tab.other.itemText(index) for index in range(tab.other.count())] == ["other"]
        tab.what.setCurrentIndex(tab.what.findText(SPECIES[1]))
        with qtbot.waitSignal(tab.work.done, timeout=120_000):
            qtbot.mouseClick(tab.difference_button, Qt.MouseButton.LeftButton)
        name = f"{SPECIES[1]}: assessment − other"
        (layer,) = QgsProject.instance().mapLayersByName(name)
        assert layer.isValid() and name in tab.message.text()
        renderer = layer.renderer()
        assert (renderer.classificationMin(), renderer.classificationMax()) == (-0.5, 0.5)
        assert "minus that of" in layer.metadata().abstract()
        with qtbot.waitSignal(tab.work.done, timeout=120_000):
            qtbot.mouseClick(tab.difference_button, Qt.MouseButton.LeftButton)
        assert QgsProject.instance().mapLayersByName(name) == [layer]

    def test_the_warning_stays_while_the_pair_is_compared(self, tab, other_folder, qtbot):
        assert not tab.warning.isVisible()
        change_manifest(other_folder, set_rule=RULE)
        tab._list()
        assert tab.warning.isVisible() and str(other_folder) in tab.warning.text()
        with qtbot.waitSignal(tab.work.done, timeout=120_000):
            qtbot.mouseClick(tab.difference_button, Qt.MouseButton.LeftButton)
        assert "On the map" in tab.message.text() and "The 2 best." in tab.warning.text()
        change_manifest(other_folder, set_rule=manifest()["set_rule"])
        tab._list()
        assert not tab.warning.isVisible()

    def test_other_grids_can_be_compared_as_tables(self, tab, other_folder, pair, qtbot, monkeypatch):
        _change_grid(other_folder, resolution=100.0)
        tab._list()
        assert "Different grids" in tab.warning.text() and "as tables" in tab.warning.text()
        assert not tab.difference_button.isEnabled() and not tab.swipe_button.isEnabled()
        opened = []
        monkeypatch.setattr("processing.execAlgorithmDialog", lambda *asked: opened.append(asked))
        qtbot.mouseClick(tab.tables_button, Qt.MouseButton.LeftButton)
        assert opened == [("geoplantnet:compareassessments",
                           {"FIRST": str(pair[0].folder), "SECOND": str(other_folder)})]

    def test_swiping_uncovers_the_other_layer(self, tab, canvas, qtbot):
        before = len(canvas.scene().items())
        qtbot.mouseClick(tab.swipe_button, Qt.MouseButton.LeftButton)
        assert canvas.mapTool() is tab.swipe_button.tool and tab.swipe_button.isChecked()
        curtain = tab.swipe_button.tool.curtain
        qtbot.waitUntil(lambda: curtain._image is not None, timeout=120_000)
        position, none = QPointF(120, 80), Qt.MouseButton.NoButton
        QCoreApplication.sendEvent(canvas.viewport(), QMouseEvent(
            QEvent.Type.MouseMove, position, position, none, none, Qt.KeyboardModifier.NoModifier))
        assert curtain.position == 120
        assert "Right of it: other" in tab.message.text()
        qtbot.mouseClick(tab.swipe_button, Qt.MouseButton.LeftButton)
        assert canvas.mapTool() is not tab.swipe_button.tool and not tab.swipe_button.isChecked()
        assert len(canvas.scene().items()) == before

    def test_an_assessment_that_is_not_in_the_project(self, tab, tmp_path):
        third = write_assessment(tmp_path / "third")
        tab.other.add_folder(third)
        assert tab.other.currentText() == "third" and tab.difference_button.isEnabled()
        tab.other.add_folder(tmp_path)
        assert "is not an assessment" in tab.message.text() and not tab.difference_button.isEnabled()
