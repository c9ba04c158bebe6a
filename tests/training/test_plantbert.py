"""A tiny Pl@ntBERT: its ONNX graph against a forward pass in plain numpy, and its habitats of an assessment."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from math import erf
from pathlib import Path
from shutil import copytree

import numpy as np
import onnxruntime
import pytest
from worlds import cells_box, make_world

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.tables import cell_taxa
from geoplantnet_plugin.engine.assess.run import assess
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.base.events import SILENT
from geoplantnet_plugin.engine.commands.line import main

pytest.importorskip("safetensors", reason="needs the extra plantbert")
tokenizers = pytest.importorskip("tokenizers", reason="needs the extra plantbert")

from training.workshop.plantbert.classifier import Classifier, import_classifier  # noqa: E402
from training.workshop.plantbert.habitats import Distinct, classify, distinct  # noqa: E402

HIDDEN, INNER, HEADS, LAYERS, LONGEST = 12, 20, 3, 2, 11
EPSILON = 0.01
"""So large that another one would be seen."""
LABELS = ("R22", "S42", "T17")
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ",", "carex", "car", "##ex", "alba")
WHOLE = ("abies alba", "salix alba", "picea abies")
ROWS = len(VOCABULARY) + len(WHOLE)
CONFIG = {"architectures": ["BertForSequenceClassification"], "hidden_act": "gelu", "hidden_size": HIDDEN,
          "intermediate_size": INNER, "num_attention_heads": HEADS, "num_hidden_layers": LAYERS,
          "max_position_embeddings": LONGEST, "layer_norm_eps": EPSILON, "position_embedding_type": "absolute",
          "id2label": dict(enumerate(LABELS))}


def make_weights() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    shapes = {"bert.embeddings.word_embeddings.weight": (ROWS, HIDDEN),
              "bert.embeddings.position_embeddings.weight": (LONGEST, HIDDEN),
              "bert.embeddings.token_type_embeddings.weight": (2, HIDDEN)}
    dense = {"bert.pooler.dense": (HIDDEN, HIDDEN), "classifier": (len(LABELS), HIDDEN)}
    norms = ["bert.embeddings.LayerNorm"]
    for layer in (f"bert.encoder.layer.{number}" for number in range(LAYERS)):
        dense.update({f"{layer}.attention.{part}": (HIDDEN, HIDDEN)
                      for part in ("self.query", "self.key", "self.value", "output.dense")})
        dense.update({f"{layer}.intermediate.dense": (INNER, HIDDEN), f"{layer}.output.dense": (HIDDEN, INNER)})
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    shapes.update({f"{name}.weight": shape for name, shape in dense.items()})
    shapes.update({f"{name}.bias": shape[:1] for name, shape in dense.items()})
    shapes.update({f"{name}.{part}": (HIDDEN,) for name in norms for part in ("weight", "bias")})
    return {name: rng.normal(float(name.endswith("Norm.weight")), 0.5, shape).astype(np.float32)
            for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("checkpoint")
    save_file(make_weights(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    (folder / "added_tokens.json").write_text(json.dumps(
        {name: len(VOCABULARY) + place for place, name in enumerate(WHOLE)}))
    return folder


@pytest.fixture(scope="module")
def imported(checkpoint: Path) -> Path:
    import_classifier(checkpoint, checkpoint.parent / "imported")
    return checkpoint.parent / "imported"


def normalized(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred ** 2).mean(-1, keepdims=True) + EPSILON) * w[f"{name}.weight"] + w[f"{name}.bias"]


def forward(w: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """Return the logits of one list of tokens, head by head and in float64."""
    w = {name: values.astype(np.float64) for name, values in w.items()}

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    e = "bert.embeddings."
    x = np.stack([w[f"{e}word_embeddings.weight"][token] + w[f"{e}position_embeddings.weight"][place]
                  + w[f"{e}token_type_embeddings.weight"][0] for place, token in enumerate(ids)])
    x = normalized(x, w, f"{e}LayerNorm")
    for layer in (f"bert.encoder.layer.{number}" for number in range(LAYERS)):
        q, k, v = (dense(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
        seen = []
        for head in np.split(np.arange(HIDDEN), HEADS):
            weight = np.exp(q[:, head] @ k[:, head].T / np.sqrt(HIDDEN / HEADS))
            seen.append(weight / weight.sum(-1, keepdims=True) @ v[:, head])
        seen = dense(np.concatenate(seen, -1), f"{layer}.attention.output.dense")
        x = normalized(x + seen, w, f"{layer}.attention.output.LayerNorm")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * (1 + np.vectorize(erf)(inner / np.sqrt(2))) / 2
        x = normalized(x + dense(inner, f"{layer}.output.dense"), w, f"{layer}.output.LayerNorm")
    return dense(np.tanh(dense(x[0], "bert.pooler.dense")), "classifier")


def softmax(logits: np.ndarray) -> np.ndarray:
    return np.exp(logits) / np.exp(logits).sum()


def test_the_graph_gives_what_a_forward_pass_by_hand_gives(imported: Path) -> None:
    """Lists of several lengths together: padding has no say."""
    lists = [[2, 10, 3], [2, 10, 5, 11, 5, 12, 3], list(range(LONGEST))]
    ids, mask = np.zeros((2, 3, LONGEST), np.int64)
    for row, tokens in enumerate(lists):
        ids[row, :len(tokens)], mask[row, :len(tokens)] = tokens, 1
    session = onnxruntime.InferenceSession(imported / "model.onnx")
    logits, = session.run(["logits"], {"input_ids": ids, "attention_mask": mask})
    expected = np.stack([forward(make_weights(), tokens) for tokens in lists])
    assert np.ptp(expected, axis=0).min() > 0.1
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    np.testing.assert_allclose(Classifier(imported).scores(lists), [softmax(one) for one in expected], atol=1e-5)


def test_names_are_whole_tokens_and_lists_are_cut_between_them(imported: Path) -> None:
    classifier = Classifier(imported)
    assert classifier.labels == LABELS
    assert [classifier.knows(name) for name in ("Salix alba", "Carex alba", "Salix alba subsp. x", "Zea mays")] == [
        True, False, False, False]
    assert classifier.encode(["Salix alba", "Picea abies"]) == ([2, 11, 5, 12, 3], 2)
    assert classifier.encode(["Abies alba"] * 9) == ([2, *[10, 5] * 4, 10, 3], 5)


def test_a_vocabulary_of_words_knows_names_of_whole_words(checkpoint: Path, tmp_path: Path) -> None:
    copytree(checkpoint, tmp_path, dirs_exist_ok=True)
    (tmp_path / "added_tokens.json").unlink()
    classifier = import_classifier(tmp_path, tmp_path / "out")
    assert [classifier.knows(name) for name in ("Carex alba", "Carex carex", "Carexex alba", "Zea alba")] == [
        True, True, False, False]
    (tmp_path / "tokenizer_config.json").write_text('{"do_lower_case": false}')
    cased = import_classifier(tmp_path, tmp_path / "cased")
    assert [cased.knows(name) for name in ("Carex alba", "carex alba")] == [False, True]


def test_every_distinct_set_is_one_assemblage_ordered_by_mean_score(
        imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GEOPLANTNET_MODELS", str(tmp_path / "user-models"))
    world = make_world(tmp_path)
    assess(world.job(world.area(cells_box(20, 20, 12, 12))), SILENT)
    out = world.folder / "out"
    folder = open_folder(out)
    with folder.tables() as tables:
        sets: dict[int, dict[str, int]] = {}
        for cell, taxon, score in cell_taxa(tables, 0, 10**6):
            sets.setdefault(cell, {})[folder.taxa[taxon].accepted_name] = score
    expected = {}
    for held in {frozenset(one) for one in sets.values()}:
        scores = [one for one in sets.values() if set(one) == held]
        mean = {name: np.mean([one[name] for one in scores]) for name in held}
        expected[tuple(sorted(held, key=mean.__getitem__, reverse=True))] = len(scores)
    assert {one.names: one.cells for one in distinct(folder, SILENT)} == expected and len(expected) > 3
    with pytest.raises(EngineError, match="has no cells"):
        distinct(replace(folder, document={**folder.document, "coverage": None}), SILENT)

    table = tmp_path / "habitats.csv"
    assert main(["plantbert", "habitats", str(out), "--model", str(imported), "--out", str(table)]) == 0
    assert "33.3% of the species' names are unknown" in capsys.readouterr().out
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(expected) and sum(int(row["Cells"]) for row in rows) == len(sets)
    tokens = {"Abies alba": 10, "Salix alba": 11}
    for row in rows:
        read = [name for name in row["Read in this order"].split("; ") if name]
        assert [name for name in read if name not in tokens] == []
        assert row["Unknown names"] in ("", "Carex nigra") and len(read) == int(row["Species read"])
        if not read:
            assert row["Habitat"] == row["Score"] == "" and row["Unknown share %"] == "100.0"
            continue
        ids = [token for name in read for token in (5, tokens[name])][1:]
        scores = softmax(forward(make_weights(), [2, *ids, 3]))
        best = np.argsort(-scores)
        assert [row["Habitat"], row["Second habitat"]] == [LABELS[one] for one in best[:2]]
        assert float(row["Score"]) == pytest.approx(scores[best[0]], abs=1e-4)


def test_without_known_names_there_is_no_habitat(imported: Path) -> None:
    told, = classify([Distinct(("Zea mays",), 4)], Classifier(imported), SILENT)
    assert told.row(1) == (1, 4, "", "", "", "", 1, "100.0", 0, "", "Zea mays")


@pytest.mark.parametrize(("changed", "reason"), [
    ({"architectures": ["BertForMaskedLM"]}, "BertForMaskedLM"), ({"hidden_act": "relu"}, "relu"),
    ({"id2label": {"0": "R22", "2": "S42"}}, "has no 1"), ({"hidden_size": 13}, "do not fit"),
    ({"hidden_size": 24}, "24"), ({"num_hidden_layers": 3}, "encoder.layer.2"), ({"id2label": {"0": "R22"}}, "3 × 12")])
def test_other_networks_are_refused(checkpoint: Path, tmp_path: Path, changed: dict[str, object], reason: str) -> None:
    copytree(checkpoint, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.json").write_text(json.dumps({**CONFIG, **changed}))
    with pytest.raises(EngineError, match=reason):
        import_classifier(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("file", "content", "reason"), [
    ("model.safetensors", b"\x80\x02}q.", "safetensors"), ("config.json", b"[]", "BERT"),
    ("added_tokens.json", b'{"abies alba": 12}', "does not follow vocab.txt"),
    ("added_tokens.json", json.dumps({f"x {n}": 10 + n for n in range(9)}).encode(), "19 tokens, its network 13")])
def test_damaged_files_are_refused(checkpoint: Path, tmp_path: Path, file: str, content: bytes, reason: str) -> None:
    copytree(checkpoint, tmp_path, dirs_exist_ok=True)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(EngineError, match=reason):
        import_classifier(tmp_path, tmp_path / "out")
