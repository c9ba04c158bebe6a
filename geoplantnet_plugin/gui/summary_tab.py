"""Results: the five verdicts of an assessment, with the figures behind them and what would answer what is open."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ..common.verdicts import Figure, Verdict
from ..i18n import tr
from ..layers.manifest import Assessment
from .import_list import import_button

ASSESSED, OPEN = "●", "○"
"""A shape beside each verdict: a full disc where there is an answer, an empty one where there is none."""


class SummaryTab(QWidget):
    """What the first page of the report says, as soon as the assessment is open."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(tr("Summary"))
        self.import_button: QPushButton = import_button()
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.import_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.text)
        layout.addLayout(row)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show the verdicts of another assessment."""
        found = assessment.verdicts if assessment else ()
        self.import_button.setVisible(any(verdict.remedy for verdict in found))
        self.text.setHtml("".join(map(_verdict, found)) if found else f"<p>{escape(_missing(assessment))}</p>")


def _missing(assessment: Assessment | None) -> str:
    if assessment is None:
        return ""
    if not assessment.complete:
        return tr("Not assessed yet: continue the assessment on the other page.")
    return tr("This assessment was made by a version that wrote no verdicts into it. Its report has them: make it on "
              "the page “Report”, or assess the area again.")


def _verdict(verdict: Verdict) -> str:
    """Return a verdict as HTML; everything that comes from the folder is escaped."""
    head = f"<h3>{ASSESSED if verdict.assessed else OPEN} {escape(verdict.title)}</h3>"
    question = f"<p><i>{escape(verdict.question)}</i></p>"
    helps = tr("What helps")
    remedy = f"<p><b>{escape(helps)}</b></p>{_paragraphs(verdict.remedy)}" if verdict.remedy else ""
    return head + question + _paragraphs(verdict.sentences) + _figures(verdict.figures) + remedy


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _figures(figures: Iterable[Figure]) -> str:
    """Return value and interval beside what they mean, with source and day below."""
    rows = "".join(
        f"<tr><td align='right' width='32%'><b>{escape(figure.value)}</b>{_interval(figure)}</td>"
        f"<td>{escape(figure.meaning)}<br><small>{escape(_origin(figure))}</small></td></tr>" for figure in figures)
    return f"<table cellpadding='3' width='100%'>{rows}</table>" if rows else ""


def _interval(figure: Figure) -> str:
    return f"<br>{escape(figure.interval)}" if figure.interval else ""


def _origin(figure: Figure) -> str:
    """Return where a figure comes from, and of what day it is."""
    return tr("{source}, as of {date}").format(source=figure.source, date=figure.as_of) if figure.as_of else (
        figure.source)
