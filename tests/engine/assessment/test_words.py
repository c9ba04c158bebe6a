"""What a manifest says can be said in the other language from the manifest alone."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from geoplantnet_plugin.common.messages import LANGUAGES, TYPED, Message, catalogue, plain_number, render, said
from geoplantnet_plugin.common.model_titles import model_title, model_words
from geoplantnet_plugin.common.resources import RESOURCES
from geoplantnet_plugin.engine.assessment.describe import indicator_entry, uncertainty_entries
from geoplantnet_plugin.engine.indicators import INDICATORS, Context
from geoplantnet_plugin.engine.scores.calibration import Calibration
from geoplantnet_plugin.engine.scores.ranked import Scale
from geoplantnet_plugin.engine.taxa.table import TaxaTable, Taxon

CARDS = sorted((RESOURCES / "models").glob("*/card.json"))


@pytest.fixture
def context() -> Context:
    names = ("Quercus robur", "Carex firma")
    return Context(TaxaTable(tuple(Taxon(name, name, name) for name in names)), Scale.SIGMOID, Calibration(0.1))


def as_written(entry: Any) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(asdict(entry)))
    return written


@pytest.mark.parametrize("id", list(INDICATORS))
def test_every_text_of_an_indicator_has_its_message(id: str, context: Context) -> None:
    indicator = INDICATORS[id]
    for entry in map(as_written, (indicator_entry(indicator, context), *uncertainty_entries(indicator, context))):
        for name in ("title", "definition", "unit"):
            assert said(entry, name, "en") == entry[name]
            assert bool(entry[name]) == (name in entry["messages"])
        assert said(entry, "title", "fr") != entry["title"]
        for found, declared in zip(entry["classes"], indicator.classes, strict=False):
            assert said(found, "label", "fr") == Message(f"class_{declared.code}").text("fr")


def test_a_message_in_a_message_speaks_the_same_language(context: Context) -> None:
    lower = next(entry for entry in map(as_written, uncertainty_entries(INDICATORS["richness"], context))
                 if entry["id"] == "richness_lower")
    assert said(lower, "title", "en") == "Species richness: lower bound (90 %)"
    assert said(lower, "title", "fr").startswith("Richesse spécifique") and "90" in said(lower, "title", "fr")


@pytest.mark.parametrize("messages", [
    None, {}, {"title": None}, {"title": {"code": "of_a_later_version", "params": {}}},
    {"title": {"code": "indicator_list_title", "params": {}}},
    {"title": {"code": "indicator_list_title", "params": 3}}])
def test_without_a_message_that_can_be_read_the_text_is_said_as_it_is_written(messages: Any) -> None:
    assert said({"title": "Orchids", "messages": messages}, "title", "fr") == "Orchids"


TYPED_AT_A_TERMINAL = re.compile(r"`|(?<![\w-])--[a-z]|geoplantnet(-train|-service)? [a-z]+ |pip install")


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_told_at_a_terminal_alone(language: str) -> None:
    """The panel, the report and the log of Processing name what can be clicked."""
    told = {code for code, text in catalogue(language).items()
            if TYPED_AT_A_TERMINAL.search(text) and not code.startswith("served_")}  # a server is kept at a terminal
    assert told and all(code.endswith(TYPED) for code in told), sorted(code for code in told if TYPED not in code)
    assert all(code.removesuffix(TYPED) in catalogue(language) for code in told)


def test_a_terminal_is_told_the_command_also_within_another_sentence() -> None:
    inner = {"code": "report_remedy_list", "params": {}}
    assert "taxa import" in render("warning", {"text": inner}, typed=True)
    assert "taxa import" not in render("warning", {"text": inner})


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_what_the_panel_shows_of_a_card_that_ships_is_said_in_french(path: Path) -> None:
    card = json.loads(path.read_text(encoding="utf-8"))
    entry = next(one for one in card["evaluation"] if one["block_km"])
    best = max(entry["baselines"], key=entry["baselines"].__getitem__)
    assert model_title(card["title"], "fr") != card["title"]
    for text in (card["description"], entry["metric"], best):
        assert model_words(text, "fr") != text == model_words(text, "en")
    assert model_words("words of another card", "fr") == "words of another card"


@pytest.mark.parametrize(("number", "text"), [
    (4_998_200.0, "4998200"), (4_998_234.5, "4998234"), (-4_998_200.0, "-4998200"), (0.00005, "0.00005"), (0.0, "0"),
    (123_456.789, "123457"), (12.5, "12.5"), (1e10, "10000000000"), (1e300, "1e+300"), (float("nan"), "nan")])
def test_numbers_are_written_without_an_exponent_where_they_can_be_read(number: float, text: str) -> None:
    assert plain_number(number) == text
    assert render("area_no_degrees", {"area": "a", "x": number, "y": number, "crs": "b"}).count(text) >= 2
