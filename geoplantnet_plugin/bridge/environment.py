"""Builds the engine's Python environment in the QGIS profile, when a person asks for it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess  # nosec B404
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..common.resources import ROOT
from ..i18n import tr
from .build_steps import BUILD_SECONDS, BuildSteps
from .child import Child, clean_environment
from .events import Progress
from .interpreter import MINIMUM_PYTHON, environment_python

DOWNLOAD_MB = 170
INSTALLED_MB = 670
"""Measured on Linux with Python 3.11 in November 2026; other systems differ by some tens of MB."""

BUILD_MINUTES = round(BUILD_SECONDS / 60)

CHECKED_IMPORTS = ("import filelock, fpdf, geopandas, jinja2, jsonschema, matplotlib, networkx, numpy, onnx, "
                   "onnxruntime, platformdirs, pyogrio, pyproj, pystac, pystac_client, rasterio, requests, shapely, "
                   "tqdm")
"""All of `requirements`, under the names by which they are imported."""

REMOVAL_ATTEMPTS, REMOVAL_PAUSE = 10, 0.2


class BuildFailed(Exception):
    """The environment could not be built; the text is for the user."""


@dataclass(frozen=True)
class BuildReport:
    """Who hears of the build: `line` takes each line of output, `cancelled` is asked all the time, `step` is told how
    far it has come."""

    line: Callable[[str], None]
    cancelled: Callable[[], bool]
    step: Callable[[Progress], None] = lambda _: None


def requirements() -> list[str]:
    """Return the engine's requirements as pyproject.toml lists them (a TOML array of strings reads as Python)."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"^dependencies = (\[.*?^\])", text, re.MULTILINE | re.DOTALL)
    return list(ast.literal_eval(found.group(1))) if found else []


def build(destination: Path, python: Path, wheels: Path | None, report: BuildReport) -> bool:
    """Build the environment in a temporary folder and rename it to `destination`; False when cancelled.

    `python` makes the virtual environment; with `wheels` nothing is downloaded.

    Raises:
        BuildFailed: with a sentence for the user.
    """
    check_python(python)
    building = destination.with_name(destination.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.parent.mkdir(parents=True, exist_ok=True)
    steps = BuildSteps(report.step)
    steps.begin()
    try:
        for command, failure in _steps(building, python, wheels):
            if not _run(command, failure, report, steps):
                return False
        shutil.rmtree(destination, ignore_errors=True)
        building.rename(destination)
    finally:
        _remove(building)
    return True


def _remove(folder: Path) -> None:
    """Delete `folder`; what a stopped step had started may still write to it for a moment."""
    for _ in range(REMOVAL_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(REMOVAL_PAUSE)


def check_python(python: Path) -> None:
    """Raise `BuildFailed` when `python` is no Python or too old for the engine."""
    version = _ask(python, "import sys; print(*sys.version_info[:2])")
    if version is None:
        raise BuildFailed(tr("{python} is not a Python interpreter that can be started.").format(python=python))
    if tuple(map(int, version.split())) < MINIMUM_PYTHON:
        raise BuildFailed(tr("The engine needs Python {needed} or newer, but {python} is {found}. Install a newer "
                             "Python and choose it here.").format(
            needed=".".join(map(str, MINIMUM_PYTHON)), python=python, found=version.replace(" ", ".")))


def check_engine(python: Path) -> None:
    """Raise `BuildFailed` when `python` lacks any of the engine's requirements."""
    check_python(python)
    if _ask(python, CHECKED_IMPORTS) is None:
        raise BuildFailed(tr("{python} lacks some of the packages the engine needs. Install these into it: "
                             "{packages}").format(python=python, packages=", ".join(requirements())))


def _steps(building: Path, python: Path, wheels: Path | None) -> Sequence[tuple[list[str], str]]:
    inside = str(environment_python(building))
    offline = ["--no-index", "--find-links", str(wheels)] if wheels else []
    pip = [inside, "-m", "pip", "install", "--only-binary=:all:", "--no-input", "--disable-pip-version-check",
           "--progress-bar", "off", *offline, *requirements()]
    return (
        ([str(python), "-m", "venv", str(building)],
         tr("{python} could not make a virtual environment. On Debian and Ubuntu install the package "
            "python3-venv, then try again.").format(python=python)),
        (pip, tr("Some packages of {wheels} could not be installed; the lines above say which.").format(wheels=wheels)
         if wheels else tr("The packages could not be downloaded and installed; the lines above say why. Without a "
                           "network, choose a folder of wheels.")),
        ([inside, "-c", CHECKED_IMPORTS], tr("The environment was built but its packages cannot be loaded; the "
                                             "lines above say why.")),
    )


def _run(command: Sequence[str], failure: str, report: BuildReport, steps: BuildSteps) -> bool:
    try:
        child = Child(command, ROOT, subprocess.STDOUT)
    except OSError as error:
        raise BuildFailed(f"{failure} ({error})") from error
    with child:
        for line in child.lines(report.cancelled, lambda: None):
            report.line(line)
            steps.hear(line)
        exit_code = child.end()
    if report.cancelled():
        return False
    if exit_code:
        raise BuildFailed(failure)
    return True


def _ask(python: Path, code: str) -> str | None:
    try:
        answer = subprocess.run(  # nosec B603
            [str(python), "-c", code], env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
