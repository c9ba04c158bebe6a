"""``geoplantnet:report``: what an assessment means for the land, as HTML and PDF."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ..common.jobs import ReportRequest
from ..common.messages import LANGUAGES
from ..i18n import tr, written_language
from .base import Values
from .engine_algorithm import EngineAlgorithm


class Report(EngineAlgorithm):
    """Reads the folder alone; the user's own records may come from any layer."""

    ID = "report"

    FOLDER = "FOLDER"
    LANGUAGE = "LANGUAGE"
    TITLE = "TITLE"
    CLIENT = "CLIENT"
    SITE = "SITE"
    AUTHOR = "AUTHOR"
    DATE = "DATE"
    COUNTRY = "COUNTRY"
    OBSERVATIONS = "OBSERVATIONS"
    OBSERVATION_NAME = "OBSERVATION_NAME"
    HTML = "HTML"
    PDF = "PDF"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Write the report of an assessment")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Writes report.html and report.pdf into the folder of an assessment: species, habitat, conservation, "
            "ecosystem and threat, each with a verdict, its evidence, a map, how sure it is and what to check in the "
            "field; target species; your own records as observed, predicted or both; method, sources and limits.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder of a finished assessment; the report is written into it."))
        self.add(QgsProcessingParameterEnum(self.LANGUAGE, tr("Language"), [tr("English"), tr("French")],
                                            defaultValue=LANGUAGES.index(written_language())),
                 tr("Language of the report."))
        self._add_front_page()
        self.add(QgsProcessingParameterFeatureSource(
            self.OBSERVATIONS, tr("Your own records"), [QgsProcessing.SourceType.TypeVector], optional=True),
            tr("A layer or table with one record a row, shown as observed, predicted or both."))
        self.add(QgsProcessingParameterField(self.OBSERVATION_NAME, tr("Field with the scientific name"), None,
                                             self.OBSERVATIONS, optional=True),
                 tr("The field of your records that holds the scientific names."))
        self.addOutput(QgsProcessingOutputHtml(self.HTML, tr("Report (HTML)")))
        self.addOutput(QgsProcessingOutputFile(self.PDF, tr("Report (PDF)")))

    def _add_front_page(self) -> None:
        for name, title, text in (
                (self.TITLE, tr("Title"), tr("Title on the first page; blank: the usual one.")),
                (self.CLIENT, tr("Client"), tr("For whom the report is made.")),
                (self.SITE, tr("Site"), tr("Name of the site; blank: that of the assessment.")),
                (self.AUTHOR, tr("Author"), tr("Who makes the report.")),
                (self.DATE, tr("Date"), tr("Date on the first page; blank: today.")),
                (self.COUNTRY, tr("Country of the site"),
                 tr("ISO 3166 code, such as CH or CH-VD: decides which lists are in force. Blank: that of the "
                    "assessment."))):
            self.add(QgsProcessingParameterString(name, title, optional=True), text)

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether records come with the field of their names."""
        if parameters.get(self.OBSERVATIONS) and not parameters.get(self.OBSERVATION_NAME):
            return False, tr("Your own records: choose the field that holds the scientific names.")
        return super().checkParameterValues(parameters, context)

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Write the records where the engine can read them, and have the report made."""
        texts = {name: self.parameterAsString(parameters, name, context)
                 for name in (self.TITLE, self.CLIENT, self.SITE, self.AUTHOR, self.DATE, self.COUNTRY)}
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            job = ReportRequest(
                Path(self.parameterAsString(parameters, self.FOLDER, context)),
                LANGUAGES[self.parameterAsEnum(parameters, self.LANGUAGE, context)],
                *texts.values(), observations=self._records(parameters, context, Path(temporary)))
            values = self.run_engine("report", job, feedback)
        return {} if values is None else {self.HTML: values["html"], self.PDF: values["pdf"]}

    def _records(self, parameters: Values, context: QgsProcessingContext, folder: Path) -> Path | None:
        source = self.parameterAsSource(parameters, self.OBSERVATIONS, context)
        if source is None:
            return None
        return _write_names(source, self.parameterAsString(parameters, self.OBSERVATION_NAME, context),
                            folder / "records.csv")


def _write_names(source: QgsProcessingFeatureSource, field: str, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name"])
        writer.writerows([str(feature[field])] for feature in source.getFeatures() if feature[field])
    return path
