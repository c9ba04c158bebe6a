"""A stranger's ONNX file becomes a package: from flags, from its metadata, from answers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.asking import Ask
from geoplantnet_plugin.engine.models.check import Finding
from geoplantnet_plugin.engine.models.deepness import read_hints
from geoplantnet_plugin.engine.models.package import ModelPackage, open_package
from geoplantnet_plugin.engine.models.runtime import Session
from geoplantnet_plugin.engine.models.wrap import add_arguments, describe
from geoplantnet_plugin.engine.models.write import write_package

from .conftest import TAXA, linear_graph, weights


def arguments(*flags: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(list(flags))


def wrap(args: argparse.Namespace, reporter: Reporter, ask: Ask | None = None) -> tuple[ModelPackage, list[Finding]]:
    """Make the package in this process; the command does so in one with limits."""
    return write_package(*describe(args, reporter, ask))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a stranger's model and a list of names."""
    onnx.save_model(linear_graph(weights()), str(tmp_path / "My Model.onnx"))
    (tmp_path / "names.txt").write_text("\n".join(f"Genus species{i}" for i in range(TAXA)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", (tmp_path / "names.txt").open())
    return tmp_path


FLAGS = ("My Model.onnx", "--predictors", "bio1,bio12,slope", "--taxa", "names.txt", "--scale", "logit",
         "--resolution", "250")


def test_a_single_input_model_runs_after_flags(home: Path) -> None:
    package, _ = wrap(arguments(*FLAGS), Reporter())
    assert package.folder == Path("my-model")
    card = open_package("my-model").card
    assert [predictor.name for predictor in card.predictors] == ["bio1", "bio12", "slope"]
    assert (card.name, card.licence, card.default_rule, card.resolution) == ("my-model", "unknown", "topk:3", 250)
    x = np.ones((4, 3), np.float32)
    ranked = Session(package, threads=1).rank({"climate": x}, TAXA, 2)
    np.testing.assert_allclose(np.take_along_axis(x @ weights(), ranked.ids, 1), ranked.values, rtol=1e-5)


def test_predictors_from_a_table(home: Path) -> None:
    (home / "predictors.csv").write_text(
        "name,title,unit,min,max,offset,scale,categories,synonyms\n"
        "bio1,Temperature,°C,-10,20,5,2,,BIO_1|temp\nsoil,Soil,,,,,,1|3|4,\nslope,,°,0,60,,,,\n", encoding="utf-8")
    package, _ = wrap(arguments("My Model.onnx", "--predictors", "predictors.csv", *FLAGS[3:]), Reporter())
    entry, = package.card.inputs
    bio1, soil, slope = entry.predictors
    assert (bio1.title, bio1.unit, bio1.range, bio1.synonyms) == ("Temperature", "°C", (-10, 20), ("BIO_1", "temp"))
    assert (soil.categorical, soil.categories, soil.range) == (True, (1, 3, 4), None)
    assert slope.title == "slope"
    assert (entry.offset, entry.scale) == ((5, 0, 0), (2, 1, 1))


def test_a_model_with_three_inputs(home: Path) -> None:
    shapes = {"site": [2], "image": [2, 8, 8], "weather": [1, 2, 3, 2]}
    nodes = [helper.make_node("ReduceMean", [n], [f"{n}_m"], axes=list(range(2, len(s) + 1)), keepdims=0)
             for n, s in shapes.items() if len(s) > 1]
    nodes.append(helper.make_node("Concat", ["site", "image_m", "weather_m"], ["out"], axis=1))
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", *s]) for n, s in shapes.items()],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 5])])
    onnx.save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "three.onnx")
    (home / "taxa.csv").write_text("id,name,family\n" + "".join(f"{i},Genus s{i},F\n" for i in range(5)))
    package, _ = wrap(arguments(
        "three.onnx", "--predictors", "site=a,b", "--predictors", "image=red,nir", "--predictors", "weather=rain",
        "--pixel", "image=10", "--missing", "weather=-1", "--resolution", "30", "--taxa", "taxa.csv",
        "--scale", "relative", "--out", "three-inputs"), Reporter())
    site, image, weather = package.card.inputs
    assert (site.kind, image.kind, weather.kind) == ("point", "patch", "series")
    assert (image.size, image.pixel) == ((8, 8), 10)
    assert (weather.time_shape, weather.missing, len(weather.time)) == ((2, 3, 2), -1, 12)
    assert weather.time[:3] == ("1_1_1", "1_1_2", "1_2_1")
    assert package.taxa[4].family == "F"


def test_the_graphs_own_last_step_gives_the_scale(home: Path) -> None:
    model = linear_graph(weights())
    model.graph.node[0].output[0] = "logits"
    model.graph.node.append(helper.make_node("Sigmoid", ["logits"], ["p"]))
    model.graph.node.append(helper.make_node("Identity", ["p"], ["scores"]))
    onnx.save_model(model, "My Model.onnx")
    flags = [flag for flag in FLAGS if flag not in ("--scale", "logit")]
    assert wrap(arguments(*flags), Reporter())[0].card.scale.value == "sigmoid"


def test_what_is_not_said_is_named_and_nothing_is_written(home: Path) -> None:
    before = set(home.iterdir())
    for flag in ("--predictors", "--taxa", "--scale", "--resolution"):
        at = FLAGS.index(flag)
        with pytest.raises(EngineError) as caught:
            wrap(arguments(*FLAGS[:at], *FLAGS[at + 2:]), Reporter())
        assert caught.value.code == "model_package_needs" and flag in str(caught.value)
    assert set(home.iterdir()) == before


def test_a_person_is_asked_for_what_is_not_said(home: Path) -> None:
    asked = []

    def answer(flag: str, question: str, default: str | None) -> str:
        asked.append(flag)
        return {"--scale": "logit", "--resolution": "250", "--taxa": "names.txt", "--predictors": "a,b,c"}.get(
            flag, default or "")

    package, _ = wrap(arguments("My Model.onnx", "--title", "Mine"), Reporter(), answer)
    assert package.card.title == "Mine" and "--title" not in asked
    assert {"--scale", "--resolution", "--taxa", "--predictors", "--licence"} <= set(asked)


@pytest.mark.parametrize(("change", "code"), [
    ({"--predictors": "a,b"}, "model_package_channels"), ({"--resolution": "fine"}, "model_package_number"),
    ({"--taxa": "absent.txt"}, "table_unreadable"), ({"--taxa": "My Model.onnx"}, "table_not_text"),
    ({"--scale": "percent"}, "model_package_choice"), ({"--resolution": "climat=250"}, "model_package_input"),
    ({"--resolution": "0"}, "model_package_metres"), ({"--scale": "softmax"}, "model_check_scale_range"),
    ({"--taxa": "few.txt"}, "model_taxa_count")])
def test_wrong_answers_are_told_and_nothing_is_written(home: Path, change: dict[str, str], code: str) -> None:
    (home / "few.txt").write_text("Abies alba\nAcer opalus\n")
    before = set(home.iterdir())
    flags = list(FLAGS)
    for flag, value in change.items():
        flags[flags.index(flag) + 1] = value
    with pytest.raises(EngineError) as caught:
        wrap(arguments(*flags), Reporter())
    assert caught.value.code == code
    assert set(home.iterdir()) == before


def test_an_existing_folder_is_kept(home: Path) -> None:
    (home / "my-model").mkdir()
    with pytest.raises(EngineError, match="already in my-model"):
        wrap(arguments(*FLAGS), Reporter())


def test_deepness_metadata_are_a_starting_point(home: Path) -> None:
    model = linear_graph(weights())
    for key, value in {"model_type": json.dumps("Regressor"), "resolution": json.dumps(1000),
                       "class_names": json.dumps({i: f"Genus d{i}" for i in range(TAXA)}),
                       "standardization_mean": json.dumps([0.5, 0.4, 0.3]),
                       "standardization_std": json.dumps([0.2, 0.2, 0.1])}.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save_model(model, "My Model.onnx")
    package, _ = wrap(arguments("My Model.onnx", "--predictors", "r,g,b", "--scale", "logit"), Reporter())
    entry, = package.card.inputs
    assert entry.resolution == 10  # 1000 cm a pixel
    assert [taxon.name for taxon in package.taxa][:2] == ["Genus d0", "Genus d1"]
    # Deepness feeds (v / 255 − mean) / std
    pixel = np.array([10.0, 100.0, 200.0])
    ours = (pixel - np.array(entry.offset)) / np.array(entry.scale)
    np.testing.assert_allclose(ours, (pixel / 255 - [0.5, 0.4, 0.3]) / [0.2, 0.2, 0.1])


def test_deepness_metadata_as_python_literals_and_nonsense() -> None:
    assert read_hints({"names": "{0: 'Abies alba', 1: 'Acer opalus'}"}).names == ("Abies alba", "Acer opalus")
    assert read_hints({"class_names": '[{"0": "a", "1": "b"}]'}).names == ("a", "b")
    assert read_hints({"model_type": '"Segmentor"'}).scale == (255,)
    for text in ("__import__('os').getcwd()", "{0: 'a', 2: 'b'}", "{", "[" * 10_000, "null", "3", '{"x": "y"}'):
        hints = read_hints({"class_names": text, "resolution": text if text != "3" else "-1"})
        assert hints.names == () and hints.resolution is None and hints.scale == ()
