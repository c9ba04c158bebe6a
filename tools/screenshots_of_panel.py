"""Pictures of the panel's states at several sizes, letters, languages and themes, into build/panel: part of
``make screenshots``, and of looking at a change.

Run it with the Python of the system, after ``make demo``. The steps inside QGIS are in
tools/screenshots_of_panel_in_qgis.py; `IMAGES` is another folder for the pictures, `ASSESSMENT` another assessment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from headless import ROOT, Headless

TIMEOUT_SECONDS = 900
LARGE_LETTERS = "[qgis]\nstylesheet\\fontPointSize=15\n[app]\nfontPointSize=15\n"
FRENCH = "[locale]\nuserLocale=fr\noverrideFlag=true\n"
DARK = "[UI]\nUITheme=Night Mapping\n"
VARIANTS = {"wide": ("1920x1080x24", ""), "small": ("1280x720x24", ""), "large-letters": ("1280x720x24", LARGE_LETTERS),
            "french": ("1600x1000x24", FRENCH), "dark": ("1600x1000x24", DARK)}
"""By the name of the pictures: the screen, and QGIS's settings."""
BEFORE = "7eb3286"
"""The last commit with pictures of the panel as it was before its pages were designed anew."""


def main() -> int:
    """Start QGIS once a variant (all, or those named) and return the worst exit code."""
    assessment = Path(os.environ.get("ASSESSMENT") or ROOT / "build" / "demo").absolute()
    images = Path(os.environ.get("IMAGES") or ROOT / "build" / "panel").absolute()
    images.mkdir(parents=True, exist_ok=True)
    write_before(images / "before")
    worst = 0
    for name in sys.argv[1:] or VARIANTS:
        screen, settings = VARIANTS[name]
        folder = ROOT / "build" / "screenshots-of-panel" / name
        shutil.rmtree(folder, ignore_errors=True)
        headless = Headless(folder).prepare()
        copy = shutil.copytree(assessment, folder / "demo")  # a part is saved in it
        worst = max(worst, headless.window(
            Path(__file__).with_name("screenshots_of_panel_in_qgis.py"), TIMEOUT_SECONDS, screen=screen,
            settings=settings, GEOPLANTNET_ASSESSMENT=str(copy), GEOPLANTNET_IMAGES=str(images / name),
            GEOPLANTNET_OTHER=str(ROOT / "build" / "granada")))
    return worst


def write_before(folder: Path) -> None:
    """Write the pictures of then from the repository's history; a copy without a history has none."""
    listed = _git("ls-tree", "--name-only", BEFORE, "docs/images/")
    for name in listed.stdout.decode().split():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / Path(name).name).write_bytes(_git("show", f"{BEFORE}:{name}").stdout)


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
