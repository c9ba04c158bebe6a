"""``geoplantnet:fieldproject``: the project of a field package, made anew."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputFolder,
    QgsProcessingParameterFile,
)

from ..common.fieldpackage import PackageUnreadable
from ..i18n import tr
from ..layers.field_project import write_field_project
from ..layers.project import ProjectNotWritten
from .base import Algorithm, Values


class FieldProject(Algorithm):
    """The last step of packing on its own: what `geoplantnet pack` asks of QGIS, and a way to make a project anew."""

    ID = "fieldproject"

    FOLDER = "FOLDER"
    PROJECT = "PROJECT"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Make the project of a field package")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Writes the project, with its forms and legends, into the folder of a field package whose data are "
                  "there already. It needs no engine.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Field package"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder that holds package.json."))
        self.addOutput(QgsProcessingOutputFolder(self.FOLDER, tr("Field package")))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, tr("Project")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Write the project."""
        folder = Path(self.parameterAsString(parameters, self.FOLDER, context))
        try:
            return {self.FOLDER: str(folder), self.PROJECT: str(write_field_project(folder))}
        except (PackageUnreadable, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
