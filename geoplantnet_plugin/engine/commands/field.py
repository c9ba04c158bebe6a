"""The commands ``geoplantnet pack`` and ``geoplantnet field``."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.jobs import ArchiveRequest, PackRequest, ReadFieldRequest
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from geoplantnet_plugin.engine.field.validate import Fault

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
    archive = room.add_parser("archive", help="the survey as a Darwin Core Archive, checked by our own rules")
    archive.add_argument("folder", type=Path, metavar="DIR", help="folder of the assessment")
    archive.add_argument("--title", default="")
    archive.add_argument("--creator", default="", required=True, help="who made the survey")
    archive.add_argument("--organisation", default="", help="who publishes it (default: the creator)")
    archive.add_argument("--contact", default="", help="an e-mail address")
    archive.add_argument("--licence", default="CC-BY-4.0", help="CC0-1.0, CC-BY-4.0 (default) or CC-BY-NC-4.0")
    archive.add_argument("--generalise", type=float, default=0.0, metavar="M",
                         help="move events with listed species into the middle of squares so large")
    archive.add_argument("--media-url", default="", help="address where the photos will lie")
    archive.set_defaults(handler=_archive)
    check = room.add_parser("validate", help="check a Darwin Core Archive without a network")
    check.add_argument("archive", type=Path)
    check.set_defaults(handler=_validate)


def _pack(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    done = pack_job({**_given(args, PackRequest), "out": args.out.absolute()}, reporter)
    _make_project(args.out.absolute(), reporter)
    return {**done, "text": render("field_packed", done)}


def _given(args: argparse.Namespace, kind: type[DataclassInstance]) -> dict[str, object]:
    """Return the arguments that are fields of a request."""
    return {field.name: getattr(args, field.name) for field in fields(kind)}


def pack_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `PackRequest`): all of a package but basemap and project."""
    from geoplantnet_plugin.engine.field.package import MEGABYTE, pack

    package = pack(from_document(PackRequest, document), reporter)
    return {"out": str(document["out"]), "points": package.points, "size": round(package.size / MEGABYTE, 1)}


def _read(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    done = read_job(_given(args, ReadFieldRequest), reporter)
    return {**done, "text": render("field_was_read", done)}


def read_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `ReadFieldRequest`)."""
    from geoplantnet_plugin.engine.field.read import read_field

    done = read_field(from_document(ReadFieldRequest, document), reporter)
    outcomes = Counter(row.outcome for row in done.verdict.species)
    return {"out": str(done.folder), "new": done.new, "issues": len(done.issues),
            **{name: outcomes[name] for name in ("confirmed", "added", "not_found", "not_looked")}}


def _archive(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return archive_job(_given(args, ArchiveRequest), reporter)


def archive_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `ArchiveRequest`)."""
    from geoplantnet_plugin.engine.field.archive import write_archive

    path, faults = write_archive(from_document(ArchiveRequest, document), reporter)
    return {"archive": str(path), **_faults(faults, path)}


def _validate(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.field.validate import validate

    return _faults(validate(args.archive), args.archive)


def _faults(faults: Sequence[Fault], path: Path) -> dict[str, object]:
    lines = [f"{fault.level}: {fault.file}:{fault.line}: "
             + render(f"dwca_{fault.rule}", {"detail": fault.detail}) for fault in faults]
    errors = sum(fault.level == "error" for fault in faults)
    said = render("dwca_checked", {"path": path, "errors": errors, "warnings": len(faults) - errors})
    return {"errors": errors, "warnings": len(faults) - errors, "faults": lines, "text": "\n".join([*lines, said])}


def _make_project(out: Path, reporter: Reporter) -> None:
    """Have QGIS make the project, and say so where there is no QGIS that could."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is not None:
        done = subprocess.run([program, "run", PROJECT_ALGORITHM, "--", f"FOLDER={out}"], capture_output=True,
                              text=True, check=False)
        if done.returncode == 0 and any(out.glob("*.qgz")):
            return
    reporter.warning("field_no_project", out=out)
