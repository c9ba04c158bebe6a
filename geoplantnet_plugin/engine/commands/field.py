"""The commands ``geoplantnet pack`` and ``geoplantnet field``."""

from __future__ import annotations

import shutil
import subprocess  # nosec B404
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geoplantnet_plugin.common.jobs import ArchiveRequest, PackRequest, ReadFieldRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed

if TYPE_CHECKING:
    from geoplantnet_plugin.engine.field.validate import Fault

PROJECT_ALGORITHM = "geoplantnet:fieldproject"


@dataclass(frozen=True)
class ValidateRequest:
    """Asks to check a Darwin Core Archive."""

    archive: Path


def _pack(asked: PackRequest, reporter: Reporter) -> Result:
    done = pack_job(replace(asked, out=asked.out.absolute()), reporter)
    _make_project(asked.out.absolute(), reporter)
    return {**done, "text": render("field_packed", done)}


def pack_job(asked: PackRequest, reporter: Reporter) -> Result:
    """Make all of a package but basemap and project."""
    from geoplantnet_plugin.engine.field.package import MEGABYTE, pack

    package = pack(asked, reporter)
    return {"out": str(asked.out), "points": package.points, "size": round(package.size / MEGABYTE, 1)}


def _read(asked: ReadFieldRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.field.read import read_field

    done = read_field(asked, reporter)
    outcomes = Counter(row.outcome for row in done.verdict.species)
    told = {"out": str(done.folder), "new": done.new, "issues": len(done.issues),
            **{name: outcomes[name] for name in ("confirmed", "added", "not_found", "not_looked")}}
    return {**told, "text": render("field_was_read", told)}


def _archive(asked: ArchiveRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.field.archive import write_archive

    path, faults = write_archive(asked, reporter)
    return {"archive": str(path), **_faults(faults, path)}


def _validate(asked: ValidateRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.field.validate import validate

    return _faults(validate(asked.archive), asked.archive)


def _faults(faults: Sequence[Fault], path: Path) -> Result:
    lines = [f"{fault.level}: {fault.file}:{fault.line}: "
             + render(f"dwca_{fault.rule}", {"detail": fault.detail}) for fault in faults]
    errors = sum(fault.level == "error" for fault in faults)
    said = render("dwca_checked", {"path": path, "errors": errors, "warnings": len(faults) - errors})
    return {"errors": errors, "warnings": len(faults) - errors, "faults": lines, "text": "\n".join([*lines, said])}


def _make_project(out: Path, reporter: Reporter) -> None:
    """Have QGIS make the project, and say so where there is no QGIS that could."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is not None:
        done = subprocess.run(  # nosec B603
            [program, "run", PROJECT_ALGORITHM, "--", f"FOLDER={out}"], capture_output=True, text=True, check=False)
        if done.returncode == 0 and any(out.glob("*.qgz")):
            return
    reporter.warning("field_no_project", out=out)


FOLDER = placed("folder", "folder of the assessment", metavar="DIR")
GROUPS = {"field": "what tablets brought back"}
COMMANDS = (
    Command(
        _pack, PackRequest, "pack", "a field package for QField and QGIS from a finished assessment", (
            placed("folder", "folder of a finished assessment", metavar="DIR"),
            typed("out", "new folder; its name is the project's"),
            typed("language", "", "--lang", choices=LANGUAGES), typed("points", "points to visit (default 30)"),
            typed("hours", "hours of work, instead of a number of points"),
            typed("weight", "even, uncertainty, stake or both (default)"),
            typed("strata", "habitat or richness: share the points among their classes"),
            typed("access", "polygons outside which nobody can go", metavar="FILE"),
            typed("seed", "the same number gives the same plan"),
            typed("species", "species whose maps go along", metavar="NAME"),
            typed("species_maps", "how many otherwise (default 10)"), typed("budget", metavar="MB")),
        opens="folder"),
    Command(pack_job, PackRequest, job="pack", opens="folder"),
    Command(
        _read, ReadFieldRequest, "field read", "merge what tablets brought back into an assessment, and weigh it up", (
            FOLDER, placed("returned", "folder, zip or survey.gpkg", metavar="PACKAGE")),
        job="read_field", opens="folder"),
    Command(
        _archive, ArchiveRequest, "field archive", "the survey as a Darwin Core Archive, checked by our own rules", (
            FOLDER, typed("title"), typed("creator", "who made the survey", required=True),
            typed("organisation", "who publishes it (default: the creator)"), typed("contact", "an e-mail address"),
            typed("licence", "CC0-1.0, CC-BY-4.0 (default) or CC-BY-NC-4.0"),
            typed("generalise", "move events with listed species into the middle of squares so large", metavar="M"),
            typed("media_url", "address where the photos will lie"),
            typed("taxon_ids", "ids of another checklist, such as the Catalogue of Life (CSV: name, id, checklist)",
                  metavar="FILE.csv")),
        job="archive_field", opens="folder"),
    Command(_validate, ValidateRequest, "field validate", "check a Darwin Core Archive without a network",
            (placed("archive"),)),
)
