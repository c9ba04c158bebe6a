"""The command ``geoplantnet compare`` and the job of the same name."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import CompareRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter

NOTHING_IN_COMMON = ("compare_grids", "compare_no_common_cells", "compare_no_common_taxa")
"""Reasons why two assessments can only be compared area by area, not cell by cell."""


def register(commands: Any) -> None:
    """Add ``compare`` to the command line."""
    parser = commands.add_parser("compare", help="compare two assessments: before and after, or site and reference")
    parser.add_argument("first", type=Path, help="folder of an assessment (before, or the reference)")
    parser.add_argument("second", type=Path, help="folder of another one (after, or the site)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the comparison, new")
    parser.add_argument("--lang", default="en", choices=LANGUAGES, help="language of comparison.html")
    parser.set_defaults(handler=_compare)


def _compare(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return compare_folders(CompareRequest(args.first, args.second, args.out, args.lang), reporter)


def compare_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `CompareRequest`)."""
    return compare_folders(from_document(CompareRequest, document), reporter)


def compare_folders(job: CompareRequest, reporter: Reporter) -> dict[str, object]:
    """Write into ``job.out`` what differs between the areas and, where they share cells, between the cells.

    Raises:
        EngineError: a folder holds no finished assessment, ``job.out`` holds something, or the language is unknown.
    """
    from geoplantnet_plugin.engine.compare.areas import PAGE, contrast
    from geoplantnet_plugin.engine.compare.cells import compare

    out, language = job.out, job.language
    if language not in LANGUAGES:
        raise EngineError("report_language", language=language, known=list(LANGUAGES))
    if out.exists() and any(out.iterdir()):
        raise EngineError("out_not_empty", out=out)
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
