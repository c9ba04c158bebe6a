"""Making the report of an assessment: gather, draw, lay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from geoplantnet_plugin.common.assessment import REPORT_HTML, REPORT_PDF
from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.common.jobs import ReportRequest
from geoplantnet_plugin.common.messages import LANGUAGES
from geoplantnet_plugin.common.model_titles import model_title
from geoplantnet_plugin.common.verdicts import read_verdicts
from geoplantnet_plugin.engine.assessment.finished import AssessmentFolder
from geoplantnet_plugin.engine.assessment.map import MapText, draw_map
from geoplantnet_plugin.engine.assessment.reading import open_folder
from geoplantnet_plugin.engine.assessment.report import field, method, survey, surveyed
from geoplantnet_plugin.engine.assessment.report.html import write_html
from geoplantnet_plugin.engine.assessment.report.model import Report, Table
from geoplantnet_plugin.engine.assessment.report.parts import part_sections
from geoplantnet_plugin.engine.assessment.report.pdf import write_pdf
from geoplantnet_plugin.engine.assessment.report.pool import pool_sections
from geoplantnet_plugin.engine.assessment.report.questions import sections
from geoplantnet_plugin.engine.assessment.report.ranks import ranked_table, ranks_sections
from geoplantnet_plugin.engine.assessment.report.section import figures_table
from geoplantnet_plugin.engine.assessment.report.texts import Texts
from geoplantnet_plugin.engine.assessment.verdicts.make import verdicts_of
from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.indicators import IndicatorClass
from geoplantnet_plugin.engine.taxa.territory import checked_country

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

STEPS = 3
"""Of a report: gathered and drawn, written as HTML, as PDF."""

WORDS = ("parts", "verdict", "evidence", "how_sure", "in_the_field", "what_is_known", "targets", "records",
         "method", "limits", "summary", "page")


def make_report(request: ReportRequest, reporter: Reporter) -> tuple[Path, Path]:
    """Write ``report.html`` and ``report.pdf`` into the assessment's folder and return their paths.

    Raises:
        EngineError: the folder holds no finished assessment, the language is unknown, or the records cannot be read.
    """
    if request.language not in LANGUAGES:
        raise EngineError("report_language", language=request.language, known=list(LANGUAGES))
    folder = open_folder(request.folder)
    reporter.progress("report", 0, STEPS)
    with TemporaryDirectory() as pictures:
        report = _gather(request, folder, Path(pictures), reporter)
        reporter.progress("report", 1, STEPS)
        write_html(report, request.folder / REPORT_HTML)
        reporter.progress("report", 2, STEPS)
        write_pdf(report, request.folder / REPORT_PDF)
    reporter.progress("report", STEPS, STEPS)
    return request.folder / REPORT_HTML, request.folder / REPORT_PDF


def _gather(request: ReportRequest, folder: AssessmentFolder, pictures: Path, reporter: Reporter) -> Report:
    text = Texts(request.language)
    country = _country(request, folder)
    observed, records = (field.observations(folder, request.observations, reporter, text)
                         if request.observations else (set(), []))
    records += surveyed.tables(folder.path, text)
    verdicts = read_verdicts([asdict(entry) for entry in verdicts_of(folder, country)], request.language)
    if folder.document.get("ranks"):
        questions = ranks_sections(folder, text, verdicts)
    elif folder.document["coverage"] is None:
        questions = pool_sections(folder, text, verdicts, pictures)
    else:
        questions = sections(folder, country, text, lambda id: _draw(folder, id, pictures, text), verdicts)
    targets, target_notes = _targets(folder, country, observed, text)
    simulated = text("simulated") if folder.document["simulated"] else ""
    return Report(
        request.language, request.title or text("title"), simulated, _front(request, folder, text), text("caveat"),
        [(verdict.title, " ".join([*verdict.sentences, *verdict.remedy])) for verdict in verdicts],
        figures_table(verdicts, text), questions,
        part_sections(folder, country, text, lambda id, part: _draw(folder, id, pictures, text, part)), targets,
        target_notes, records, method.facts(folder, text), method.tables(folder, text), method.limits(folder, text),
        _words(folder, text))


def _targets(folder: AssessmentFolder, country: str | None, observed: set[str], text: Texts
             ) -> tuple[list[Table], list[str]]:
    """Return what to look for: the survey list where there is one, else the predicted species on lists."""
    if folder.document.get("ranks"):
        return [ranked_table(folder, text)], [text("ranks_meaning"), text("survey_absent")]
    if rows := survey.survey_rows(folder):
        notes = [text("survey_note"), text("survey_absent"), *survey.notes(folder, text)]
        return survey.list_tables(folder, rows, text), notes
    targets = field.targets(folder, country, observed, text)
    return [targets] if targets.rows else [], [text("targets_note") if targets.rows else text("targets_none")]


def _words(folder: AssessmentFolder, text: Texts) -> dict[str, str]:
    words = {word: text(f"word_{word}") for word in WORDS}
    return {**words, "targets": text("survey_word_list")} if folder.document.get("survey") else words


def _country(request: ReportRequest, folder: AssessmentFolder) -> str | None:
    made_with = folder.document.get("job", {}).get("country")
    return checked_country(request.country or (made_with if isinstance(made_with, str) else None))


def _front(request: ReportRequest, folder: AssessmentFolder, text: Texts) -> list[tuple[str, str]]:
    document = folder.document
    origin = document["score_source"]
    rows = [("client", request.client), ("site", request.site or _site(document)), ("author", request.author),
            ("date", request.date or text.day(date.today())),
            ("area", _size(document, text)),
            ("country", _country(request, folder) or text(
                "front_pool_no_country" if document["coverage"] is None and not document.get("ranks")
                else "front_no_country")),
            ("model", f"{model_title(str(origin['title']), text.language)}, {text('version')} {origin['version']}"),
            ("nomenclature", text("front_names", taxa=len(folder.taxa))),
            ("plugin", document.get("software", {}).get("geoplantnet", "–"))]
    return [(text(f"front_{name}"), value or "–") for name, value in rows]


def _size(document: Mapping[str, Any], text: Texts) -> str:
    hectares, cells = float(document["area"]["hectares"]), document["area"]["cells"]
    if ranks := document.get("ranks"):
        return text("front_ranks", side=f"{ranks['side'] / 1000:g}",
                    resolution=f"{document['grid']['resolution']:g}")
    if document["coverage"] is None:
        return text("front_pool", hectares=hectares, side=f"{document['survey']['side'] / 1000:g}")
    return text("front_hectares", hectares=hectares, cells=cells)


def _site(document: Mapping[str, Any]) -> str:
    """Return the assessment's name, which its title gives before the score source in brackets."""
    return str(document["title"]).removesuffix(f" ({document['score_source']['title']})")


def _draw(folder: AssessmentFolder, id: str, pictures: Path, text: Texts, part: BaseGeometry | None = None
          ) -> Path | None:
    """Draw an indicator's map with the outline of a `part`; None where the assessment lacks the indicator, or all
    cells have one value and there is no part to show.
    """
    raster, found = folder.raster(id), folder.statistics(id)
    if raster is None or found is None or (found.high == found.low and part is None):
        return None
    entry = folder.layers[id]
    out = pictures / f"{len(list(pictures.iterdir()))}.png"
    classes = [IndicatorClass(value, "", colour, label)
               for value, label, colour in folder.classes(id, text.language)]
    words = MapText(folder.title(id, text.language), folder.unit(id, text.language),
                    [folder.rule(text.language)], bool(folder.document["simulated"]), text.language)
    low, high = entry["bounds"]
    draw_map(raster, folder.area, out, words, (float(low), float(high)), classes, part)
    return out
