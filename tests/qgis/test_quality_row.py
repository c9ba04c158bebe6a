"""The chosen model's line of quality and its map of training data, by clicks."""

import json
import zipfile

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt

from geoplantnet_plugin.bridge.model_quality import quality_line
from geoplantnet_plugin.bridge.models import Card, available_models, model_at, read_card
from geoplantnet_plugin.common.resources import RESOURCES, TRAINING_MAP
from geoplantnet_plugin.gui.quality_row import QualityRow

SHIPPED = [model.name for model in available_models()]


@pytest.fixture
def row(qgis_new_project, qtbot):
    made = QualityRow()
    qtbot.addWidget(made)
    made.show()
    return made


def _model(name):
    return next(model for model in available_models() if model.name == name)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_line_states_the_spatial_figure_and_the_best_other_method(row, name):
    row.show_model(_model(name))
    entry = next(one for one in read_card(name).values["evaluation"] if one["block_km"])
    best = max(entry["baselines"].values())
    assert f"{entry['value']:.3f}" in row.text.text() and f"{best:.3f}" in row.text.text()
    assert f"blocks of {entry['block_km']:g} km" in row.text.text()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_click_maps_every_training_plot(row, qtbot, name):
    row.show_model(_model(name))
    qtbot.mouseClick(row.map_button, Qt.MouseButton.LeftButton)
    (layer,) = QgsProject.instance().mapLayers().values()
    features = list(layer.getFeatures())
    assert sum(feature["plots"] for feature in features) == read_card(name).values["training"][0]["plots"]
    assert all(feature.geometry().isGeosValid() for feature in features)
    assert layer.name().startswith("Training data: ") and layer.attribution()


def test_the_best_is_the_lowest_where_lower_is_better_and_nothing_is_made_up():
    entry = {"protocol": "p", "block_km": 10, "metric": "log loss", "value": 0.3, "baselines": {"a": 0.5, "b": 0.4}}
    assert "b 0.400" in quality_line(Card({"evaluation": [entry]}, 3))
    assert "no other method" in quality_line(Card({"evaluation": [{**entry, "baselines": {}}]}, 3))
    assert "not stated; tested on land it has seen" in quality_line(Card({"evaluation": [{**entry, "block_km": None}]},
                                                                         3))
    assert "a guess" in quality_line(Card({}, 3))


def test_a_zip_without_a_map_says_so_and_a_damaged_map_gets_a_sentence(row, qtbot, tmp_path):
    folder = RESOURCES / "models" / "western-swiss-alps"
    for name, text in (("bare", None), ("bad", "{}"),
                       ("odd", json.dumps({"type": "FeatureCollection", "features": [{"geometry": "x"}]}))):
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(folder / "card.json", "model/card.json")
            if text is not None:
                archive.writestr(f"model/{TRAINING_MAP}", text)
        row.show_model(model_at(str(path)))
        assert row.map_button.isEnabled() is (text is not None)
        qtbot.mouseClick(row.map_button, Qt.MouseButton.LeftButton)
        assert ("cannot be read" in row.text.text()) is (text is not None), "read when it is asked for"
        assert not QgsProject.instance().mapLayers()


def test_it_is_hidden_while_the_model_is_left_to_the_area(row):
    row.show_model(model_at(""))
    assert not row.isVisible()
