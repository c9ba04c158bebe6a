"""The model manager in Processing, with the real engine: install, list, read, check and remove a package."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingException

from geoplantnet_plugin.bridge.models import available_models
from geoplantnet_plugin.bridge.settings import PluginSettings

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "models" / "western-swiss-alps"


@pytest.fixture(autouse=True)
def own_models(engine, plugin, tmp_path):
    """An empty folder for models of one's own."""
    before = PluginSettings.load()
    PluginSettings(**{**vars(before), "models": str(tmp_path / "models")}).save()
    yield tmp_path / "models"
    before.save()


@pytest.fixture
def package(tmp_path):
    """A model of one's own: the bundled one under another name."""
    folder = tmp_path / "package"
    folder.mkdir()
    for file in ("model.onnx", "taxa.csv"):
        shutil.copy(BUNDLED / file, folder)
    card = json.loads((BUNDLED / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps({**card, "name": "mine", "title": "Mine < yours"}), encoding="utf-8")
    return folder


def _run(name, feedback, **parameters):
    return processing.run(f"geoplantnet:{name}", parameters, feedback=feedback)


def _offered():
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geoplantnet:assess")
    return algorithm.parameterDefinition("MODEL").metadata()["widget_wrapper"]["value_hints"]


def test_a_zip_is_installed_offered_read_and_removed(package, own_models, feedback, tmp_path):
    archive = tmp_path / "mine.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in package.iterdir():
            out.write(file, file.name)
    installed = _run("importmodel", feedback, MODEL=str(archive))
    assert installed == {"NAME": "mine", "FOLDER": str(own_models / "mine")}
    assert "mine" in _offered() and "mine" in [model.name for model in available_models()]

    page = tmp_path / "card.html"
    read = _run("modelinfo", feedback, MODEL="mine", OUTPUT=str(page))
    text = page.read_text(encoding="utf-8")
    assert "<h1>Mine &lt; yours (mine 1.1)</h1>" in text and "<h2>How good it is</h2>" in text and "<table>" in text
    assert read["TAXA"] == 55 and json.loads(read["CARD"])["name"] == "mine"

    _run("removemodel", feedback, MODEL="mine")
    assert "mine" not in _offered() and not (own_models / "mine").exists()


def test_the_card_is_in_the_language_of_qgis(feedback, tmp_path):
    PluginSettings(**{**vars(PluginSettings.load()), "language": "fr"}).save()
    page = tmp_path / "card.html"
    _run("modelinfo", feedback, MODEL="western-swiss-alps", OUTPUT=str(page))
    text = page.read_text(encoding="utf-8")
    assert '<html lang="fr">' in text and "<th>Emploi</th>" in text and "Growing degree-days" in text


def test_a_folder_is_installed_by_its_card(package, own_models, feedback):
    assert _run("importmodel", feedback, MODEL=str(package / "card.json"))["NAME"] == "mine"


def test_bundled_models_stay(feedback):
    with pytest.raises(QgsProcessingException, match="western-swiss-alps"):
        _run("removemodel", feedback, MODEL="western-swiss-alps")
    assert (BUNDLED / "card.json").is_file()


def test_a_package_that_was_changed_is_neither_passed_nor_installed(package, own_models, feedback):
    with (package / "taxa.csv").open("a", encoding="utf-8") as file:
        file.write("x,Foreign plant\n")
    with pytest.raises(QgsProcessingException):
        _run("checkmodel", feedback, MODEL=str(package))
    assert any("taxa.csv" in text for text in feedback.warnings)
    with pytest.raises(QgsProcessingException, match=r"taxa\.csv"):
        _run("importmodel", feedback, MODEL=str(package / "card.json"))
    assert not (own_models / "mine").exists() and not list(own_models.glob("*/card.json"))


def test_a_sound_model_passes(feedback):
    assert _run("checkmodel", feedback, MODEL="western-swiss-alps")["FINDINGS"] == 0
