"""``make demo``: the main job through qgis_process, on the simulated valley or on data of one's own.

Without arguments it goes on to real land, offline: the province of Granada (map, table, report) and a site in it
(survey list, report). Writes to build/demo, build/granada and build/site, or to a folder that is new. Nothing is
deleted: an earlier demo is put aside. The QGIS profile of the user is left alone.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import shlex
import sys
from pathlib import Path

from headless import ROOT, Headless

BUILD = ROOT / "build"
DEMO = ROOT / "resources" / "demo"
SHOWN = 12


def main() -> int:
    """Run the demo and return the exit code."""
    args = _arguments()
    out = Path(args.out or BUILD / "demo").absolute()
    if not args.out:
        _put_aside(out)
    headless = Headless(BUILD / "demo-profile").prepare()
    failed = _assess(headless, _parameters(args, out), out)
    if not failed and len(sys.argv) == 1:
        failed = _real(headless, "granada") or _real(headless, "site")
    return failed


def _real(headless: Headless, name: str) -> int:
    """Assess a real area without naming a model or a raster, and make its report."""
    out = BUILD / name
    _put_aside(out)
    area = str(DEMO / "real" / f"{name}.geojson")
    return (_assess(headless, {"AREA": area, "COUNTRY": "ES", "OUTPUT": str(out)}, out)
            or headless.run("geoplantnet:report", {"FOLDER": str(out)}).returncode)


def _assess(headless: Headless, parameters: dict[str, object], out: Path) -> int:
    print(f"Running geoplantnet:assess through qgis_process into {_short(out)} …", flush=True)
    done = headless.run("geoplantnet:assess", parameters)
    if done.returncode or not (out / "project.qgz").is_file():
        print("The demo did not finish; the lines above say why.", file=sys.stderr)
        return done.returncode or 1
    if (out / "coverage.csv").is_file():
        _show_coverage(out / "coverage.csv")
        print(f"\nLook at the picture:   {_short(out / 'map.png')}")
    if (out / "survey_list.csv").is_file():
        _show_survey_list(out / "survey_list.csv")
    print(f"Open it in QGIS:       qgis {_short(out / 'project.qgz')}\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/demo.py", description=__doc__)
    parser.add_argument("--area", default=str(DEMO / "area.geojson"))
    parser.add_argument("--model", default="western-swiss-alps")
    parser.add_argument("--predictors", default="", help="rasters or one folder, separated by blanks; quote such paths")
    parser.add_argument("--predictor-crs", default="")
    parser.add_argument("--resolution", default="")
    parser.add_argument("--out", help="a new folder")
    return parser.parse_args()


def _paths(text: str) -> list[str]:
    """Return the paths of a text in which they stand as in a shell; one that exists as it is, is one path."""
    return [text] if Path(text).exists() and text else shlex.split(text)


def _parameters(args: argparse.Namespace, out: Path) -> dict[str, object]:
    sources = [str(Path(path).absolute()) for path in _paths(args.predictors)]
    folders = [path for path in sources if Path(path).is_dir()]
    rasters = [path for path in sources if path not in folders]
    chosen = {
        "AREA": str(Path(args.area).absolute()), "MODEL": args.model,
        "PREDICTORS": rasters or ([] if folders else [str(DEMO / "predictors.tif")]),
        "PREDICTOR_FOLDER": folders[:1], "PREDICTOR_CRS": args.predictor_crs,
        "RESOLUTION": args.resolution, "OUTPUT": str(out)}
    return {name: value for name, value in chosen.items() if value}


def _put_aside(out: Path) -> None:
    """Rename an earlier demo."""
    if out.exists():
        number = next(number for number in itertools.count(1) if not out.with_name(f"{out.name}-{number}").exists())
        aside = out.rename(out.with_name(f"{out.name}-{number}"))
        print(f"The earlier demo is now in {_short(aside)}.")


def _show_coverage(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"\nCoverage: share of the area's cells in which a species is predicted ({len(rows)} species)")
    for row in rows[:SHOWN]:
        print(f"  {float(row['Coverage %']):6.2f} %  {row['Name']:36.36}  {row['Family']}")


def _show_survey_list(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"\nSurvey list: {len(rows)} species; chance of being recorded in the 10 km square, and records there")
    for row in rows[:SHOWN]:
        chance = row["Chance of being recorded"]
        shown = f"{100 * float(chance):5.0f} %" if chance else "      –"
        print(f"  {row['Group']} {shown}  {row['Name']:32.32} {row['Recorded']:5} {row['Why']}")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
