"""The command ``geoplantnet report``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geoplantnet_plugin.common.convert import from_document
from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter


def register(commands: Any) -> None:
    """Add ``report`` to the command line."""
    parser = commands.add_parser("report", help="write the report of an assessment as HTML and PDF")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a finished assessment")
    parser.add_argument("--lang", default="en", choices=LANGUAGES)
    parser.add_argument("--title", default="", help="title of the report")
    parser.add_argument("--client", default="")
    parser.add_argument("--site", default="", help="name of the site")
    parser.add_argument("--author", default="")
    parser.add_argument("--date", default="", help="date on the first page (default: today)")
    parser.add_argument("--country", default="", metavar="CODE",
                        help="country of the site, ISO 3166 (CH, CH-VD): decides which lists are in force "
                             "(default: that of the assessment)")
    parser.add_argument("--observations", type=Path, metavar="FILE.csv", help="your own records of the site")
    parser.set_defaults(handler=_report)


def _report(args: argparse.Namespace, reporter: Reporter) -> dict[str, object]:
    return _make(ReportRequest(args.folder, args.lang, args.title, args.client, args.site, args.author, args.date,
                               args.country, args.observations), reporter)


def report_job(document: Mapping[str, Any], reporter: Reporter) -> dict[str, object]:
    """Run the job that a JSON object describes (fields of `ReportRequest`)."""
    return _make(from_document(ReportRequest, document), reporter)


def _make(job: ReportRequest, reporter: Reporter) -> dict[str, object]:
    from geoplantnet_plugin.engine.assessment.report.make import make_report

    html, pdf = make_report(job, reporter)
    return {"html": str(html), "pdf": str(pdf), "text": render("report_done", {"html": html, "pdf": pdf})}
