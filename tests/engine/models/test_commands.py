"""``geoplantnet model …`` as people and machines call it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from geoplantnet_plugin.common.messages import catalogue
from geoplantnet_plugin.engine import models
from geoplantnet_plugin.engine.commands import models as commands
from geoplantnet_plugin.engine.commands.line import main
from geoplantnet_plugin.engine.commands.table import jobs
from geoplantnet_plugin.engine.models.folders import user_models
from training import workshop

from .conftest import Build, linear_card, linear_graph, weights


def result(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["--json", "model", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()][-1]


def test_import_list_info_remove_for_people(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "import", str(build())]) == 0
    assert str(user_models() / "linear") in capsys.readouterr().out
    assert main(["model", "list"]) == 0
    assert re.search(r"^linear +1\.0 +own +Linear$", capsys.readouterr().out, re.MULTILINE)
    assert main(["model", "info", "linear"]) == 0
    card = capsys.readouterr().out
    for words in ("SIMULATED", "CC0-1.0", "logit (log-odds)", "Not stated in the card"):
        assert words in card
    assert re.search(r"^  p1 +Predictor 1 +-1 to 1 +m$", card, re.MULTILINE)
    assert main(["model", "remove", "linear"]) == 0
    assert not (user_models() / "linear").exists()


def test_the_same_for_machines(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    assert result(capsys, "import", str(build()))["taxa"] == 7
    own, = (entry for entry in result(capsys, "list")["models"] if not entry["bundled"])
    assert (own["name"], own["scale"], own["predictors"][0]["unit"]) == ("linear", "logit", "m")
    card = result(capsys, "info", "linear")["model"]
    assert (card["taxa"], card["bundled"], card["inputs"][0]["kind"]) == (7, False, "point")
    assert [finding["severity"] for finding in result(capsys, "check", "linear")["findings"]] == ["warning"] * 2


def test_a_failed_check_tells_each_mismatch_and_exits_with_2(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    folder = build(linear_graph(weights(4), batch=1), linear_card())
    assert main(["model", "check", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "exactly 1 cells at a time" in told and "expects 4 values a cell, but its card says 3" in told
    assert "not in order (2 errors" in told


@pytest.mark.parametrize("arguments", [
    ("info", "no-such-model"), ("import", "/no/such/file.zip"), ("remove", "no-such-model"),
    ("import", "no-such-importer", "file.pt"), ("package", "/no/such/file.onnx")])
def test_what_is_not_there_is_said_in_a_sentence(arguments: tuple, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", *arguments]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].endswith(".") and "{" not in lines[0]


def test_every_sentence_of_this_room_is_there_in_both_languages_with_the_same_parameters() -> None:
    files = [Path(commands.__file__), *Path(models.__file__).parent.rglob("*.py"),
             *Path(workshop.__file__).parent.rglob("*.py")]
    used = {code for file in files for code in re.findall(r'"(model_[a-z_]+)"', file.read_text())
            if code not in ("model_type", *jobs())}
    assert len(used) > 50
    for code in used:
        parameters = [set(re.findall(r"{(\w+)}", catalogue(language)[code])) for language in ("en", "fr")]
        assert parameters[0] == parameters[1], code
