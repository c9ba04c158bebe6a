"""``geoplantnet:checkfit``: before an assessment, whether model, predictors and site go together."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)

from ..bridge.fit import SiteFit, read_fit
from ..i18n import tr
from .base import Values
from .site import SiteAlgorithm


class CheckFit(SiteAlgorithm):
    """Takes the parameters of an assessment that say where and from what."""

    ID = "checkfit"

    CELLS = "CELLS"
    FIT = "FIT"
    OUTSIDE = "OUTSIDE"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Check a model for an area")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Looks at an area before it is assessed: which band gives each of the model's predictors and whether its "
            "values can be right, how many of the cells lie outside the conditions the model was trained on (from a "
            "sample of up to 2,000 cells), and of how many of the model's species the status is known. Nothing is "
            "written.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self._add_model()
        self._add_grid()
        self.addOutput(QgsProcessingOutputNumber(self.CELLS, tr("Number of cells")))
        self.addOutput(QgsProcessingOutputNumber(self.OUTSIDE, tr("Cells outside the model's domain (%)")))
        self.addOutput(QgsProcessingOutputString(self.FIT, tr("All findings (JSON)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask the engine and say what it found."""
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            folder = Path(temporary)
            area = self._area_file(parameters, context, folder)
            values = self.run_engine("check_fit", self._job(parameters, context, area, folder), feedback)
        if values is None:
            return {}
        fit = read_fit(values)
        _tell(fit, feedback)
        return {self.CELLS: fit.cells, self.FIT: json.dumps(values),
                **({} if fit.outside is None else {self.OUTSIDE: 100 * fit.outside})}


def _tell(fit: SiteFit, feedback: QgsProcessingFeedback) -> None:
    for light in fit.lights:
        feedback.pushInfo(f"{light.mark} {light.predictor}: {light.text}")
    for concern in fit.concerns():
        feedback.pushWarning(concern)
