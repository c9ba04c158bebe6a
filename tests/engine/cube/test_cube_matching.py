"""Binding by name, by synonym, and never by guessing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from affine import Affine
from cube.cube_helpers import card_of, named

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.cube.matching import match, slots
from geoplantnet_plugin.engine.cube.sources import Band
from geoplantnet_plugin.engine.models.card import Predictor

STACK = Band("/data/stack.tif", 1, "", (), "EPSG:3035", Affine.scale(100), (2, 2), "float32", None, 1, 0, "", "",
             "")


def bands(*names: str) -> list[Band]:
    return [replace(STACK, index=index, name=name, aliases=(name,) if name else ())
            for index, name in enumerate(names, 1)]


def bound(card, found: list[Band]) -> dict[str, tuple[int, str]]:
    return {key[0]: (band.index, how) for key, (band, how) in match(slots(card), found).items()}


@pytest.mark.parametrize("name", ["bio1", "BIO_1", "Bio 01", "bio-1"])
def test_case_separators_and_leading_zeros_do_not_matter(name: str) -> None:
    assert bound(named("bio1"), bands("bio10", "bio11", name)) == {"bio1": (3, "name")}


def test_numbers_are_not_run_together() -> None:
    assert bound(named("pr_1_1"), bands("pr_11", "pr_1_1")) == {"pr_1_1": (2, "name")}


def test_a_synonym_is_taken_and_told_but_a_name_goes_first() -> None:
    temperature = Predictor("bio1", "", "", synonyms=("mean_temperature", "tas"))
    assert bound(card_of(temperature), bands("elev", "TAS")) == {"bio1": (2, "synonym")}
    assert bound(card_of(temperature), bands("tas", "bio1")) == {"bio1": (2, "name")}


def test_two_bands_for_a_predictor_are_asked() -> None:
    temperature = Predictor("bio1", "", "", synonyms=("mean_temperature", "tas"))
    for names in (("bio1", "BIO_01"), ("tas", "mean temperature")):
        with pytest.raises(EngineError, match="bio1") as caught:
            bound(card_of(temperature), bands(*names))
        assert caught.value.code == "cube_ambiguous"
        assert all(name in str(caught.value) for name in names)


def test_a_band_is_not_one_predictor_by_name_and_another_by_synonym() -> None:
    slope = Predictor("slope25", "", "", synonyms=("slope",))
    with pytest.raises(EngineError) as caught:
        bound(card_of(slope, Predictor("slope", "", "")), bands("slope"))
    assert caught.value.code == "cube_predictor_missing"
    both = Predictor("grade", "", "", synonyms=("slope",))
    with pytest.raises(EngineError) as caught:
        bound(card_of(slope, both), bands("slope"))
    assert caught.value.code == "cube_band_twice"


def test_unnamed_bands_are_not_guessed_by_their_number() -> None:
    with pytest.raises(EngineError, match=r"stack\.tif") as caught:
        bound(named("a", "b"), bands("", ""))
    assert (caught.value.code, caught.value.params["count"]) == ("cube_bands_unnamed", 2)


def test_a_missing_predictor_is_named_with_the_bands_found() -> None:
    with pytest.raises(EngineError, match="moisture") as caught:
        bound(named("slope", "moisture"), bands("slope", "moist"))
    assert caught.value.code == "cube_predictor_missing"
    assert "(moist)" in str(caught.value)


def test_a_series_wants_a_band_a_step() -> None:
    card = named("red", kind="series", time=("2000-1", "2000-2"))
    found = match(slots(card), bands("red_2000_2", "red_2000_01"))
    index = {key: band.index for key, (band, _) in found.items()}
    assert index == {("red", "2000-1"): 2, ("red", "2000-2"): 1}
