"""``geoplantnet:namepart``: a part of an assessed area gets a name, and is kept with the assessment."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ..common.jobs import PartsJob
from ..i18n import tr
from .area import write_source
from .base import Values
from .engine_algorithm import EngineAlgorithm


class NamePart(EngineAlgorithm):
    """The engine computes the part's figures; the report made next tells of it."""

    ID = "namepart"

    FOLDER = "FOLDER"
    POLYGONS = "POLYGONS"
    NAME = "NAME"
    REMOVE = "REMOVE"
    PARTS = "PARTS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Name a part of an assessed area")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Keeps polygons inside the area of an assessment as a named part: coverage and the mean of every indicator "
            "over its cells, in drawn_parts.gpkg and coverage_by_part.csv in the assessment's folder. The report made "
            "next has a section on each part.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self.add(QgsProcessingParameterFile(self.FOLDER, tr("Assessment folder"),
                                            QgsProcessingParameterFile.Behavior.Folder),
                 tr("The folder of a finished assessment."))
        self.add(QgsProcessingParameterFeatureSource(
            self.POLYGONS, tr("Polygons of the part"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True),
            tr("All of them together are the part."))
        self.add(QgsProcessingParameterString(self.NAME, tr("Name of the part"), optional=True),
                 tr("One of that name is replaced."))
        self.add(QgsProcessingParameterString(self.REMOVE, tr("Part to keep no more"), optional=True),
                 tr("The name of a part that was kept before."))
        self.addOutput(QgsProcessingOutputNumber(self.PARTS, tr("Number of parts that are kept")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Write the polygons where the engine can read them, and let it keep them."""
        source = self.parameterAsSource(parameters, self.POLYGONS, context)
        remove = self.parameterAsString(parameters, self.REMOVE, context)
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as folder:
            polygons = Path(folder) / "part.gpkg"
            if source is not None:
                write_source(source, polygons)
            values = self.run_engine("parts", PartsJob(
                Path(self.parameterAsString(parameters, self.FOLDER, context)), str(polygons) if source else "",
                self.parameterAsString(parameters, self.NAME, context), (remove,) if remove else ()), feedback)
        return {} if values is None else {self.PARTS: len(values["parts"])}
