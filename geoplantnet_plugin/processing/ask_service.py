"""``geoplantnet:askservice``: what a service offers, and what assessing an area there would take."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)

from ..common.jobs import ServiceJob, ServiceOptions
from ..geometry import shares_inside
from ..i18n import tr
from .base import Values
from .service import ServiceAlgorithm


class AskService(ServiceAlgorithm):
    """Asks for the offers first; the outline is sent only when there is a model to estimate with."""

    ID = "askservice"

    OFFERS = "OFFERS"
    CELLS = "CELLS"
    TEXT = "TEXT"
    PROBLEM = "PROBLEM"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Ask a service")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Lists the models and the cubes of predictors that a service offers and, where the model is clear, "
                  "says how long assessing the area there would take and how much would be downloaded. Nothing is "
                  "computed. "
                  "For the estimate the outline of the area is sent to the service, and nothing else.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self._add_grid()
        self._add_service()
        self.addOutput(QgsProcessingOutputString(self.OFFERS, tr("Offers (JSON)")))
        self.addOutput(QgsProcessingOutputString(self.TEXT, tr("Estimate")))
        self.addOutput(QgsProcessingOutputString(self.PROBLEM, tr("Why there is no estimate")))
        self.addOutput(QgsProcessingOutputNumber(self.CELLS, tr("Number of cells")))

    def _needs_model(self, parameters: Values, context: QgsProcessingContext) -> bool:
        return False

    def _source_options(self, parameters: Values, context: QgsProcessingContext) -> ServiceOptions:
        return self.service_options(parameters, context)

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Take the token on the main thread."""
        self._token = self.service_secrets(parameters, context)
        return super().prepareAlgorithm(parameters, context, feedback)

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask for the offers, then for the estimate where it is clear with what."""
        options = self.service_options(parameters, context)
        offers = self.run_engine("service_offers", ServiceJob(options.service, language=options.language), feedback,
                                 self._token)
        if offers is None:
            return {}
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            folder = Path(temporary)
            area = self._area_file(parameters, context, folder)
            for feature, share in zip(offers["models"], shares_inside(area, offers["models"])):
                feature["properties"]["knows"] = share
                feedback.pushInfo(f"{feature['id']}: {feature['properties'].get('title', '')}")
            told = {self.OFFERS: json.dumps({"models": offers["models"], "cubes": offers["cubes"]})}
            if not options.model and len(offers["models"]) != 1:
                feedback.pushInfo(tr("Name one of these models to see what an assessment takes."))
                return told
            try:
                found = self.run_engine("service_estimate", self._job(parameters, context, area, folder), feedback,
                                        self._token)
            except QgsProcessingException as refused:
                feedback.pushWarning(str(refused))
                return {**told, self.PROBLEM: str(refused)}
        if found is None:
            return told
        feedback.pushInfo(found["said"])
        return {**told, self.TEXT: found["said"], self.CELLS: found["estimate"]["cells"]}
