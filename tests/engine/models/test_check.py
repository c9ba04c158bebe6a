"""`check_package` explains each mismatch in a sentence of its own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from geoplantnet_plugin.engine.models.check import Finding, check_package

from .conftest import TAXA, Build, linear_card, linear_graph, seal, weights
from .test_runtime import WRONG

GOOD: dict[str, Any] = {
    "domain": {"method": "mess", "source": "x", "values": {"p0": [0.0] * 101}},
    "evaluation": [{"protocol": "x", "block_km": 8, "folds": 5, "metric": "AUC", "value": 0.8}]}


def codes(findings: list[Finding], severity: str = "error") -> list[str]:
    assert all("{" not in finding.text for finding in findings)
    return [finding.code for finding in findings if finding.severity == severity]


def ending(kind: str, **attributes: Any) -> onnx.ModelProto:
    """Return the linear graph with one more operator at its end."""
    model = linear_graph(weights())
    model.graph.node[0].output[0] = "logits"
    model.graph.node.append(helper.make_node(kind, ["logits"], ["scores"], **attributes))
    return model


def test_a_package_in_order_has_no_findings(build: Build) -> None:
    assert check_package(str(build(card=linear_card(**GOOD)))) == []


def test_what_a_card_does_not_say_is_a_warning(build: Build) -> None:
    card = linear_card()
    del card["inputs"][0]["predictors"][0]["range"]
    findings = check_package(str(build(card=card)))
    assert codes(findings) == []
    assert codes(findings, "warning") == [
        "model_check_no_range", "model_check_no_domain", "model_check_no_evaluation"]


@pytest.mark.parametrize("code", WRONG)
def test_contradictions_of_graph_and_card(build: Build, code: str) -> None:
    model, card = WRONG[code]()
    assert code in codes(check_package(str(build(model, {**card, **GOOD, "domain": None}))))


def test_several_mismatches_are_told_at_once(build: Build) -> None:
    folder = build(linear_graph(weights(4), batch=1), linear_card(output="logits"))
    assert codes(check_package(str(folder))) == [
        "model_input_batch", "model_input_shape", "model_output_missing"]


@pytest.mark.parametrize(("graph", "scale", "error", "warning"), [
    (ending("Sigmoid"), "sigmoid", [], []),
    (ending("Softmax", axis=1), "softmax", [], []),
    (linear_graph(weights()), "sigmoid", ["model_check_scale"], []),
    (linear_graph(weights()), "softmax", ["model_check_scale"], []),
    (ending("Sigmoid"), "softmax", ["model_check_softmax"], []),
    (ending("Sigmoid"), "logit", [], ["model_check_other_scale"]),
    (ending("Softmax", axis=1), "sigmoid", [], ["model_check_other_scale"]),
    (ending("Sigmoid"), "relative", [], [])])
def test_scores_off_their_scale(build: Build, graph: onnx.ModelProto, scale: str, error: list, warning: list) -> None:
    findings = check_package(str(build(graph, linear_card(scale=scale, **GOOD))))
    assert (codes(findings), codes(findings, "warning")) == (error, warning)


def test_scores_that_depend_on_the_batch(build: Build) -> None:
    """A batch normalization left in training mode, in effect: the mean of the batch is taken away."""
    model = linear_graph(weights())
    model.graph.node[0].output[0] = "raw"
    model.graph.node.append(helper.make_node("ReduceMean", ["raw"], ["mean"], axes=[0], keepdims=1))
    model.graph.node.append(helper.make_node("Sub", ["raw", "mean"], ["scores"]))
    assert "model_check_batch" in codes(check_package(str(build(model, linear_card(**GOOD)))))


def test_scores_that_never_change(build: Build) -> None:
    findings = check_package(str(build(linear_graph(np.zeros((3, TAXA), np.float32)), linear_card(**GOOD))))
    assert "model_check_constant" in codes(findings, "warning")


def test_scores_that_are_no_numbers(build: Build) -> None:
    findings = check_package(str(build(ending("Log"), linear_card(**GOOD))))
    assert codes(findings) == ["model_scores_nan"]


def test_a_set_rule_that_the_model_cannot_follow(build: Build) -> None:
    for rule in ("topk:100", "lambda", "nonsense"):
        findings = check_package(str(build(card=linear_card(default_rule=rule, **GOOD), name=rule.replace(":", "-"))))
        assert len(codes(findings)) == 1 and codes(findings)[0].startswith("rule_")


def test_every_violation_of_the_schema_is_told(build: Build) -> None:
    folder = build()
    card = json.loads((folder / "card.json").read_text())
    card["title"] = ""
    del card["licence"]
    seal(folder, card)
    assert codes(check_package(str(folder))) == ["model_card_invalid"] * 2


def test_missing_and_changed_files(build: Build) -> None:
    folder = build()
    with (folder / "taxa.csv").open("a") as file:
        file.write("x,Extra extra\n")
    assert codes(check_package(str(folder))) == ["model_checksum", "model_taxa_count"]
    (folder / "model.onnx").unlink()
    assert codes(check_package(str(folder))) == ["model_file_missing"]
    assert codes(check_package(str(folder / "nowhere"))) == ["model_not_found"]


def test_an_input_of_whole_numbers(build: Build) -> None:
    model = linear_graph(weights())
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
    findings = check_package(str(build(model, linear_card(**GOOD))))
    assert codes(findings) == ["model_input_dtype"] and "int64" in findings[0].text
