"""``make demo``: the main job through qgis_process, on the simulated valley or on data of one's own.

Reads AREA, MODEL, PREDICTORS (separated by spaces; rasters or one folder), PREDICTOR_CRS, RESOLUTION and OUT from
the environment; writes to build/demo. The QGIS profile of the user is left alone.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from pathlib import Path

from headless import ROOT, Headless

BUILD = ROOT / "build"
DEMO = ROOT / "resources" / "demo"
SHOWN = 12


def main() -> int:
    """Run the demo and return the exit code."""
    out = Path(os.environ.get("OUT") or BUILD / "demo").absolute()
    _make_way(out)
    print("Running geoplantnet:assess through qgis_process …", flush=True)
    done = Headless(BUILD / "demo-profile").prepare().run("geoplantnet:assess", _parameters(out))
    if done.returncode or not (out / "project.qgz").is_file():
        print("The demo did not finish; the lines above say why.", file=sys.stderr)
        return done.returncode or 1
    _show_coverage(out / "coverage.csv")
    print(f"\nOpen the map in QGIS:  qgis {_short(out / 'project.qgz')}")
    print(f"Look at the picture:   {_short(out / 'map.png')}")
    return 0


def _parameters(out: Path) -> dict[str, object]:
    sources = [str(Path(path).absolute()) for path in os.environ.get("PREDICTORS", "").split()]
    folders = [path for path in sources if Path(path).is_dir()]
    rasters = [path for path in sources if path not in folders]
    chosen = {
        "AREA": str(Path(os.environ.get("AREA") or DEMO / "area.geojson").absolute()),
        "MODEL": os.environ.get("MODEL") or "western-swiss-alps",
        "PREDICTORS": rasters or ([] if folders else [str(DEMO / "predictors.tif")]),
        "PREDICTOR_FOLDER": folders[:1], "PREDICTOR_CRS": os.environ.get("PREDICTOR_CRS", ""),
        "RESOLUTION": os.environ.get("RESOLUTION", ""), "OUTPUT": str(out)}
    return {name: value for name, value in chosen.items() if value}


def _make_way(out: Path) -> None:
    """Remove an earlier demo; anything else in the folder is left to the engine to refuse."""
    if (out / "assessment.json").is_file():
        shutil.rmtree(out)


def _show_coverage(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"\nCoverage: share of the area's cells in which a species is predicted ({len(rows)} species)")
    for row in rows[:SHOWN]:
        print(f"  {float(row['Coverage %']):6.2f} %  {row['Name']:36.36}  {row['Family']}")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
