"""``geoplantnet:loadassessment``: opens an assessment folder as grouped, styled layers."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
)

from ..i18n import tr
from ..layers.manifest import NotAnAssessment, read_assessment
from ..layers.project import ProjectNotWritten, write_project
from .base import Algorithm, Values
from .results import load_on_completion


class LoadAssessment(Algorithm):
    """Needs no engine: an assessment folder is all there is to it."""

    ID = "loadassessment"

    FOLDER = "FOLDER"
    WRITE_PROJECT = "WRITE_PROJECT"
    LAYERS = "LAYERS"
    PROJECT = "PROJECT"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Open an assessment")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Opens an assessment folder: the area, the indicators, the most widespread species and the coverage "
                  "table, in a group, with fixed legends. It needs no engine.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder that holds assessment.json."))
        self.add(QgsProcessingParameterBoolean(self.WRITE_PROJECT, tr("Also write project.qgz into the folder"), False),
                 tr("A QGIS project with everything in it. It replaces the project that lies in the folder."))
        self.addOutput(QgsProcessingOutputMultipleLayers(self.LAYERS, tr("Layers")))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, tr("QGIS project")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Read the manifest and hand over the layers."""
        folder = Path(self.parameterAsString(parameters, self.FOLDER, context))
        try:
            assessment = read_assessment(folder)
            project = (str(write_project(assessment))
                       if self.parameterAsBoolean(parameters, self.WRITE_PROJECT, context) else "")
        except (NotAnAssessment, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
        if not assessment.complete:
            feedback.pushWarning(tr("This assessment is unfinished: run it again with the same folder to continue."))
        layers = load_on_completion(assessment, context, self.project)
        return {self.LAYERS: [layer.id() for layer in layers], self.PROJECT: project}
