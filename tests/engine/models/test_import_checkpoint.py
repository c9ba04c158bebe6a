"""``model import geoplant-mme FILE`` without PyTorch: a package that runs, or a sentence and nothing left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.models.folders import user_models
from geoplantnet_plugin.engine.models.package import open_package
from geoplantnet_plugin.engine.models.runtime import Session
from training.workshop.importers import import_checkpoint
from training.workshop.importers.networks import geoplant_mme

from .torch_files import call, mapping, name, tensor, text, write

CLASSES = 60
State = dict[str, np.ndarray]


def random_state() -> State:
    rng = np.random.default_rng(0)
    state: State = {}
    for encoder, channels in (("landsat", 6), ("bioclim", 4), ("sentinel", 4)):
        widths = [channels, 64, 128, 256, 512]
        for number in range(1, 5):
            key, (before, width) = f"{encoder}_model", widths[number - 1:number + 1]
            state[f"{key}.conv{number}.weight"] = rng.normal(0, (2 / before / 9) ** 0.5, (width, before, 3, 3))
            for part, value in (("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1)):
                state[f"{key}.bn{number}.{part}"] = np.full(width, value) + rng.uniform(0, 0.1, width)
            state[f"{key}.conv{number}.bias"] = rng.normal(0, 0.1, width)
    state["fc1.weight"], state["fc1.bias"] = rng.normal(0, 0.02, (CLASSES, 1536)), np.zeros(CLASSES)
    return {key: values.astype(np.float32) for key, values in state.items()}


STATE = random_state()


def saved(path: Path, state: State) -> Path:
    numbered = {str(number): values for number, values in enumerate(state.values())}
    content = {}
    for (key, values), storage in zip(state.items(), numbered, strict=True):
        strides = tuple(step // 4 for step in values.strides)
        content[key] = tensor(storage, values.size, values.shape, strides)
    return write(path, mapping(content), numbered)


def test_gives_a_package_that_runs_with_the_published_normalization(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name,id,family\nAbies alba Mill.,3,Pinaceae\n", encoding="utf-8")
    _, weak = import_checkpoint("geoplant-mme", saved(tmp_path / "mme.pth", STATE), "my-mme", names, Reporter())
    assert "model_check_no_evaluation" in [finding.code for finding in weak]
    package = open_package("my-mme")
    assert len(package.taxa) == CLASSES
    assert (package.taxa[3].name, package.taxa[3].family) == ("Abies alba Mill.", "Pinaceae")
    assert (package.taxa[4].id, package.taxa[4].name) == ("4", "class 4")
    rng = np.random.default_rng(1)
    x = {"landsat": rng.uniform(0, 1, (2, 6, 4, 21)), "bioclim": rng.uniform(0, 1, (2, 4, 19, 12)),
         "sentinel": rng.uniform(0, 255, (2, 4, 128, 128))}
    x = {key: values.astype(np.float32) for key, values in x.items()}
    ranked = Session(package, threads=1).rank(x, CLASSES, 2)
    bare = onnxruntime.InferenceSession(geoplant_mme(STATE).SerializeToString(), providers=["CPUExecutionProvider"])
    logits = bare.run(["logits"], {**x, "sentinel": (x["sentinel"] / 255 - np.float32(0.5)) / np.float32(0.5)})[0]
    expected = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(ranked.values, np.take_along_axis(expected, ranked.ids, 1), atol=1e-5)


def without(key: str) -> State:
    return {name_: values for name_, values in STATE.items() if name_ != key}


WRONG: dict[str, Callable[[Path], Path]] = {
    "model_checkpoint_other": lambda path: saved(path, without("bioclim_model.bn2.running_var")),
    "model_checkpoint_shape": lambda path: saved(path, {**STATE, "fc1.weight": np.zeros((9, 768), np.float32)}),
    "model_checkpoint_code": lambda path: write(path, mapping({"w": call(name("os", "system"), text("true"))})),
    "model_checkpoint_unreadable": lambda path: path,
}


@pytest.mark.parametrize("code", WRONG)
def test_a_file_that_is_not_such_a_checkpoint_leaves_nothing(tmp_path: Path, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        import_checkpoint("geoplant-mme", WRONG[code](tmp_path / "mme.pth"), "mme", None, Reporter())
    assert caught.value.code == code and "{" not in str(caught.value)
    assert not user_models().exists()


def test_names_for_classes_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    for number in ("60", "-1", "x", ""):
        names.write_text(f"id,name\n{number},Abies alba\n", encoding="utf-8")
        with pytest.raises(EngineError) as caught:
            import_checkpoint("geoplant-mme", saved(tmp_path / "mme.pth", STATE), "mme", names, Reporter())
        assert caught.value.code == "model_import_taxa"
    assert not user_models().exists()


def test_an_unknown_importer_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="there are: geoplant-mme, malpolon-mme"):
        import_checkpoint("resnet", tmp_path / "x.pt", "x", None, Reporter())
