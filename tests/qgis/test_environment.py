"""Building the engine's environment: what fails, fails with a sentence and leaves nothing behind."""

import re
import sys
from pathlib import Path

import pytest

from geoplantnet_plugin.bridge.environment import (
    CHECKED_IMPORTS,
    BuildFailed,
    BuildReport,
    build,
    check_engine,
    check_python,
    requirements,
)
from geoplantnet_plugin.bridge.interpreter import base_python

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def wheels(tmp_path):
    (tmp_path / "wheels").mkdir()
    return tmp_path / "wheels"


def _left(folder):
    return [path.name for path in folder.iterdir()]


def test_the_requirements_are_those_of_pyproject():
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert requirements() == project["dependencies"]


def test_all_requirements_are_checked():
    other_names = {"fpdf2": "fpdf", "pystac-client": "pystac_client"}
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in requirements()]
    assert CHECKED_IMPORTS.removeprefix("import ").split(", ") == sorted(other_names.get(name, name) for name in names)


def test_missing_wheels_are_told_and_nothing_is_left(tmp_path, wheels):
    lines = []
    profile = tmp_path / "profile"
    with pytest.raises(BuildFailed, match="wheels could not be installed"):
        build(profile / "engine-1", base_python(), wheels, BuildReport(lines.append, lambda: False))
    assert any("No matching distribution" in line for line in lines)
    assert _left(profile) == []


def test_a_cancelled_build_leaves_the_environment_that_was_there(tmp_path, wheels):
    old = tmp_path / "profile" / "engine-1"
    old.mkdir(parents=True)
    (old / "marker").touch()
    assert build(old, base_python(), wheels, BuildReport(lambda line: None, lambda: True)) is False
    assert _left(tmp_path / "profile") == ["engine-1"] and (old / "marker").exists()


def test_what_is_no_python_is_refused(tmp_path):
    with pytest.raises(BuildFailed, match="not a Python interpreter"):
        check_python(tmp_path / "nothing")


def test_an_old_python_is_refused(tmp_path):
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\necho 3 9\n")
    old.chmod(0o755)
    with pytest.raises(BuildFailed, match=r"needs Python 3\.10 or newer, but .* is 3\.9"):
        check_python(old)


def test_a_python_without_the_packages_is_refused_with_their_names(tmp_path):
    with pytest.raises(BuildFailed, match="onnxruntime"):
        check_engine(Path(sys.executable))
