"""Cards: what the schema and the card's own sense refuse, and what comes out of a valid one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.models.card import card_problems, read_card
from geoplantnet_plugin.engine.scores.ranked import Scale

from .conftest import linear_card

SUMS = {"model.onnx": "sha256:" + "0" * 64, "taxa.csv": "sha256:" + "1" * 64}


def valid() -> dict[str, Any]:
    card = linear_card(2, checksums=SUMS, limits=["Legal decisions."], attribution="Somebody",
                       calibration={"method": "isotonic"}, training=[{"source": "x", "licence": "y"}])
    card["domain"] = {"method": "mess", "source": "plots", "values": {"p0": [float(i) for i in range(101)]}}
    card["evaluation"] = [{"protocol": "spatial blocks", "block_km": 8, "folds": 5, "seeds": [1, 2], "metric": "AUC",
                           "value": 0.79, "interval": [0.77, 0.81], "baselines": {"random forest": 0.788}}]
    card["inputs"].append({"name": "image", "kind": "patch", "resolution": 10, "size": [8, 9], "pixel": 10,
                           "offset": [0], "scale": [255], "missing": 0,
                           "predictors": [{"name": "red", "title": "Red", "unit": ""}]})
    card["inputs"].append({"name": "climate_series", "kind": "series", "resolution": 1000, "time_shape": [2, 2],
                           "time": ["a", "b", "c", "d"],
                           "predictors": [{"name": "pr", "title": "Rain", "unit": "mm", "synonyms": ["precip"]}]})
    return card


def test_reads_every_field(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps(valid()))
    card = read_card(path)
    assert card.scale is Scale.LOGIT and card.limits == ("Legal decisions.",) and card.attribution == "Somebody"
    assert [predictor.name for predictor in card.predictors] == ["p0", "p1", "red", "pr"]
    point, patch, series = card.inputs
    assert point.predictors[0].range == (-1, 1) and point.missing is None and point.size is None
    assert (patch.size, patch.pixel, patch.offset, patch.scale, patch.missing) == ((8, 9), 10, (0,), (255,), 0)
    assert series.time_shape == (2, 2) and series.predictors[0].synonyms == ("precip",)
    evaluation, = card.evaluation
    assert evaluation.seeds == (1, 2) and evaluation.interval == (0.77, 0.81)
    assert evaluation.baselines == {"random forest": 0.788}
    assert card.domain is not None and card.conformal is None and card.calibration == {"method": "isotonic"}


def change(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def _change(card: Any) -> None:
        for step in path[:-1]:
            card = card[step]
        if value is None:
            del card[path[-1]]
        else:
            card[path[-1]] = value
    return _change


@pytest.mark.parametrize(("break_it", "words"), [
    (change("title", value=None), "'title' is a required property"),
    (change("title", value=""), "title"),
    (change("name", value="../evil"), "name"),
    (change("scale", value="percent"), "scale"),
    (change("simulated", value="no"), "simulated"),
    (change("colour", value="green"), "colour"),
    (change("inputs", value=[]), "inputs"),
    (change("inputs", 0, "kind", value="raster"), "inputs[0].kind"),
    (change("inputs", 0, "predictors", 1, "unit", value=None), "inputs[0].predictors[1]"),
    (change("inputs", 0, "predictors", 1, "range", value=[1]), "inputs[0].predictors[1].range"),
    (change("inputs", 0, "predictors", 1, "range", value=[3, 1]), "range of p1"),
    (change("inputs", 0, "predictors", 1, "name", value="p0"), "two predictors have the same name"),
    (change("inputs", 1, "name", value="climate"), "two inputs have the same name"),
    (change("inputs", 1, "size", value=None), "'size' is a required property"),
    (change("inputs", 1, "scale", value=[0]), "inputs[1].scale"),
    (change("inputs", 1, "scale", value=[1, 2]), "2 numbers for 1 predictors"),
    (change("inputs", 2, "time_shape", value=None), "'time_shape' is a required property"),
    (change("inputs", 2, "time", value=["a"]), "1 steps for 2 × 2"),
    (change("checksums", "taxa.csv", value=None), "'taxa.csv' is a required property"),
    (change("checksums", "model.onnx", value="abc"), "checksums"),
    (change("domain", "values", "p0", value=[1.0, 2.0]), "domain.values.p0"),
    (change("domain", "values", "p0", value=[float(-i) for i in range(101)]), "do not ascend"),
    (change("domain", "values", "soil", value=[0.0] * 101), "no input has such a predictor"),
    (change("evaluation", 0, "value", value="good"), "evaluation[0].value"),
    (change("schema", value=2), "version 2 of the card's schema"),
    (change("schema", value=None), "'schema' is a required property"),
])
def test_each_violation_is_one_sentence(break_it: Callable[[dict[str, Any]], None], words: str) -> None:
    card = copy.deepcopy(valid())
    break_it(card)
    problems = [str(problem) for problem in card_problems(card)]
    assert len(problems) == 1, problems
    assert words in problems[0]


def test_all_violations_are_told() -> None:
    card = valid()
    card["title"], card["resolution"] = "", -1
    del card["licence"]
    assert len(list(card_problems(card))) == 3


@pytest.mark.parametrize("document", [None, [], "card", 3])
def test_json_that_is_no_object(document: Any) -> None:
    problem, = card_problems(document)
    assert "its top level" in str(problem)


def test_long_values_are_cut_in_the_sentence() -> None:
    card = valid()
    card["scale"] = "x" * 10_000
    problem, = card_problems(card)
    assert len(str(problem)) < 500


def test_refuses_a_file_too_large_or_absent(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        read_card(tmp_path / "card.json")
    with (tmp_path / "card.json").open("wb") as file:
        file.truncate(17 * 2**20)
    with pytest.raises(EngineError, match="larger than 16 MiB"):
        read_card(tmp_path / "card.json")
