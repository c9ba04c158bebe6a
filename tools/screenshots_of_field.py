"""The second half of ``make screenshots``: the demo packed for the field, opened in a QGIS without the plugin.

Run it with the Python of the system, after ``make demo``. The steps inside QGIS are in
tools/screenshots_of_field_in_qgis.py.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from headless import ROOT, Headless

TIMEOUT_SECONDS = 600


def main() -> int:
    """Pack the demo, start QGIS on an X server of its own and return its exit code."""
    assessment = Path(os.environ.get("ASSESSMENT") or ROOT / "build" / "demo").absolute()
    images = Path(os.environ.get("IMAGES") or ROOT / "docs" / "images").absolute()
    package = ROOT / "build" / "meadow-field"
    shutil.rmtree(package, ignore_errors=True)
    headless = Headless(ROOT / "build" / "screenshots").prepare()
    done = headless.run("geoplantnet:packfield", {
        "FOLDER": str(assessment), "OUTPUT": str(package), "POINTS": "24",
        "BASEMAP": str(ROOT / "resources" / "demo" / "elevation.tif")})
    if done.returncode:
        return done.returncode
    return headless.window(Path(__file__).with_name("screenshots_of_field_in_qgis.py"), TIMEOUT_SECONDS, plugin=False,
                           GEOPLANTNET_PROJECT=str(package / "meadow-field.qgz"), GEOPLANTNET_IMAGES=str(images))


if __name__ == "__main__":
    sys.exit(main())
