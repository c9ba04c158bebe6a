"""``make screenshots``: pictures of the real QGIS window, driven under Xvfb, into docs/images.

Run it with the Python of the system, after ``make demo``. The steps inside QGIS are in tools/screenshots_in_qgis.py.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from headless import ROOT, Headless

TIMEOUT_SECONDS = 900


def main() -> int:
    """Start QGIS on an X server of its own and return its exit code."""
    project = Path(os.environ.get("PROJECT") or ROOT / "build" / "demo" / "project.qgz").absolute()
    images = Path(os.environ.get("IMAGES") or ROOT / "docs" / "images").absolute()
    images.mkdir(parents=True, exist_ok=True)
    headless = Headless(ROOT / "build" / "screenshots").prepare()
    return headless.window(Path(__file__).with_name("screenshots_in_qgis.py"), TIMEOUT_SECONDS,
                           GEOPLANTNET_PROJECT=str(project), GEOPLANTNET_IMAGES=str(images),
                           **{f"GEOPLANTNET_{key}": str(ROOT / "build" / folder / "project.qgz")
                              for key, folder in (("LAND", "granada"), ("SITE", "site"))})


if __name__ == "__main__":
    sys.exit(main())
