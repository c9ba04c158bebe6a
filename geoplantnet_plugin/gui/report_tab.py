"""Results: the report as HTML and PDF, and a print layout in QGIS."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..bridge.settings import PREFIX
from ..common.assessment import REPORT_HTML, REPORT_PDF
from ..i18n import tr
from ..layers.layout import make_layout
from ..layers.manifest import Assessment
from .plain_label import plain_label
from .progress_line import ProgressLine
from .run import Run

REPORT = "geoplantnet:report"
AUTHOR = f"{PREFIX}/report_author"
"""Setting: who wrote the last report."""


class ReportTab(QWidget):
    """Fields for the first page, and what can be made and opened."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._assessment: Assessment | None = None
        self._run: Run | None = None
        self.client, self.site, self.author = (QLineEdit() for _ in range(3))
        self.author.setText(QgsSettings().value(AUTHOR, "", str))
        self.make_button = _button(tr("Make the report"), tr("Write report.html and report.pdf into the assessment's "
                                                             "folder; an earlier report is replaced"))
        self.html_button = _button(tr("Open HTML"), tr("Open the report in the browser"))
        self.pdf_button = _button(tr("Open PDF"), tr("Open the report in the PDF reader"))
        self.layout_button = _button(tr("Insert into a print layout"), tr(
            "Make a print layout with the visible map, its legend, sentences, the coverage table and the sources; "
            "change it and export it as you like"))
        self.progress = ProgressLine(tr("Progress of the report"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        self._arrange()
        self.make_button.clicked.connect(self._make)
        self.html_button.clicked.connect(lambda: self._open(REPORT_HTML))
        self.pdf_button.clicked.connect(lambda: self._open(REPORT_PDF))
        self.layout_button.clicked.connect(self._insert)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Report on another assessment from now on."""
        self._assessment = assessment
        self.message.clear()
        self.progress.clear()
        self._enable()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Client"), self.client)
        form.addRow(tr("Site"), self.site)
        form.addRow(tr("Author"), self.author)
        row = QHBoxLayout()
        for button in (self.make_button, self.html_button, self.pdf_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 4)
        layout.addLayout(form)
        layout.addLayout(row)
        layout.addWidget(self.layout_button)
        layout.addWidget(self.progress)
        layout.addWidget(self.message)
        layout.addStretch()

    def _enable(self) -> None:
        assessment = self._assessment
        finished = assessment is not None and assessment.complete
        self.make_button.setEnabled(finished and self._run is None)
        self.layout_button.setEnabled(finished)
        for button, name in ((self.html_button, REPORT_HTML), (self.pdf_button, REPORT_PDF)):
            button.setEnabled(assessment is not None and (assessment.folder / name).is_file())

    def _make(self) -> None:
        QgsSettings().setValue(AUTHOR, self.author.text())
        self._run = Run(REPORT, {
            "FOLDER": str(self._assessment.folder), "CLIENT": self.client.text(), "SITE": self.site.text(),
            "AUTHOR": self.author.text()}, self)
        self.message.clear()
        self.progress.follow(self._run, tr("Making the report"))
        self._run.finished.connect(lambda results: self._conclude(
            tr("The report is in {folder}.").format(folder=self._assessment.folder) if results else ""))
        self._run.failed.connect(self._conclude)
        self._enable()
        self._run.start()

    def _conclude(self, text: str) -> None:
        self._run = None
        self.message.setText(text)
        self._enable()

    def _open(self, name: str) -> None:
        path: Path = self._assessment.folder / name
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _insert(self) -> None:
        layout = make_layout(QgsProject.instance(), self._assessment)
        self.message.setText(tr("The layout “{name}” is in the project.").format(name=layout.name()))
        self._iface.openLayoutDesigner(layout)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
