"""The command ``geoplantnet report`` and the job of the same name."""

from __future__ import annotations

from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.common.messages import LANGUAGES, render
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Command, Result, placed, typed


def _make(job: ReportRequest, reporter: Reporter) -> Result:
    from geoplantnet_plugin.engine.assessment.report.make import make_report

    html, pdf = make_report(job, reporter)
    return {"html": str(html), "pdf": str(pdf), "text": render("report_done", {"html": html, "pdf": pdf})}


COMMANDS = (
    Command(
        _make, ReportRequest, "report", "write the report of an assessment as HTML and PDF", (
            placed("folder", "folder of a finished assessment", metavar="DIR"),
            typed("language", "", "--lang", choices=LANGUAGES), typed("title", "title of the report"), typed("client"),
            typed("site", "name of the site"), typed("author"),
            typed("date", "date on the first page (default: today)"),
            typed("country", "country of the site, ISO 3166 (CH, CH-VD): decides which lists are in force "
                             "(default: that of the assessment)", metavar="CODE"),
            typed("observations", "your own records of the site", metavar="FILE.csv")),
        job="report", opens="folder"),
)
