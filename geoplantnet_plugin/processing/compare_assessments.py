"""``geoplantnet:compareassessments``: two assessments of one area, species by species and cell by cell."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..common.comparison import DIFFERENCES, TABLE
from ..common.jobs import CompareRequest
from ..i18n import tr, written_language
from ..layers.comparison import comparison_layers
from ..layers.problem import LayerProblem
from .base import Values
from .engine_algorithm import EngineAlgorithm

COVERAGE_TABLE = "coverage_differences.csv"


class CompareAssessments(EngineAlgorithm):
    """Made for a local model beside the published maps; any two assessments will do."""

    ID = "compareassessments"

    FIRST = "FIRST"
    SECOND = "SECOND"
    OUTPUT = "OUTPUT"
    LOAD = "LOAD"
    TABLE = "TABLE"
    DIFFERENCES = "DIFFERENCES"
    COMMON = "COMMON"
    SPEARMAN = "SPEARMAN"
    JACCARD = "JACCARD"
    SORENSEN = "SORENSEN"
    PAGE = "PAGE"
    COVERAGE = "COVERAGE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Compare two assessments")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Compares two assessments, for example a local model and GeoPl@ntNet's published maps. On one grid: "
            "Spearman's rank correlation and a difference map for each species that both know, and the similarity of "
            "the assemblages (Jaccard, Sørensen) in each cell. Agreement does not show that either is right.\n\n"
            "Where the scores are on different scales the differences are of ranks from 0 to 1.\n\n"
            "Before and after, or a reference area and a site, need no cell in common: the coverage of every species "
            "with its interval and the mean of every indicator are compared as tables and a page.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        for name, text in ((self.FIRST, tr("First assessment")), (self.SECOND, tr("Second assessment"))):
            self.add(QgsProcessingParameterFile(name, text, QgsProcessingParameterFile.Behavior.Folder),
                     tr("The folder of a finished assessment."))
        self.add(QgsProcessingParameterBoolean(self.LOAD, tr("Open the layers when it is finished"), True),
                 tr("Adds similarity, the species that differ most and the table to the project."))
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Comparison folder")),
                 tr("A new or empty folder."))
        self.addOutput(QgsProcessingOutputFile(self.TABLE, tr("Agreement of species (CSV)")))
        self.addOutput(QgsProcessingOutputFile(self.DIFFERENCES, tr("Difference maps, a band a species")))
        self.addOutput(QgsProcessingOutputHtml(self.PAGE, tr("Comparison of the areas (HTML)")))
        self.addOutput(QgsProcessingOutputFile(self.COVERAGE, tr("Differences of coverage (CSV)")))
        self.addOutput(QgsProcessingOutputNumber(self.COMMON, tr("Species in common")))
        self.addOutput(QgsProcessingOutputNumber(self.SPEARMAN, tr("Median rank correlation of scores")))
        self.addOutput(QgsProcessingOutputNumber(self.JACCARD, tr("Mean Jaccard similarity")))
        self.addOutput(QgsProcessingOutputNumber(self.SORENSEN, tr("Mean Sørensen similarity")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Compare, then hand over the layers."""
        first, second, out = (Path(self.parameterAsString(parameters, name, context))
                              for name in (self.FIRST, self.SECOND, self.OUTPUT))
        answer = self.run_engine("compare", CompareRequest(first, second, out, written_language()), feedback)
        if answer is None:
            return {}
        areas = {self.PAGE: answer["page"], self.COVERAGE: str(out / COVERAGE_TABLE)} if "page" in answer else {}
        found = answer.get("comparison")
        if not found:  # areas or grids differ: there is no cell to compare
            return {self.OUTPUT: str(out), **areas}
        if self.parameterAsBoolean(parameters, self.LOAD, context):
            self._load(out, context)
        return {self.OUTPUT: str(out), **areas, self.TABLE: str(out / TABLE), self.DIFFERENCES: str(out / DIFFERENCES),
                self.COMMON: found["common"], self.SPEARMAN: found["median_spearman"],
                self.JACCARD: found["jaccard"], self.SORENSEN: found["sorensen"]}

    def _load(self, folder: Path, context: QgsProcessingContext) -> None:
        try:
            layers = comparison_layers(folder)
        except LayerProblem as problem:
            raise QgsProcessingException(str(problem)) from problem
        for layer in layers:
            context.temporaryLayerStore().addMapLayer(layer)
            details = QgsProcessingContext.LayerDetails(layer.name(), self.project, "")
            details.forceName = True
            context.addLayerToLoadOnCompletion(layer.id(), details)
