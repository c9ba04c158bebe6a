"""Which Python runs the engine, and which Python can build an environment for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..common.resources import ROOT
from ..i18n import tr
from .settings import PluginSettings, data_folder
from .version import plugin_version

MINIMUM_PYTHON = (3, 10)


@dataclass(frozen=True)
class Engine:
    """A Python interpreter with the engine's requirements; `origin`: setting, developer or profile."""

    python: Path
    origin: str


class EngineMissing(Exception):
    """There is no engine; the text says what to do."""


def find_engine() -> Engine:
    """Return the engine: the interpreter of the settings, else ``.venv`` beside the plugin, else the profile's.

    Raises:
        EngineMissing: with a sentence for the user.
    """
    chosen = PluginSettings.load().interpreter
    if chosen:
        if not Path(chosen).is_file():
            raise EngineMissing(tr("The Python interpreter chosen for the engine does not exist any more: {path}. "
                                   "Choose another with “Set up the engine”.").format(path=chosen))
        return Engine(Path(chosen), "setting")
    for folder, origin in ((ROOT / ".venv", "developer"), (environment_folder(), "profile")):
        if environment_python(folder).is_file():
            return Engine(environment_python(folder), origin)
    raise EngineMissing(tr("The engine that runs the models is not set up yet. The GeoPl@ntNet panel and the tool “Set "
                           "up the engine” do that; they can also take a Python environment of your own. Existing "
                           "assessments open without it."))


def environment_folder() -> Path:
    """Return where this version's environment lives in the profile: a new version never touches an old one."""
    return data_folder() / f"engine-{plugin_version()}"


def environment_python(folder: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def base_python() -> Path | None:
    """Return the Python of QGIS itself: inside QGIS `sys.executable` may be QGIS (Windows, macOS)."""
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    executable = Path(sys.executable) if sys.executable else None
    if executable and executable.stem.lower().startswith("python"):
        yield executable
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for prefix in dict.fromkeys((sys.base_prefix, sys.prefix, str(executable.parent) if executable else sys.prefix)):
        if os.name == "nt":
            yield from (Path(prefix) / name for name in ("python.exe", "python3.exe"))
        else:
            yield from (Path(prefix) / "bin" / name for name in (version, "python3"))
