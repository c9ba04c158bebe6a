"""The command ``geoplantnet parts`` and the job of the same name: named parts of a finished assessment."""

from __future__ import annotations

from geoplantnet_plugin.common.jobs import PartsJob
from geoplantnet_plugin.common.messages import render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed


def _parts(job: PartsJob, reporter: Reporter) -> Result:
    """Keep or remove parts; return the figures of those that are kept."""
    from geoplantnet_plugin.engine.assessment.drawn import drawn_parts, figures, keep_part, remove_parts_named
    from geoplantnet_plugin.engine.assessment.reading import open_folder

    folder = open_folder(job.folder)
    if job.remove:
        remove_parts_named(folder, job.remove)
    if job.polygons:
        keep_part(folder, job.polygons, job.name, reporter)
    parts = [figures(part) for part in drawn_parts(folder)]
    lines = [render("parts_line", {key: part[key] for key in ("name", "hectares", "cells", "taxa")}) for part in parts]
    return {"parts": parts, "text": "\n".join(lines) or render("parts_none", {})}


COMMANDS = (
    Command(
        _parts, PartsJob, "parts", "keep named parts of a finished assessment, which its report then tells of", (
            placed("folder", "folder of a finished assessment", metavar="DIR"),
            typed("polygons", "polygons that make up the part, in any coordinate system", metavar="FILE"),
            typed("name", "name of the part; one of that name is replaced"),
            typed("remove", "parts to keep no more", nargs="+", metavar="NAME")),
        job="parts", opens="folder"),
)
