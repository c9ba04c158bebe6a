"""The French window: every text of the code has a French one, with the same parameters, and QGIS shows it."""

import ast
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from samples import change_manifest, manifest

from geoplantnet_plugin.i18n import TRANSLATIONS, tr
from geoplantnet_plugin.layers.manifest import read_assessment

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = TRANSLATIONS / "geoplantnet_fr.ts"
SAME_IN_FRENCH = {
    "Altitudes", "Attribution", "Cache", "Catalogue", "Contact", "Cube", "Date", "Habitat", "Licence", "Organisation",
    "Photos", "Plans (*.json)", "Point", "Score", "Service", "Services (JSON)", "Site", "Sources", "Version",
    "hectares", "score ({scale})", "taxon", "{minutes} min", "{minutes} minutes"}
"""Words that French and English share, and names."""


def _messages(path):
    messages = ElementTree.parse(path).iter("message")
    return {message.find("source").text: message.find("translation") for message in messages}


def test_every_text_of_the_code_is_in_the_catalogue(tmp_path):
    if not shutil.which("pylupdate5"):
        pytest.skip("no pylupdate5: the package pyqt5-dev-tools has it")
    sources = [str(path) for path in (ROOT / "geoplantnet_plugin").rglob("*.py") if "engine" not in path.parts]
    collected = tmp_path / "all.ts"
    subprocess.run(["pylupdate5", "-noobsolete", *sources, "-ts", str(collected)], check=True, capture_output=True)
    assert set(_messages(collected)) == set(_messages(CATALOGUE)), "run `make i18n` and translate what is new"


def test_no_text_hides_in_an_f_string():
    """pylupdate5 does not look into them."""
    hidden = [f"{path.name}:{call.lineno}" for path in (ROOT / "geoplantnet_plugin").rglob("*.py")
              for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(text, ast.JoinedStr)
              for call in ast.walk(text) if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "tr"]
    assert not hidden


def test_no_translation_is_missing_or_left_in_english():
    for source, translation in _messages(CATALOGUE).items():
        assert translation.get("type") is None and translation.text, source
        same = translation.text == source and re.search(r"[a-z]{3}", _words(source))
        assert not same or source in SAME_IN_FRENCH, source


def test_translations_keep_their_parameters():
    for source, translation in _messages(CATALOGUE).items():
        assert _parameters(source) == _parameters(translation.text), source


def test_the_window_speaks_french():
    translator = QTranslator()
    assert translator.load(str(CATALOGUE.with_suffix(".qm"))), "run `make i18n`"
    QCoreApplication.installTranslator(translator)
    try:
        assert tr("Assess an area") == "Évaluer une zone"
    finally:
        QCoreApplication.removeTranslator(translator)
    assert tr("Assess an area") == "Assess an area"


def _words(text):
    return re.sub(r"\{[^}]*\}", "", text)


def _parameters(text):
    return sorted(re.findall(r"\{[^}]*\}", text))


class TestWordsOfAssessments:
    """Manifests are written in English, with codes beside the texts; the window shows them in the language of QGIS."""

    @pytest.fixture(autouse=True)
    def _window_in_french(self, monkeypatch):
        monkeypatch.setattr("geoplantnet_plugin.layers.manifest.language", lambda: "fr")

    def test_an_assessment_reads_in_french(self, assessment_folder):
        rule = {"lambda": 0.1, "percent": 90.0, "mean_size": 50.0, "mean_richness": 10.5}
        wide = {"code": "rule_conformal_wide", "params": {"sentence": {"code": "rule_conformal", "params": rule}}}
        indicators = manifest()["indicators"]
        indicators[0]["messages"] = {"title": {"code": "indicator_richness_title", "params": {}},
                                     "unit": {"code": "unit_taxa", "params": {}}}
        change_manifest(assessment_folder, indicators=indicators, set_rule={
            "id": "conformal", "text": "Something in English.", "params": rule, "messages": {"text": wide}})
        assessment = read_assessment(assessment_folder)
        assert assessment.indicators[0].title_with_unit == "Richesse spécifique (taxons)"
        assert "10,5 observés" in assessment.rule and assessment.rule.endswith("pour être cartographiés.")

    def test_an_older_one_without_codes_is_shown_as_it_is_written(self, assessment_folder):
        assessment = read_assessment(assessment_folder)
        assert assessment.indicators[0].title == "Species richness"
        assert assessment.rule == "Present where the score is above 0.5."
