"""Small packages built with onnx.helper, on which the tests of the models' room run."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

TAXA = 7


def weights(predictors: int = 3, taxa: int = TAXA, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(predictors, taxa)).astype(np.float32)


def linear_graph(matrix: np.ndarray, name: str = "climate", batch: int | str = "cells",
                 dtype: int = TensorProto.FLOAT, opset: int = 17) -> onnx.ModelProto:
    """Return a graph with one input: scores = input @ matrix."""
    nodes = [helper.make_node("MatMul", [name, "matrix"], ["scores"])]
    graph = helper.make_graph(
        nodes, "linear", [helper.make_tensor_value_info(name, dtype, [batch, matrix.shape[0]])],
        [helper.make_tensor_value_info("scores", dtype, [batch, matrix.shape[1]])],
        [numpy_helper.from_array(matrix.astype(helper.tensor_dtype_to_np_dtype(dtype)), "matrix")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def linear_card(predictors: int = 3, **changes: Any) -> dict[str, Any]:
    card: dict[str, Any] = {
        "schema": 1, "name": "linear", "title": "Linear", "version": "1.0", "description": "A matrix.",
        "licence": "CC0-1.0", "output": "scores", "scale": "logit", "default_rule": "topk:2",
        "resolution": 250, "simulated": True,
        "inputs": [{"name": "climate", "kind": "point", "resolution": 250,
                    "predictors": [{"name": f"p{i}", "title": f"Predictor {i}", "unit": "m", "range": [-1, 1]}
                                   for i in range(predictors)]}]}
    return {**card, **changes}


def write_taxa(path: Path, taxa: int = TAXA) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name"])
        writer.writerows([f"t{i}", f"Genus species{i}"] for i in range(taxa))


Build = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that writes a package folder from a graph, a card and a number of taxa."""
    def _build(graph: onnx.ModelProto | None = None, card: dict[str, Any] | None = None, taxa: int = TAXA,
               name: str = "linear") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        onnx.save_model(graph or linear_graph(weights()), str(folder / "model.onnx"))
        write_taxa(folder / "taxa.csv", taxa)
        seal(folder, card or linear_card())
        return folder
    return _build


def seal(folder: Path, card: dict[str, Any]) -> None:
    """Write the card with the checksums of what lies in the folder."""
    sums = {file.name: "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
            for file in folder.iterdir() if file.name != "card.json"}
    (folder / "card.json").write_text(json.dumps({**card, "checksums": sums}), encoding="utf-8")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from the user's own models and cache."""
    monkeypatch.setenv("GEOPLANTNET_MODELS", str(tmp_path / "user-models"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
