"""QGIS Server: the project of a finished assessment, and its address behind the service's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from uuid import UUID

from geoplantnet_plugin.common.assessment import PROJECT
from geoplantnet_plugin.common.resources import ROOT

from .folders import JobFolder
from .queue import Again, Tools

PLUGIN = "geoplantnet"
SECONDS = 300


def make_project(tools: Tools, id: UUID) -> None:
    """Write ``project.qgz`` into a finished assessment with qgis_process and this plugin.

    Raises:
        Again: QGIS did not do it.
    """
    folder = JobFolder(tools.settings.results, id)
    if not folder.assessment.is_dir() or (folder.assessment / PROJECT).is_file():
        return
    with tempfile.TemporaryDirectory(prefix="gpn-qgis-") as profile:
        (Path(profile) / "plugins").mkdir()
        (Path(profile) / "plugins" / PLUGIN).symlink_to(ROOT, target_is_directory=True)
        _qgis_process(Path(profile), "plugins", "enable", PLUGIN)
        said = _qgis_process(Path(profile), "run", "geoplantnet:loadassessment", "--", f"FOLDER={folder.assessment}",
                             "WRITE_PROJECT=true")
    if not (folder.assessment / PROJECT).is_file():
        raise Again(said[-500:])


def _qgis_process(profile: Path, *arguments: str) -> str:
    # Debian's wrapper around qgis_process.bin is broken in QGIS 3.22.
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        raise Again("qgis_process")
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**kept, "PATH": os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")]),
                   "QT_QPA_PLATFORM": "offscreen", "QGIS_PLUGINPATH": str(profile / "plugins"),
                   "QGIS_CUSTOM_CONFIG_PATH": str(profile / "profile"), "XDG_RUNTIME_DIR": str(profile)}
    done = subprocess.run([program, *arguments], env=environment, text=True, check=False, timeout=SECONDS,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout
