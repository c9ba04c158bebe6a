"""``geoplantnet:comparesites``: candidate sites side by side, by their survey lists."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputHtml,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..common.assessment import MANIFEST, SURVEY_LIST
from ..common.jobs import SitesRequest
from ..i18n import tr, written_language
from .base import Values
from .engine_algorithm import EngineAlgorithm


class CompareSites(EngineAlgorithm):
    """Takes the assessments that lie in one folder."""

    ID = "comparesites"

    FOLDER = "FOLDER"
    OUTPUT = "OUTPUT"
    PAGE = "PAGE"
    RANKED = "RANKED"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Compare candidate sites")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Puts several sites side by side by their survey lists: how many listed, invasive or endemic species each "
            "has, how many of them were recorded in its squares, what all sites share and what only one has.\n\n"
            "Sites are ranked only where none of their squares overlap: within one square a model says the same of "
            "every site.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Folder that holds the assessments of the sites"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("Every finished assessment in it that has a survey list is compared."))
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Comparison folder")),
                 tr("A new or empty folder."))
        self.addOutput(QgsProcessingOutputHtml(self.PAGE, tr("Sites side by side (HTML)")))
        self.addOutput(QgsProcessingOutputBoolean(self.RANKED, tr("Whether the sites could be ranked")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Find the assessments and compare them."""
        folder = Path(self.parameterAsString(parameters, self.FOLDER, context))
        sites = tuple(sorted(path.parent for path in folder.glob(f"*/{MANIFEST}")
                             if (path.parent / SURVEY_LIST).is_file()))
        if len(sites) < 2:
            raise QgsProcessingException(tr("{folder} holds fewer than two assessments with a survey list: choose the "
                                            "folder in which they lie.").format(folder=folder))
        out = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        answer = self.run_engine("sites", SitesRequest(sites, out, written_language()), feedback)
        if answer is None:
            return {}
        return {self.OUTPUT: str(out), self.PAGE: answer["page"], self.RANKED: bool(answer["ranked"])}
