"""The command ``geoplantnet compare`` and the job of the same name."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import CompareRequest, SitesRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed

NOTHING_IN_COMMON = ("compare_grids", "compare_no_common_cells", "compare_no_common_taxa")
"""Reasons why two assessments can only be compared area by area, not cell by cell."""


def compare_folders(job: CompareRequest, reporter: Reporter) -> Result:
    """Write into ``job.out`` what differs between the areas and, where they share cells, between the cells.

    Raises:
        EngineError: a folder holds no finished assessment, ``job.out`` holds something, or the language is unknown.
    """
    from geoplantnet_plugin.engine.compare.areas import PAGE, contrast
    from geoplantnet_plugin.engine.compare.cells import compare

    out, language = job.out, job.language
    _check(out, language)
    result = contrast(job.first, job.second, out, reporter, language)
    told = {"taxa": len(result.taxa), "indicators": len(result.indicators), "page": out / PAGE}
    lines = [render("contrast_done", told)]
    answer: dict[str, object] = {"out": str(out), "page": str(out / PAGE), "taxa": len(result.taxa),
                                 "indicators": {entry.id: entry.difference for entry in result.indicators}}
    try:
        cells = compare(job.first, job.second, out, reporter)
    except EngineError as error:
        if error.code not in NOTHING_IN_COMMON:
            raise
        reporter.message("contrast_no_cells")
        reporter.message(error.code, **error.params)
    else:
        answer["comparison"] = asdict(cells.summary)
        lines.append(cells.summary.text())
    return {**answer, "text": "\n".join(lines)}


def compare_candidates(job: SitesRequest, reporter: Reporter) -> Result:
    """Write into ``job.out`` what candidate sites share and what each has of its own.

    Raises:
        EngineError: a folder has no survey list, ``job.out`` holds something, or the language is unknown.
    """
    from geoplantnet_plugin.engine.compare.sites import SITES_PAGE, compare_sites

    _check(job.out, job.language)
    found = compare_sites(job.folders, job.out, job.language)
    if not found.ranked:
        reporter.warning("sites_share_land")
    page = job.out / SITES_PAGE
    return {"out": str(job.out), "page": str(page), "ranked": found.ranked,
            "sites": [site.name for site in found.sites],
            "text": render("sites_done", {"count": len(found.sites), "shared": len(found.shared), "page": page})}


def _check(out: Path, language: str) -> None:
    if language not in LANGUAGES:
        raise EngineError("report_language", language=language, known=list(LANGUAGES))
    if out.exists() and any(out.iterdir()):
        raise EngineError("out_not_empty", out=out)


COMMANDS = (
    Command(
        compare_folders, CompareRequest, "compare",
        "compare two assessments: before and after, or site and reference", (
            placed("first", "folder of an assessment (before, or the reference)"),
            placed("second", "folder of another one (after, or the site)"),
            typed("out", "folder for the comparison, new"),
            typed("language", "language of comparison.html", "--lang", choices=LANGUAGES)),
        job="compare", opens="second"),
    Command(
        compare_candidates, SitesRequest, "sites", "candidate sites side by side, by their survey lists", (
            placed("folders", "folders of assessments that have survey lists", metavar="FOLDER"),
            typed("out", "folder for the comparison, new"),
            typed("language", "language of sites.html", "--lang", choices=LANGUAGES)),
        job="sites", opens="folders"),
)
