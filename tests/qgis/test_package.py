"""The zip of `make package`, installed into a fresh profile by QGIS's own unzip. `make package` runs this."""

import csv
import json
import sys
import zipfile
from pathlib import Path

import pytest
from qgis.core import QgsApplication

ROOT = Path(__file__).resolve().parents[2]
ZIP = ROOT / "build" / "geoplantnet.zip"
DEMO = ROOT / "resources" / "demo"
sys.path.insert(0, str(ROOT / "tools"))
from headless import PLUGIN, Headless  # noqa: E402

pytestmark = pytest.mark.skipif(not ZIP.is_file(), reason="no build/geoplantnet.zip: run `make package`")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A profile that has only the plugin of the zip."""
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python"))
    from pyplugin_installer.unzip import unzip

    headless = Headless(tmp_path_factory.mktemp("fresh"))
    headless.plugins.mkdir()
    unzip(str(ZIP), str(headless.plugins))
    assert not (headless.plugins / PLUGIN).is_symlink()
    return headless.prepare()


def test_the_algorithms_are_there(installed):
    listed = json.loads(installed.process(["--json", "list"], capture_output=True).stdout)
    provider = listed["providers"]["geoplantnet"]
    assert {"geoplantnet:assess", "geoplantnet:loadassessment", "geoplantnet:setupengine"} <= set(
        provider["algorithms"])


def test_without_an_engine_it_says_what_to_do(installed, tmp_path):
    done = installed.run("geoplantnet:assess", _parameters(tmp_path / "out"), capture_output=True)
    assert done.returncode
    assert "Set up the engine" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_demo_runs_with_an_interpreter_of_ones_own(installed, tmp_path):
    python = ROOT / ".venv" / "bin" / "python"
    if not python.is_file():
        pytest.skip("no engine: run `make setup` first")
    chosen = installed.run("geoplantnet:setupengine", {"INTERPRETER": str(python)}, capture_output=True)
    assert not chosen.returncode, chosen.stdout + chosen.stderr
    done = installed.run("geoplantnet:assess", _parameters(tmp_path / "out"), capture_output=True)
    assert not done.returncode, done.stdout + done.stderr
    with (tmp_path / "out" / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) > 30


def test_nothing_of_the_checkout_is_missing_or_too_much():
    names = [name.partition("/")[2] for name in zipfile.ZipFile(ZIP).namelist()]
    assert {"metadata.txt", "LICENSE", "help/index.html", "demo/assessment.json",
            "resources/demo/predictors.tif"} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "training", "tools")) or "importers" in name]


def _parameters(out):
    return {"AREA": DEMO / "area.geojson", "PREDICTORS": [DEMO / "predictors.tif"], "OUTPUT": out}
