"""A card as a page: in two languages, whatever its author wrote kept and escaped, nothing hidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from geoplantnet_plugin.common.jobs import ModelRequest
from geoplantnet_plugin.common.messages import catalogue
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.commands.models import model_info
from geoplantnet_plugin.engine.models.package import list_packages, open_package

from .conftest import Build, linear_card

EVALUATION = {"protocol": "spatial blocks", "block_km": 8, "folds": 5, "seeds": [0], "metric": "AUC", "value": 0.75,
              "interval": [0.7, 0.8], "baselines": {"random forest": 0.76, "glm": 0.7}}
LEVEL = {"level": 0.9, "coverage": 0.903, "interval": [0.88, 0.92], "worst_block": 0.77, "mean_size": 24.5,
         "mean_richness": 9.5, "too_wide": True}


class Tables(HTMLParser):
    """The texts of the cells of every row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        self.open = tag in ("td", "th")
        if self.open:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1] += data


def card_of(folder: str, language: str) -> dict[str, object]:
    return model_info(ModelRequest(folder, language), Reporter())


def test_tables_in_both_languages(build: Build) -> None:
    folder = str(build(card=linear_card(evaluation=[EVALUATION], conformal={"event": "share", "levels": [LEVEL]})))
    english, french = (Tables(str(card_of(folder, language)["html"])).rows for language in ("en", "fr"))
    assert ["this model", "0.75 (0.7 to 0.8)"] in english and ["ce modèle", "0,75 (0,7 à 0,8)"] in french
    assert ["p0", "Predictor 0", "-1 to 1", "m"] in english and ["p0", "Predictor 0", "-1 à 1", "m"] in french
    assert ["90.0 %", "90.3 % (88.0 % to 92.0 %)", "77.0 %", "24.5", "9.5", "too wide to map"] in english
    assert ["90,0 %", "90,3 % (88,0 % à 92,0 %)", "77,0 %", "24,5", "9,5",
            "trop large pour être cartographié"] in french


def test_a_model_that_is_no_better_than_simpler_ones_says_so(build: Build) -> None:
    folder = str(build(card=linear_card(evaluation=[EVALUATION])))
    assert "no better than simpler models on the same folds: random forest." in str(card_of(folder, "en")["text"])


def test_what_a_stranger_wrote_is_escaped_and_cannot_break_the_page(build: Build) -> None:
    folder = str(build(card=linear_card(
        title="<script>", description="{folder} & <b>", training=[{"<i>": "<u>", "licence": "{x}"}],
        calibration={"ece": "?"}, conformal={"levels": [3, {"level": "high", "interval": [1]}, {}]})))
    html = str(card_of(folder, "fr")["html"])
    assert not set(re.findall(r"<(script|b|i|u)\b", html)) and "{folder} &amp; &lt;b&gt;" in html
    assert ["Licence", "{x}"] in Tables(html).rows


def test_a_language_that_is_not_there_is_english(build: Build) -> None:
    folder = str(build())
    assert card_of(folder, "de") == card_of(folder, "en")


@pytest.mark.parametrize("name", [entry.name for entry in list_packages() if entry.bundled])
def test_the_bundled_cards_are_complete_in_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "info", name, "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    levels = (open_package(name).card.conformal or {"levels": []})["levels"]
    assert ("Ensembles conformes" in told) is bool(levels)
    assert ("trop large pour être cartographié" in told) is any(level["too_wide"] for level in levels)
    own = {text for code, text in catalogue("en").items() if code.startswith("card_") and "{" not in text
           and text != catalogue("fr")[code]}
    heads = {re.split(r" {2,}|$", line.strip())[0] for line in told.splitlines()}
    assert not heads & own


def test_both_languages_have_the_same_texts_with_the_same_parameters() -> None:
    english, french = ({code: set(re.findall(r"{(\w+)}", text)) for code, text in catalogue(language).items()
                        if code.startswith("card_")} for language in ("en", "fr"))
    assert english == french and len(english) > 40
