"""QGIS without its window and without the user's profile: for the demo, the tests and the screenshots.

Standard library only; run it with the Python of the system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = "geoplantnet"
SCREEN = "1600x1000x24"


@dataclass(frozen=True)
class Headless:
    """A QGIS profile in `folder` in which the plugin is linked and enabled, whatever this repository is called."""

    folder: Path

    @property
    def plugins(self) -> Path:
        """The folder that holds a link to this repository."""
        return self.folder / "plugins"

    def environment(self) -> dict[str, str]:
        """Return the environment in which QGIS sees this profile, and its own Python, alone.

        QGIS looks for its Python along the PATH; one of pyenv or conda that comes first there crashes it.
        """
        kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
        path = os.pathsep.join([str(Path(qgis_process()).parent), os.environ.get("PATH", "")])
        return {**kept, "PATH": path, "QT_QPA_PLATFORM": "offscreen", "QGIS_PLUGINPATH": str(self.plugins),
                "QGIS_CUSTOM_CONFIG_PATH": str(self.folder / "profile")}

    def prepare(self) -> Headless:
        """Link and enable the plugin."""
        self.plugins.mkdir(parents=True, exist_ok=True)
        link = self.plugins / PLUGIN
        if not link.exists():
            link.symlink_to(ROOT, target_is_directory=True)
        self.process(["plugins", "enable", PLUGIN], capture_output=True)
        return self

    def process(self, arguments: Iterable[str], **options: object) -> subprocess.CompletedProcess[str]:
        """Run qgis_process."""
        return subprocess.run([qgis_process(), *arguments], env=self.environment(), text=True, check=False, **options)

    def run(self, algorithm: str, parameters: Mapping[str, object], json: bool = False,
            **options: object) -> subprocess.CompletedProcess[str]:
        """Run an algorithm; a list is given as one argument per item."""
        items = [(key, item) for key, value in parameters.items()
                 for item in (value if isinstance(value, (list, tuple)) else [value])]
        return self.process(["run", algorithm, *(["--json"] if json else []), "--",
                             *(f"{key}={item}" for key, item in items)], **options)

    def window(self, script: Path, timeout: int, plugin: bool = True, screen: str = SCREEN, settings: str = "",
               **environment: str) -> int:
        """Run `script` inside QGIS's window, with or without the plugin, and return QGIS's exit code.

        The window is on an X server of its own, which has a `screen`; `settings` are lines of QGIS's settings file.
        The script can import what lies in this folder (window_steps.py).
        """
        profiles = self.folder / "profiles"
        file = profiles / "profiles" / "default" / "QGIS" / "QGIS3.ini"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"[PythonPlugins]\n{PLUGIN}={str(plugin).lower()}\n\n[app]\nfirstRunVersionFlag=999999\n"
                        f"[qgis]\ncheckVersion=false\nshowTips=false\n{settings}", encoding="utf-8")
        with subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", screen, "+extension", "GLX"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                display = f":{server.stdout.readline().strip()}"  # the first free one
                return subprocess.run(
                    ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(profiles), "--profile", "default",
                     "--code", str(script)],
                    env={**self.environment(), "QGIS_CUSTOM_CONFIG_PATH": "", "QT_QPA_PLATFORM": "xcb",
                         "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", "PYTHONPATH": str(ROOT / "tools"),
                         **environment},
                    check=False, timeout=timeout).returncode
            finally:
                server.terminate()


def qgis_process() -> str:
    """Return the program; Debian's wrapper around ``qgis_process.bin`` is broken in QGIS 3.22."""
    found = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if not found:
        raise SystemExit("qgis_process was not found: install QGIS (make demo does it on Debian and Ubuntu).")
    return found
