"""What `make` passes on, and that nothing of a person's is deleted."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest

from geoplantnet_plugin.common.resources import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def dry(*arguments, **environment):
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "-n", "demo", *arguments], cwd=ROOT, check=True, capture_output=True, text=True,
                          env={**clean, **environment})
    return done.stdout.splitlines()[-1]


@needs_make
def test_the_demo_takes_nothing_from_the_environment():
    assert dry(OUT="/home/somebody", AREA="a", MODEL="m", PREDICTORS="p").split() == ["/usr/bin/python3",
                                                                                     "tools/demo.py"]


@needs_make
def test_the_demo_takes_paths_with_blanks_and_quotes():
    line = dry("OUT=my maps/it's new", "PREDICTORS='my maps/a.tif' b.tif", "AREA=$$HOME.gpkg")
    assert "--out 'my maps/it'\\''s new'" in line and "--area '$HOME.gpkg'" in line


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("demo", ROOT / "tools" / "demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_earlier_demo_is_put_aside(demo, tmp_path):
    for text in ("first", "second"):
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "notes.txt").write_text(text)
        demo._put_aside(tmp_path / "demo")
    assert not (tmp_path / "demo").exists()
    assert [(tmp_path / f"demo-{n}" / "notes.txt").read_text() for n in (1, 2)] == ["first", "second"]


def test_paths_of_predictors(demo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my maps").mkdir()
    assert demo._paths("my maps") == ["my maps"]
    assert demo._paths("'my maps/a.tif' b.tif") == ["my maps/a.tif", "b.tif"]
    assert demo._paths("") == []


def test_training_helps_without_its_packages():
    done = subprocess.run([sys.executable, "-S", "-m", "training", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "describe --plots" in done.stdout and "Training needs PyTorch" in done.stderr
