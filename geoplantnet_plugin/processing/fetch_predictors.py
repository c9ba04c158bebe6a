"""``geoplantnet:fetchpredictors``: predictors of an area from sources on the net, after consent to size and terms."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ..common.jobs import FetchJob
from ..i18n import tr
from .base import Values
from .site import SiteAlgorithm


class FetchPredictors(SiteAlgorithm):
    """Downloads only the windows that the area needs, and nothing without consent."""

    ID = "fetchpredictors"

    WANTED = "SOURCES"
    START = "FROM"
    END = "TO"
    SEASON = "SEASON"
    CONSENT = "CONSENT"
    OUTPUT = "OUTPUT"
    REQUESTS = "REQUESTS"
    MEGABYTES = "MEGABYTES"
    MINUTES = "MINUTES"
    TERMS = "TERMS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Fetch predictors from the net")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Downloads what an area needs of Sentinel-2, Copernicus DEM, CHELSA, SoilGrids or ESA WorldCover, and "
            "only that: parts of files, never whole ones. First it says how many requests, megabytes and minutes that "
            "is and on which terms each source is given; it downloads when the box of consent is ticked. The rasters "
            "carry band names, units and whom to name; give their folder as “folder of predictor rasters”.\n\n"
            "Addresses are those of the sources' documentation and can be changed in the settings.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self.add(QgsProcessingParameterString(self.WANTED, tr("Sources"), optional=True),
                 tr("sentinel2, copernicus_dem, chelsa, soilgrids, worldcover or your own, separated by spaces; after "
                    "a colon only some variables, as in chelsa:bio1,bio12. Blank: whatever the model wants."))
        self.add(QgsProcessingParameterString(self.MODEL, tr("Only what this model wants"), optional=True),
                 tr("Name of a model, or path of a model package."))
        for name, text in ((self.START, tr("Satellite images from (year-month-day)")),
                           (self.END, tr("Satellite images to (year-month-day)"))):
            self.add(QgsProcessingParameterString(name, text, optional=True), tr("Blank: last year."))
        self.add(QgsProcessingParameterString(self.SEASON, tr("Months of satellite images"), optional=True),
                 tr("First and last month, such as 06-08. Blank: summer."))
        self._add_grid()
        self.add(QgsProcessingParameterBoolean(self.CONSENT, tr("I agree to size and terms: download"), False),
                 tr("Without it only size and terms are told; for that headers of files and lists of images are read."))
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder for the rasters")),
                 tr("Rasters that are there already are kept; a cancelled download continues."))
        for name, text in ((self.REQUESTS, tr("Number of requests")), (self.MEGABYTES, tr("Megabytes to download")),
                           (self.MINUTES, tr("Minutes of download"))):
            self.addOutput(QgsProcessingOutputNumber(name, text))
        self.addOutput(QgsProcessingOutputString(self.TERMS, tr("Terms of the sources")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Tell size and terms, then download what was agreed to."""
        folder = self.parameterAsString(parameters, self.OUTPUT, context)
        if not folder:
            raise QgsProcessingException(tr("No folder: choose where the rasters are written."))
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            job = self._fetch_job(parameters, context, self._area_file(parameters, context, Path(temporary)), folder)
            told = self.run_engine("fetch_estimate", job, feedback)
            if told is None:
                return {}
            _tell(told, feedback)
            if not self.parameterAsBoolean(parameters, self.CONSENT, context):
                feedback.pushWarning(tr("Nothing was downloaded: tick the box of consent to download this."))
                return self._results(told, folder)
            told = self.run_engine("fetch", replace(job, accepted=True), feedback)
        if told is None:
            return {}
        for path in told["files"]:
            feedback.pushInfo(path)
        return self._results(told, folder)

    def _fetch_job(self, parameters: Values, context: QgsProcessingContext, area: Path, folder: str) -> FetchJob:
        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context).strip()

        return FetchJob(
            str(area), Path(folder), tuple(text(self.WANTED).split()), text(self.MODEL), text(self.START),
            text(self.END), text(self.SEASON), self._resolution(parameters, context),
            self._crs(parameters, self.GRID_CRS, context))

    def _results(self, told: dict[str, Any], folder: str) -> Values:
        cost = told["estimate"]
        return {self.OUTPUT: folder, self.REQUESTS: cost["requests"], self.MEGABYTES: cost["megabytes"],
                self.MINUTES: cost["minutes"], self.TERMS: "\n".join(_terms(told))}


def _terms(told: dict[str, Any]) -> list[str]:
    return [f"{entry['title']}: {entry['attribution']} ({entry['licence']}, {entry['terms']})"
            for entry in told.get("terms", ())]


def _tell(told: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
    for line in _terms(told):
        feedback.pushInfo(line)
    cost = told["estimate"]
    feedback.pushInfo(tr("About {requests} requests, {size} MB, {minutes} minutes.").format(
        requests=cost["requests"], size=f"{cost['megabytes']:.1f}", minutes=f"{cost['minutes']:.1f}"))
