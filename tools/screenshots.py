"""``make screenshots``: pictures of the real QGIS window, driven under Xvfb, into docs/images.

Run it with the Python of the system, after ``make demo``. The steps inside QGIS are in tools/screenshots_in_qgis.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from headless import PLUGIN, ROOT, Headless

DISPLAY = ":97"
SCREEN = "1600x1000x24"
TIMEOUT_SECONDS = 180


def main() -> int:
    """Start an X server and QGIS in it, and return QGIS's exit code."""
    project = Path(os.environ.get("PROJECT") or ROOT / "build" / "demo" / "project.qgz").absolute()
    images = Path(os.environ.get("IMAGES") or ROOT / "docs" / "images").absolute()
    images.mkdir(parents=True, exist_ok=True)
    headless = Headless(ROOT / "build" / "screenshots").prepare()
    profiles = headless.folder / "profiles"
    _enable(profiles)
    with subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", SCREEN, "+extension", "GLX"],
                          stderr=subprocess.DEVNULL) as server:
        try:
            return subprocess.run(
                ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(profiles), "--profile", "default",
                 "--code", str(Path(__file__).with_name("screenshots_in_qgis.py"))],
                env={**headless.environment(), "QGIS_CUSTOM_CONFIG_PATH": "", "QT_QPA_PLATFORM": "xcb",
                     "DISPLAY": DISPLAY, "LIBGL_ALWAYS_SOFTWARE": "1", "GEOPLANTNET_PROJECT": str(project),
                     "GEOPLANTNET_IMAGES": str(images)},
                check=False, timeout=TIMEOUT_SECONDS).returncode
        finally:
            server.terminate()


def _enable(profiles: Path) -> None:
    settings = profiles / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"[PythonPlugins]\n{PLUGIN}=true\n\n[app]\nfirstRunVersionFlag=999999\n"
                        "[qgis]\ncheckVersion=false\nshowTips=false\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
