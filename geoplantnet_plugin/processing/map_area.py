"""``geoplantnet:maparea``: an area too large for one assessment, tile by tile, opened as one."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingParameterNumber

from ..common.jobs import AssessJob, MapJob
from ..i18n import tr
from .assess import Assess
from .base import Values


class MapArea(Assess):
    """Runs the engine's job `map` with the parameters of an assessment."""

    ID = "maparea"
    JOB = "map"

    SIDE = "SIDE"
    WORKERS = "WORKERS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Map a large area in tiles")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Assesses an area that is too large for one assessment, such as a canton or a country: it is cut into "
            "square tiles, each an assessment of its own that several processes make beside each other. The whole "
            "opens as one: its layers, its coverage table, the cell at a point and the coverage of any part of it.\n\n"
            "Run it again with the same folder after a stop, or when predictors have changed: only what is missing or "
            "changed is made.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare the parameters of an assessment, and those of the tiles."""
        super().initAlgorithm(configuration)
        number = QgsProcessingParameterNumber
        self.add(number(self.SIDE, tr("Side of a tile (km)"), number.Type.Double, 25.0, minValue=0.1),
                 tr("A multiple of the cell size. Smaller tiles need less memory and are sooner made again."))
        self.add(number(self.WORKERS, tr("Processes at once"), number.Type.Integer, 1, minValue=1),
                 tr("Each needs the memory of one assessment."))

    def _job(self, parameters: Values, context: QgsProcessingContext, area: Path, out: Path) -> MapJob:
        job = super()._job(parameters, context, area, out)
        side = self.parameterAsDouble(parameters, self.SIDE, context)
        return MapJob(**{field.name: getattr(job, field.name) for field in fields(AssessJob)},
                      tiles=f"{1000 * side:g}m", workers=self.parameterAsInt(parameters, self.WORKERS, context))
