"""What a person without an engine does first, in a real window: set up from PyPI by the panel's button, then the demo.

Run it with the Python of the system, after ``make demo``. It downloads and installs what a person would (about 170 MB),
into a profile below ``build``. Pictures go to build/panel/set-up, times and sizes to the terminal. The steps in QGIS
are in tools/screenshots_of_set_up_in_qgis.py.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from headless import PLUGIN, ROOT, Headless

FOLDER = ROOT / "build" / "set-up"
IMAGES = ROOT / "build" / "panel" / "set-up"
PACKED = ("__init__.py", "metadata.txt", "pyproject.toml", "LICENSE", "README.md", "geoplantnet_plugin", "resources")
TIMEOUT_SECONDS = 3600


def main() -> int:
    """Start QGIS with a copy of the plugin that has no engine beside it; return its exit code, or 1 if it failed."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    headless = Headless(FOLDER)
    copy = headless.plugins / PLUGIN
    listed = subprocess.run(["git", "ls-files", "-z", "--", *PACKED], cwd=ROOT, check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    shutil.copytree(ROOT / "build" / "demo", copy / "demo")
    told = FOLDER / "told.json"
    code = headless.prepare().window(Path(__file__).with_name("screenshots_of_set_up_in_qgis.py"), TIMEOUT_SECONDS,
                                     GEOPLANTNET_IMAGES=str(IMAGES), GEOPLANTNET_TOLD=str(told))
    if not told.exists():
        print("The set-up did not come to its end: see the pictures.", file=sys.stderr)
        return 1
    print(json.dumps(json.loads(told.read_text(encoding="utf-8")), indent=1))
    return code


if __name__ == "__main__":
    sys.exit(main())
