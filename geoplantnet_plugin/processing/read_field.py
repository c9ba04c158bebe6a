"""``geoplantnet:readfield``: what tablets brought back."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFolder,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
)

from ..common.jobs import ReadFieldRequest
from ..common.survey import GEOPACKAGE
from ..i18n import tr
from ..layers.foreign import table_layer
from .base import Values
from .engine_algorithm import EngineAlgorithm

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
                    layer.id(), QgsProcessingContext.LayerDetails(layer.name(), self.project, ""))


def _titles() -> dict[str, str]:
    return {"agreement": tr("Survey: agreement with the prediction"), "observations": tr("Survey: observations"),
            "releves": tr("Survey: relevés")}
