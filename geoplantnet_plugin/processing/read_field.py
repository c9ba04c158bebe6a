"""``geoplantnet:readfield`` and ``geoplantnet:archivefield``: what tablets brought back, and sharing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputFolder,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProject,
)

from ..common.jobs import ArchiveRequest, ReadFieldRequest
from ..common.survey import GEOPACKAGE
from ..i18n import tr
from ..layers.foreign import table_layer
from .base import Values
from .engine_algorithm import EngineAlgorithm

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0")
OUTCOMES = ("confirmed", "added", "not_found", "not_looked")
SHOWN = ("agreement", "observations", "releves")
"""Layers of the merged survey that are shown, from top to bottom."""


class ReadField(EngineAlgorithm):
    """Merges one or several tablets into an assessment; run twice, it changes nothing."""

    ID = "readfield"

    FOLDER = "FOLDER"
    RETURNED = "RETURNED"
    OUTPUT = "OUTPUT"
    NEW = "NEW"
    ISSUES = "ISSUES"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Read back from the field")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Merges what one or several tablets brought back into the folder “field” of the assessment and says what "
            "the survey says: species confirmed, added, looked for and not found this season (which is no absence), "
            "not looked for. Whatever looks wrong is reported; nothing is overwritten.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The assessment that the field package was made from."))
        self.add(QgsProcessingParameterMultipleLayers(self.RETURNED, tr("What came back"),
                                                      QgsProcessing.SourceType.TypeFile),
                 tr("One or several tablets: the survey.gpkg of a package, with the photos beside it, or its zip."))
        self.addOutput(QgsProcessingOutputFolder(self.OUTPUT, tr("Merged survey")))
        self.addOutput(QgsProcessingOutputNumber(self.NEW, tr("New row versions")))
        self.addOutput(QgsProcessingOutputNumber(self.ISSUES, tr("Things to look at")))

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Keep the project to load into."""
        self._project = context.project() or QgsProject.instance()
        return True

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Have everything merged, and hand over the layers."""
        returned = tuple(Path(path) for path in self.parameterAsFileList(parameters, self.RETURNED, context))
        request = ReadFieldRequest(Path(self.parameterAsString(parameters, self.FOLDER, context)), returned)
        done = self.run_engine("read_field", request, feedback)
        if done is None:
            return {}
        told = tr("Confirmed {confirmed}, added {added}, looked for and not found this season {not_found}, not looked "
                  "for {not_looked}.")
        feedback.pushInfo(told.format(**{name: done[name] for name in OUTCOMES}))
        self._show(Path(done["out"]), context)
        return {self.OUTPUT: done["out"], self.NEW: done["new"], self.ISSUES: done["issues"]}

    def _show(self, folder: Path, context: QgsProcessingContext) -> None:
        for name in reversed(SHOWN):
            layer = table_layer(folder / GEOPACKAGE, name, _titles()[name])
            if layer.isValid() and layer.featureCount():
                context.temporaryLayerStore().addMapLayer(layer)
                context.addLayerToLoadOnCompletion(
                    layer.id(), QgsProcessingContext.LayerDetails(layer.name(), self._project, ""))


def _titles() -> dict[str, str]:
    return {"agreement": tr("Survey: agreement with the prediction"), "observations": tr("Survey: observations"),
            "releves": tr("Survey: relevés")}


class ArchiveField(EngineAlgorithm):
    """Writes the Darwin Core Archive of a survey that was read back."""

    ID = "archivefield"

    FOLDER = "FOLDER"
    TITLE = "TITLE"
    CREATOR = "CREATOR"
    ORGANISATION = "ORGANISATION"
    CONTACT = "CONTACT"
    LICENCE = "LICENCE"
    GENERALISE = "GENERALISE"
    MEDIA_URL = "MEDIA_URL"
    TAXON_IDS = "TAXON_IDS"
    ARCHIVE = "ARCHIVE"
    ERRORS = "ERRORS"
    WARNINGS = "WARNINGS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Share a survey as a Darwin Core Archive")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Writes field/dwca.zip (Event core, Occurrence, Humboldt, Multimedia) from the survey in an assessment and "
            "checks it by rules of our own, without a network. Absences, effort, uncertainty of coordinates and the "
            "sampling protocol are in it.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The assessment that a survey was read into."))
        for name, title, text, optional in (
                (self.CREATOR, tr("Creator"), tr("Who made the survey."), False),
                (self.ORGANISATION, tr("Organisation"), tr("Who publishes it; blank: the creator."), True),
                (self.CONTACT, tr("Contact"), tr("An e-mail address."), True),
                (self.TITLE, tr("Title"), tr("Title of the data set; blank: that of the assessment."), True),
                (self.MEDIA_URL, tr("Address of the photos"),
                 tr("Where the photos will lie on the net; blank: they have no public address yet."), True)):
            self.add(QgsProcessingParameterString(name, title, optional=optional), text)
        self.add(QgsProcessingParameterEnum(self.LICENCE, tr("Licence"), list(LICENCES), defaultValue=1),
                 tr("One of those that GBIF takes."))
        self.add(QgsProcessingParameterNumber(self.GENERALISE, tr("Squares for sensitive species (m)"),
                                              QgsProcessingParameterNumber.Type.Double, 0.0, minValue=0.0),
                 tr("Events with species on a list of conservation are moved into the middle of squares so large, and "
                    "the archive says so; 0: none is moved."))
        self.add(QgsProcessingParameterFile(self.TAXON_IDS, tr("Ids of another checklist"), extension="csv",
                                            optional=True),
                 tr("A table with the columns name, id and checklist, such as ids of the Catalogue of Life. GBIF's "
                    "number stands beside them."), advanced=True)
        self.addOutput(QgsProcessingOutputFile(self.ARCHIVE, tr("Darwin Core Archive")))
        self.addOutput(QgsProcessingOutputNumber(self.ERRORS, tr("Errors")))
        self.addOutput(QgsProcessingOutputNumber(self.WARNINGS, tr("Warnings")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Have the archive written and checked."""
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        request = ArchiveRequest(
            Path(text(self.FOLDER)), text(self.TITLE), text(self.CREATOR), text(self.ORGANISATION), text(self.CONTACT),
            LICENCES[self.parameterAsEnum(parameters, self.LICENCE, context)],
            self.parameterAsDouble(parameters, self.GENERALISE, context), text(self.MEDIA_URL),
            Path(text(self.TAXON_IDS)) if text(self.TAXON_IDS) else None)
        done = self.run_engine("archive_field", request, feedback)
        if done is None:
            return {}
        self._tell(done, feedback)
        return {self.ARCHIVE: done["archive"], self.ERRORS: done["errors"], self.WARNINGS: done["warnings"]}

    @staticmethod
    def _tell(done: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        for line in done["faults"]:
            feedback.pushWarning(line)
        if done["errors"]:
            raise QgsProcessingException(tr("{archive} has {count} errors by our rules; the log says which.").format(
                archive=done["archive"], count=done["errors"]))
