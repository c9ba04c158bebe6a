"""The commands ``geoplantnet pack`` and ``geoplantnet field``."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.jobs import PackRequest, ReadFieldRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter

PROJECT_ALGORITHM = "geoplantnet:fieldproject"


def register(commands: Any) -> None:
    """Add ``pack`` and ``field`` to the command line."""
    parser = commands.add_parser("pack", help="a field package for QField and QGIS from a finished assessment")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a finished assessment")
    parser.add_argument("--out", required=True, type=Path, help="new folder; its name is the project's")
    parser.add_argument("--lang", dest="language", default="en", choices=("en", "fr"))
    parser.add_argument("--points", type=int, default=30, help="points to visit (default 30)")
    parser.add_argument("--hours", type=float, help="hours of work, instead of a number of points")
    parser.add_argument("--weight", default="both", help="even, uncertainty, stake or both (default)")
    parser.add_argument("--strata", default="", help="habitat or richness: share the points among their classes")
    parser.add_argument("--access", default="", metavar="FILE", help="polygons outside which nobody can go")
    parser.add_argument("--seed", type=int, default=1, help="the same number gives the same plan")
    parser.add_argument("--species", nargs="+", default=[], metavar="NAME", help="species whose maps go along")
    parser.add_argument("--species-maps", type=int, default=10, help="how many otherwise (default 10)")
    parser.add_argument("--budget", type=float, default=500.0, metavar="MB")
    parser.set_defaults(handler=_pack)
    room = commands.add_parser("field", help="what tablets brought back").add_subparsers(required=True, metavar="WHAT")
    read = room.add_parser("read", help="merge what tablets brought back into an assessment, and weigh it up")
    read.add_argument("folder", type=Path, metavar="DIR", help="folder of the assessment")
    read.add_argument("returned", type=Path, nargs="+", metavar="PACKAGE", help="folder, zip or survey.gpkg")
    read.set_defaults(handler=_read)


def _pack(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    given = {field.name: getattr(args, field.name) for field in fields(PackRequest)}
    job = PackRequest(**{**given, "out": args.out.absolute(), "species": tuple(args.species)})
    done = pack_job(asdict(job), reporter)
    _make_project(job.out, reporter)
    return {**done, "text": render("field_packed", {"out": job.out, "points": done["points"], "size": done["size"]})}


def pack_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `PackRequest`): all of a package but basemap and project."""
    from geoplantnet_plugin.engine.field.package import MEGABYTE, pack

    texts = {name: str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
             for name, value in document.items()}
    package = pack(from_document(PackRequest, texts), reporter)
    return {"out": texts["out"], "points": package.points, "size": round(package.size / MEGABYTE, 1)}


def _read(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    done = read_job({"folder": str(args.folder), "returned": [str(path) for path in args.returned]}, reporter)
    return {**done, "text": render("field_was_read", done)}


def read_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `ReadFieldRequest`)."""
    from geoplantnet_plugin.engine.field.read import read_field

    done = read_field(from_document(ReadFieldRequest, document), reporter)
    outcomes = Counter(row.outcome for row in done.verdict.species)
    return {"out": str(done.folder), "new": done.new, "issues": len(done.issues),
            **{name: outcomes[name] for name in ("confirmed", "added", "not_found", "not_looked")}}


def _make_project(out: Path, reporter: Reporter) -> None:
    """Have QGIS make the project, and say so where there is no QGIS that could."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is not None:
        done = subprocess.run([program, "run", PROJECT_ALGORITHM, "--", f"FOLDER={out}"], capture_output=True,
                              text=True, check=False)
        if done.returncode == 0 and any(out.glob("*.qgz")):
            return
    reporter.warning("field_no_project", out=out)
