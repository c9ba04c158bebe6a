"""``geoplantnet:archivefield``: a survey as a Darwin Core Archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..common.jobs import ArchiveRequest
from ..i18n import tr
from .base import Values
from .engine_algorithm import EngineAlgorithm

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0")


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
