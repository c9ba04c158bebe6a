"""The one table of commands: each can be called by what it says of itself, at a terminal and as a job."""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import AssessJob, FetchJob, FloraJob, ModelOptions, PublishedOptions
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, placed, typed
from geoplantnet_plugin.engine.commands.line import parse
from geoplantnet_plugin.engine.commands.source_arguments import source_arguments
from geoplantnet_plugin.engine.commands.table import commands, groups, jobs
from geoplantnet_plugin.engine.sources.table import SOURCES, SourceKind

ROOT = Path(__file__).resolve().parents[3]
QGIS_SIDE = ("bridge", "gui", "processing")


def request_of(*arguments: str) -> Any:
    """Return what the command of `arguments` would be asked for."""
    command, given, _ = parse(arguments)
    heard: list[Any] = []
    Command(lambda asked, reporter: heard.append(asked) or {}, command.request, preset=command.preset,
            read=command.read, read_typed=command.read_typed).of_line(given, Reporter())
    return heard[0]


def test_words_and_jobs_are_given_once() -> None:
    words = [command.words for command in commands() if command.words]
    names = [command.job for command in commands() if command.job]
    assert len(set(words)) == len(words) and len(set(names)) == len(names) == len(jobs())
    assert all(command.words or command.job for command in commands())
    assert {words.partition(" ")[0] for words in words if " " in words} <= groups().keys()


def test_every_argument_is_a_field_of_the_request() -> None:
    for command in commands():
        assert is_dataclass(command.request) or command.request is argparse.Namespace
        known = {field.name for field in fields(command.request)} if is_dataclass(command.request) else set()
        assert command.preset.keys() <= known | {"source"}
        for argument in command.arguments:
            assert getattr(argument, "field", None) in {*known, None}


def test_what_is_typed_becomes_the_request() -> None:
    job = request_of("assess", "--area", "a.gpkg", "--out", "out", "--model", "m", "--predictors", "x.tif", "y.tif",
                     "--resolution", "25", "--indicators", "richness,shannon", "--memory", "1GB")
    assert job == AssessJob("a.gpkg", Path("out").absolute(), ModelOptions("m", ("x.tif", "y.tif")), 25.0,
                            indicators=("richness", "shannon"), memory=1024**3)
    job = request_of("assess", "--area", "a.gpkg", "--out", "out", "--source", "geoplantnet", "--family", "Poaceae",
                     "--family", "Rosaceae", "--offline", "--model", "counts-nothing")
    assert job.source == PublishedOptions(families=("Poaceae", "Rosaceae"), offline=True)
    assert request_of("flora", "species", "weurope", "--language", "fr") == FloraJob(
        "species", project="weurope", language="fr")
    asked = request_of("cube", "fetch", "--area", "a.gpkg", "--out", "f", "--source", "chelsa", "--from", "2024-06-01")
    assert asked == FetchJob("a.gpkg", Path("f").absolute(), ("chelsa",), start="2024-06-01")


@pytest.mark.parametrize(("arguments", "code"), [
    (("--source", "none"), "source_unknown"), (("--memory", "much"), "memory_invalid")])
def test_what_cannot_be_understood_is_said(arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        request_of("assess", "--area", "a.gpkg", "--out", "out", *arguments)
    assert caught.value.code == code


def test_type_default_and_need_are_those_of_the_field() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    for argument in (placed("area"), typed("out"), typed("resolution"), typed("sources"), typed("accepted", flag="-y")):
        argument.add(parser, FetchJob)
    given = parser.parse_args(["a", "--out", "o", "--resolution", "2", "--sources", "b", "c", "-y"])
    assert vars(given) == {"area": "a", "out": Path("o"), "resolution": 2.0, "sources": ["b", "c"], "accepted": True}
    assert vars(parser.parse_args(["a", "--out", "o"]))["accepted"] is None, "the field's default counts"
    with pytest.raises((argparse.ArgumentError, SystemExit)):
        parser.parse_args(["a"])


@dataclass(frozen=True)
class DiceOptions:
    """A toy score source."""

    KIND: ClassVar[str] = "dice"
    model: str = ""
    sides: int = 6


def test_the_options_of_a_new_score_source_can_be_typed_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    unused = partial(pytest.fail, "nothing is planned here")
    monkeypatch.setitem(SOURCES, "dice", SourceKind(DiceOptions, unused, unused))
    command = next(entry for entry in commands() if entry.words == "assess")
    parser = argparse.ArgumentParser()
    for argument in source_arguments():
        argument.add(parser, AssessJob)
    given = parser.parse_args(["--source", "dice", "--model", "any", "--sides", "20"])
    given.area, given.out = "a.gpkg", Path("out")
    heard: list[AssessJob] = []
    replace(command, run=lambda job, reporter: heard.append(job) or {}).of_line(given, Reporter())
    assert heard[0].source == DiceOptions("any", 20)


def test_the_plugin_asks_only_for_jobs_that_there_are() -> None:
    """In QGIS the names are written as first argument of `run_engine`, `run_job` and `ask`, or as a class's `JOB`."""
    asked = set()
    for path in (file for room in QGIS_SIDE for file in (ROOT / "geoplantnet_plugin" / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                    "run_engine", "ask") and node.args and isinstance(node.args[0], ast.Constant):
                asked.add(node.args[0].value)
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "JOB":
                asked.add(node.value.value)  # type: ignore[attr-defined]
    assert len(asked - {""}) > 10 and asked - {""} <= jobs().keys()


def test_the_child_runs_a_job_of_the_table(tmp_path: Path) -> None:
    lines = json.dumps({"job": "models"}), json.dumps({"job": "nothing"}), json.dumps({"job": "models", "colour": 1})
    ends = [subprocess.run([sys.executable, "-m", "geoplantnet_plugin.engine"], input=f"{line}\n", cwd=ROOT, text=True,
                           capture_output=True, check=False) for line in lines]
    assert [end.returncode for end in ends] == [0, 2, 2]
    events = [json.loads(end.stdout.splitlines()[-1]) for end in ends]
    assert {"western-swiss-alps"} <= {model["name"] for model in events[0]["models"]} and "text" not in events[0]
    assert "nothing" in events[1]["params"]["reason"] and "colour" in events[2]["params"]["reason"]
