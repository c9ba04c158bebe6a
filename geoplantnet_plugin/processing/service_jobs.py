"""``geoplantnet:servicejobs``, ``fetchservicejob``, ``cancelservicejob``: what became of jobs on a service."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ..common.jobs import ServiceJob
from ..i18n import language, tr
from ..layers.manifest import NotAnAssessment, read_assessment
from ..layers.project import ProjectNotWritten, write_project
from .base import Values
from .engine_algorithm import EngineAlgorithm
from .results import load_on_completion
from .service import ServiceAddress


class _JobAlgorithm(ServiceAddress, EngineAlgorithm):
    """Asks a service about one's own jobs."""

    WHICH = "JOB"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        self._add_address()

    def _add_job(self) -> None:
        self.add(QgsProcessingParameterString(self.WHICH, tr("Job")),
                 tr("Its id, as “Jobs on a service” lists it, or its address."))

    def prepareAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> bool:
        """Take the token, on the main thread."""
        self._token = self.service_secrets(parameters, context)
        return super().prepareAlgorithm(parameters, context, feedback)

    def _ask(self, name: str, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback,
             out: Path = Path()) -> Values | None:
        job = ServiceJob(self.parameterAsString(parameters, self.SERVICE, context).strip(),
                         str(parameters.get(self.WHICH) or ""), out, language())
        return self.run_engine(name, job, feedback, self._token)


class ServiceJobs(_JobAlgorithm):
    """Lists one's jobs."""

    ID = "servicejobs"

    JOBS = "JOBS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Jobs on a service")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Lists your jobs on a service, newest first: those that wait, run, are finished or failed. Jobs run "
                  "on when QGIS is closed; “Fetch a job of a service” brings what they made.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputString(self.JOBS, tr("Jobs (JSON)")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Ask for the list."""
        found = self._ask("service_jobs", parameters, context, feedback)
        if found is None:
            return {}
        for job in found["jobs"]:
            feedback.pushInfo(f"{job['jobID']}  {job['status']}  {job.get('message') or ''}")
        return {self.JOBS: json.dumps(found["jobs"])}


class FetchServiceJob(_JobAlgorithm):
    """Brings the folder of a finished job."""

    ID = "fetchservicejob"

    OUTPUT = "OUTPUT"
    LOAD = "LOAD"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Fetch a job of a service")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Downloads what a finished job made into a folder, which then opens like any other assessment. A "
                  "download that broke off goes on where it stopped when it is started again with the same folder.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self._add_job()
        self.add(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Assessment folder")),
                 tr("A new or empty folder, or one with a part of the same job."))
        self.add(QgsProcessingParameterBoolean(self.LOAD, tr("Open the assessment when it is finished"), True),
                 tr("Adds the layers, grouped and styled, to the project."))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Fetch the folder, write its project and hand over the layers."""
        out = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        if self._ask("service_fetch", parameters, context, feedback, out) is None:
            return {}
        try:
            assessment = read_assessment(out)
            write_project(assessment)
        except (NotAnAssessment, ProjectNotWritten) as error:
            raise QgsProcessingException(str(error)) from error
        if self.parameterAsBoolean(parameters, self.LOAD, context):
            load_on_completion(assessment, context, self.project)
        return {self.OUTPUT: str(out)}


class CancelServiceJob(_JobAlgorithm):
    """Stops a job, or deletes what it made."""

    ID = "cancelservicejob"

    STATUS = "STATUS"

    def title(self) -> str:
        """Return the translated title."""
        return tr("Cancel a job of a service")

    def help(self) -> str:
        """Return the translated help text."""
        return tr("Stops a job that waits or runs on a service. Of a finished one it deletes what it made there; what "
                  "was fetched stays.")

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Declare parameters and outputs."""
        super().initAlgorithm(configuration)
        self._add_job()
        self.addOutput(QgsProcessingOutputString(self.STATUS, tr("State of the job")))

    def processAlgorithm(self, parameters: Values, context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> Values:
        """Dismiss it."""
        found = self._ask("service_cancel", parameters, context, feedback)
        if found is None:
            return {}
        feedback.pushInfo(found["status"].get("message") or found["status"]["status"])
        return {self.STATUS: found["status"]["status"]}
