"""``geoplantnet:importtaxa``: a list of species of one's own, matched to the names of a model."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ..common.jobs import ImportRequest
from ..common.vernacular import NAME_COLUMNS
from ..i18n import tr, written_language
from .base import Values
from .engine_algorithm import EngineAlgorithm

DEFAULT_MODEL = "western-swiss-alps"

KINDS = ("", "iucn", "eu_directive", "invasive", "endemic", "rare", "alien", *NAME_COLUMNS)


class ImportTaxa(EngineAlgorithm):
    """The list counts in every later assessment."""

    ID = "importtaxa"

    LIST = "LIST"
    KIND = "KIND"
    NAME = "NAME"
    TITLE = "TITLE"
    TERRITORY = "TERRITORY"
    DATE = "DATE"
    COMPLETE = "COMPLETE"
    NAME_COLUMN = "NAME_COLUMN"
    VALUE_COLUMN = "VALUE_COLUMN"
    MODEL = "MODEL"
    ROWS = "ROWS"
    REPORT = "REPORT"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Import a species list")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Adds a list of your own: a red list, protected or rare species, common names. It becomes an indicator "
            "and a column of the coverage table in every later assessment. Names are matched without their authors; "
            "the log says which names matched, which did not and which only may concern a species.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.LIST, tr("List (CSV)")),
                 tr("Any text table with one scientific name a row, with or without a header."))
        self.add(QgsProcessingParameterEnum(self.KIND, tr("What the list says"), [
            tr("A list of its own"), tr("Red List categories"), tr("Habitats Directive"), tr("Invasive"), tr("Endemic"),
            tr("Rare"), tr("Alien or native"), tr("Common names in English"), tr("Common names in French")],
            defaultValue=0), tr("A list of its own becomes an indicator named after it."))
        strings = QgsProcessingParameterString
        self.add(strings(self.TITLE, tr("Title"), optional=True), tr("Name of the list in tables and reports."))
        self.add(strings(self.TERRITORY, tr("Where it is in force"), optional=True),
                 tr("ISO 3166 code (CH, CH-VD) or EU; blank: everywhere."))
        self.add(strings(self.DATE, tr("Date of the list"), optional=True), tr("Blank: the day of the import."))
        self.add(QgsProcessingParameterBoolean(self.COMPLETE, tr("The list is complete"), False),
                 tr("A species that the list does not name is then known not to be listed; else it stays unknown."))
        self.add(strings(self.MODEL, tr("Model to match with"), DEFAULT_MODEL, optional=True),
                 tr("The names are compared with this model's; blank: not now."))
        self.add(strings(self.NAME, tr("Short name"), optional=True),
                 tr("Lower-case letters, digits and _; blank: from the file's name."), advanced=True)
        self.add(strings(self.NAME_COLUMN, tr("Column of the scientific names"), optional=True),
                 tr("Header of the column; blank: found by its header or contents."), advanced=True)
        self.add(strings(self.VALUE_COLUMN, tr("Column of the values"), optional=True),
                 tr("Header of the column with category, annex or common name."), advanced=True)
        self.addOutput(QgsProcessingOutputNumber(self.ROWS, tr("Number of names")))
        self.addOutput(QgsProcessingOutputString(self.REPORT, tr("How the names matched")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Have the list imported and say how its names matched."""
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        job = ImportRequest(
            Path(text(self.LIST)), text(self.NAME), text(self.TITLE),
            KINDS[self.parameterAsEnum(parameters, self.KIND, context)], "", text(self.TERRITORY), text(self.DATE),
            self.parameterAsBoolean(parameters, self.COMPLETE, context), text(self.NAME_COLUMN),
            text(self.VALUE_COLUMN), text(self.MODEL), written_language())
        values = self.run_engine("import_taxa", job, feedback)
        if values is None:
            return {}
        lines = values.get("report") or []
        for line in lines:
            feedback.pushInfo(line)
        return {self.ROWS: values["rows"], self.REPORT: "\n".join(lines)}
