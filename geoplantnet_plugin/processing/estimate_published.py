"""``geoplantnet:estimatepublished``: the terms of published maps, and what an area would download of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)

from ..bridge.events import Said
from ..common.jobs import PublishedOptions, TermsRequest
from ..i18n import tr
from .base import Values
from .published import PublishedAlgorithm


class EstimatePublished(PublishedAlgorithm):
    """Downloads the catalogue and a sample of headers, and these only after consent."""

    ID = "estimatepublished"

    TERMS = "TERMS"
    ACCEPTED = "ACCEPTED"
    REQUESTS = "REQUESTS"
    MEGABYTES = "MEGABYTES"
    MINUTES = "MINUTES"
    TAXA = "TAXA"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Terms and size of published maps")

    def help(self) -> str:
        """Return the translated help text."""
        return tr(
            "Shows the terms of use of GeoPl@ntNet's published maps and, once they are accepted, what an assessment of "
            "the area would download: requests, megabytes, minutes. For that the catalogue and the headers of a few "
            "maps are read.\n\n"
            "This is an unofficial client, made and endorsed by neither GeoPl@ntNet nor Pl@ntNet.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_area()
        self._add_grid()
        self._add_published()
        self.addOutput(QgsProcessingOutputString(self.TERMS, tr("Terms of use")))
        self.addOutput(QgsProcessingOutputString(self.ACCEPTED, tr("Accepted on")))
        self.addOutput(QgsProcessingOutputNumber(self.TAXA, tr("Number of species")))
        self.addOutput(QgsProcessingOutputNumber(self.REQUESTS, tr("Number of requests")))
        self.addOutput(QgsProcessingOutputNumber(self.MEGABYTES, tr("Megabytes to download")))
        self.addOutput(QgsProcessingOutputNumber(self.MINUTES, tr("Minutes of download")))

    def _source_options(self, parameters: Values, context: QgsProcessingContext) -> PublishedOptions:
        return self.published_options(parameters, context)

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Resolve area and key on the main thread."""
        self._key = self.published_secrets(parameters, context)
        return super().prepareAlgorithm(parameters, context, feedback)

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Show the terms, then estimate if they are accepted."""
        with tempfile.TemporaryDirectory(prefix="geoplantnet-") as temporary:
            folder = Path(temporary)
            area = self._area_file(parameters, context, folder)
            job = self._job(parameters, context, area, folder)
            terms_job = TermsRequest(job.source.source_url, job.source.accept_terms)
            told = self.run_engine("published_terms", terms_job, feedback)
            if told is None:
                return {}
            terms = Said("message", "published_terms", told["params"]).text
            feedback.pushInfo(terms)
            if not told["accepted"]:
                feedback.pushWarning(tr("The terms have not been accepted yet: tick the box to accept them and to "
                                        "see what would be downloaded."))
                return {self.TERMS: terms, self.ACCEPTED: ""}
            found = self.run_engine("published_estimate", job, feedback, self._key)
        if found is None:
            return {}
        cost = found["estimate"]
        feedback.pushInfo(tr("{taxa} species, {maps} of {all} maps not cached: about {requests} requests, {size} MB, "
                             "{minutes} minutes.").format(
            taxa=cost["taxa"], maps=cost["maps"], all=cost["all_maps"], requests=cost["requests"],
            size=f"{cost['megabytes']:.1f}", minutes=f"{cost['minutes']:.1f}"))
        if cost["megabytes"] > found["limit_megabytes"]:
            feedback.pushWarning(tr("This is more than the limit of {limit} MB: an assessment would refuse it. Choose "
                                    "a smaller area or fewer species.").format(limit=round(found["limit_megabytes"])))
        return {self.TERMS: terms, self.ACCEPTED: told["accepted"], self.TAXA: cost["taxa"],
                self.REQUESTS: cost["requests"], self.MEGABYTES: cost["megabytes"], self.MINUTES: cost["minutes"]}
