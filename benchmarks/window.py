"""``make bench-window``: how quick the window is, measured in QGIS itself under Xvfb.

Run it with the Python of the system. What it works on is made once and kept in ``build/bench-window``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from headless import Headless  # noqa: E402

FOLDER = ROOT / "build" / "bench-window"
TIMEOUT_SECONDS = 900


def main() -> int:
    """Make the data, let QGIS measure, print the figures."""
    subprocess.run([str(ROOT / ".venv" / "bin" / "python"), "-m", "benchmarks.window_data", str(FOLDER)],
                   check=True, cwd=ROOT)
    out = FOLDER / "from-the-panel"
    shutil.rmtree(out, ignore_errors=True)
    headless = Headless(FOLDER / "qgis").prepare()
    headless.window(Path(__file__).with_name("window_in_qgis.py"), TIMEOUT_SECONDS, GEOPLANTNET_BENCH=str(FOLDER),
                    GEOPLANTNET_BENCH_OUT=str(out))
    figures = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
    print("| figure | value |\n|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {_shown(name, value)} |")
    return 0


def _shown(name: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f} ms" if "block" in name else f"{1000 * value:,.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
